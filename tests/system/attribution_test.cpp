// K NOPs at a named point raise exactly the layer that the point lies in by K, and no other: the
// proof that what a layer is said to cost is spent there.

#include <gtest/gtest.h>

#include <map>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// Every timer layer of a run, with all that is told of it, by delivery and name.
std::map<std::string, json> layers_of(const json& run) {
    std::map<std::string, json> layers;
    for (const json& one : run.at("results")) {
        if (one.at("workload") == "timer" && one.at("params").at("stamps") == 1) {
            layers[one.at("delivery").get<std::string>() + " " +
                   one.at("layer").get<std::string>()] = one;
        }
    }
    return layers;
}

const std::map<std::string, json>& undisturbed() {
    static const std::map<std::string, json> layers = [] {
        const ScratchFolder scratch;
        EXPECT_EQ(run_tool(scratch / "out", "--only timer --set count=100").status, 0);
        return layers_of(results(scratch / "out"));
    }();
    return layers;
}

struct Point {
    const char* name;
    std::map<std::string, bool> layers;  ///< that it lies in
};

const Point kPoints[] = {
    {"HYP_ENTRY",
     {{"injected hyp-vector..hyp-acknowledged", true}, {"injected deadline..application", true}}},
    {"HYP_EXIT",
     {{"injected list-register..guest-return", true}, {"injected deadline..application", true}}},
    {"GUEST_ENTRY",
     {{"native guest-vector..guest-acknowledged", true},
      {"native deadline..application", true},
      {"injected guest-vector..guest-acknowledged", true},
      {"injected deadline..application", true}}},
};

class Attribution : public testing::TestWithParam<int> {};

TEST_P(Attribution, NopsRaiseTheirLayerByTheirNumberAndNoOther) {
    const int nops = GetParam();
    for (const Point& point : kPoints) {
        const ScratchFolder scratch;
        const std::string name = std::string("-") + point.name + "-" + std::to_string(nops);
        const Finished finished =
            run_tool(scratch / "out", "--only timer --set count=100 --image " + image(name));
        const auto disturbed = layers_of(results(scratch / "out"));
        ASSERT_EQ(disturbed.size(), undisturbed().size()) << finished.output;
        ASSERT_EQ(disturbed.size(), 16U);  // 5 natively, 9 as a guest, missed periods of both
        for (const auto& [layer, before] : undisturbed()) {
            const double raised = point.layers.contains(layer) ? nops : 0;
            for (const char* const what : {"min", "mean", "max"}) {
                EXPECT_EQ(disturbed.at(layer).at(what).get<double>(),
                          before.at(what).get<double>() + raised)
                    << what << " of " << layer << " with " << nops << " NOPs at " << point.name;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Nops, Attribution, testing::Values(1, 7, 100),
                         [](const auto& nops) { return std::to_string(nops.param); });

}  // namespace
}  // namespace hm::test
