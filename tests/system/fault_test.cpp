// An interrupt that is lost or comes twice fails its row, whichever the delivery: proved with an
// image in which just that happens, to the guest's fifth or to every fifth that HYP injects.

#include <gtest/gtest.h>

#include "tests/system/points.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// What became of each scenario of timer rows under `load`, with a fault at the fifth interrupt.
std::vector<json> scenarios(const std::string& fault, const std::string& load) {
    const ScratchFolder scratch;
    const std::string image_file = image_with_fault(scratch / "image.elf", fault, 5);
    const Finished finished = run_tool(scratch / "out",
                                       "--only timer --set count=20 --set spins=20 --set shares=20 "
                                       "--set slice=1000 --set watchdog=5000000 --set load=" +
                                           load + " --image " + image_file);
    EXPECT_EQ(finished.status, 1) << finished.output;
    std::vector<json> found;
    const json run = results(scratch / "out");
    for (const json& one : run.at("verdicts")) {
        if (one.at("name").get<std::string>().starts_with("scenario timer")) {
            found.push_back(one);
        }
    }
    return found;
}

/// All of them failed, for a reason in which one of `reasons` stands.
void expect_found(const std::vector<json>& scenarios, std::size_t least,
                  const std::vector<std::string>& reasons) {
    EXPECT_GE(scenarios.size(), least);
    for (const json& one : scenarios) {
        EXPECT_FALSE(one.at("ok").get<bool>()) << one;
        const std::string detail = one.at("detail");
        bool known = false;
        for (const std::string& reason : reasons) {
            known = known || detail.find(reason) != std::string::npos;
        }
        EXPECT_TRUE(known) << one;
    }
}

TEST(LostInterrupt, OfTheGuestsTimerIsFoundInEveryRow) {
    expect_found(scenarios("fault_guest_loses", "idle"), 18, {"watchdog"});
    expect_found(scenarios("fault_guest_loses", "vm-compute"), 8, {"watchdog"});
}

TEST(LostInterrupt, ThatComesTwiceIsFoundInEveryRow) {
    const std::vector<std::string> reasons{"unexpected exception", "woke before its deadline"};
    expect_found(scenarios("fault_guest_repeats", "idle"), 18, reasons);
    expect_found(scenarios("fault_guest_repeats", "vm-compute"), 8, reasons);
}

TEST(LostInterrupt, OfHypIsFoundInEveryRowThatGoesThroughIt) {
    const std::vector<json> idle = scenarios("fault_hyp_loses", "idle");
    EXPECT_EQ(idle.size(), 24U);
    for (const json& one : idle) {
        const bool straight = one.at("name").get<std::string>().ends_with("/native") ||
                              one.at("name").get<std::string>().ends_with("/direct");
        EXPECT_EQ(one.at("ok").get<bool>(), straight) << one;
    }
}

}  // namespace
}  // namespace hm::test
