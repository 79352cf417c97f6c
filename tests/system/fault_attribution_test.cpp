// NOPs at a named point on the way of a page fault raise the layers that the point lies in by their
// number, and no other. Each point has a number of its own, rising in one run and falling in
// another, so that none can stand for another.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/system/points.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// Where the NOPs of a point lie: behind a stamp, or before it.
struct Place {
    std::string_view point;
    std::string_view behind;
    std::string_view before;
};

/// In the order of HYPMETER_POINTS (toolchain/image.cmake), after the points of interrupts.
constexpr Place kPlaces[] = {
    {"HYP_FAULT_VECTOR", "", "hyp-vector"},
    {"HYP_FAULT_ENTRY", "hyp-vector", ""},
    {"HYP_FAULT_HANDLER", "hyp-handler", ""},
    {"HYP_FAULT_WRITTEN", "hyp-written", ""},
    {"HYP_FAULT_MAINTAINED", "hyp-maintained", ""},
    {"HYP_FAULT_RETURN", "hyp-return", ""},
    {"GUEST_FAULT_VECTOR", "", "guest-vector"},
    {"GUEST_FAULT_ENTRY", "guest-vector", ""},
    {"GUEST_FAULT_HANDLER", "guest-handler", ""},
    {"GUEST_FAULT_WRITTEN", "guest-written", ""},
    {"GUEST_FAULT_MAINTAINED", "guest-maintained", ""},
    {"GUEST_FAULT_RETURN", "guest-return", ""},
};
static_assert(std::size(kPlaces) == kFaultPoints);
constexpr int kNumberOfFirst = kTimerPoints + 1;

struct Cell {
    std::string row;
    std::string layer;
    auto operator<=>(const Cell&) const = default;
};
using Cells = std::map<Cell, json>;

/// The stamped rows of all kinds of faults; NOPs exceed budgets, and every other verdict holds.
Cells measure(const std::string& options) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out",
                 "--only pagefault --set order=strided --set pages=32 --set rounds=3 " + options);
    EXPECT_LE(finished.status, 1) << finished.output;
    const json run = results(scratch / "out");
    for (const json& one : run.at("verdicts")) {
        const std::string name = one.at("name");
        EXPECT_TRUE(one.at("ok").get<bool>() || name.starts_with("budget:")) << one;
    }
    Cells cells;
    for (const json& one : run.at("results")) {
        const std::string layer = one.at("layer");
        if (one.at("workload") == "pagefault" && one.at("params").at("stamps") == 1 &&
            (layer == "fault" || layer.find("..") != std::string::npos)) {
            const std::string regime = one.at("regime");
            cells[{regime + " " + one.at("params").dump(), layer}] = one;
        }
    }
    return cells;
}

const Cells& undisturbed() {
    static const Cells cells = measure("--image " + image());
    return cells;
}

bool lies_in(const Place& place, const std::string& layer) {
    const std::size_t dots = layer.find("..");
    const std::string_view from = std::string_view(layer).substr(0, dots);
    const std::string_view to = std::string_view(layer).substr(dots + 2);
    return place.behind.empty() ? place.before == to : place.behind == from;
}

template <class NumberOf>
int raised(const Cell& cell, NumberOf number_of) {
    int sum = 0;
    for (const auto& [other, value] : undisturbed()) {
        const bool part = cell.layer == "fault" && other.row == cell.row && other.layer != "fault";
        for (std::size_t i = 0; i < std::size(kPlaces); ++i) {
            if ((other == cell || part) && other.layer != "fault" &&
                lies_in(kPlaces[i], other.layer)) {
                sum += number_of(static_cast<int>(i));
            }
        }
    }
    return sum;
}

/// `number_of` says how many instructions the point at that place of the table takes.
template <class NumberOf>
void expect_raised(NumberOf number_of) {
    PointInstructions instructions;
    for (int i = 0; i < kFaultPoints; ++i) {
        instructions[kNumberOfFirst + i] = number_of(i);
    }
    const ScratchFolder scratch;
    const Cells disturbed =
        measure("--image " + image_with_points(scratch / "image.elf", instructions));
    ASSERT_EQ(disturbed.size(), undisturbed().size());
    for (const auto& [cell, before] : undisturbed()) {
        ASSERT_TRUE(disturbed.contains(cell)) << cell.row << " " << cell.layer;
        const json& after = disturbed.at(cell);
        for (const char* const what : {"min", "max"}) {
            EXPECT_EQ(after.at(what).template get<double>(),
                      before.at(what).template get<double>() + raised(cell, number_of))
                << what << " of " << cell.row << " " << cell.layer;
        }
    }
}

TEST(FaultAttribution, RisingNumbersOfNopsAreToldApart) {
    expect_raised([](int place) { return 1 + place; });
}

TEST(FaultAttribution, FallingNumbersOfNopsAreToldApart) {
    expect_raised([](int place) { return kMostInstructions - place; });
}

TEST(FaultAttribution, EveryLayerOfEveryKindOfFaultHasAPoint) {
    std::set<std::string> kinds;
    for (const auto& [cell, value] : undisturbed()) {
        kinds.insert(cell.row);
        if (cell.layer != "fault") {
            EXPECT_GT(raised(cell, [](int) { return 1; }), 0) << cell.layer;
        }
    }
    EXPECT_EQ(kinds.size(), 5U);
}

TEST(FaultAttribution, LayersAddUpToTheWholeFault) {
    std::map<std::string, double> sums;
    for (const auto& [cell, value] : undisturbed()) {
        sums[cell.row] += (cell.layer == "fault" ? -1 : 1) * value.at("mean").get<double>();
    }
    for (const auto& [row, sum] : sums) {
        EXPECT_NEAR(sum, 0, 0.011) << row;
    }
}

}  // namespace
}  // namespace hm::test
