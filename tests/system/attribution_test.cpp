// K NOPs at a named point raise exactly the layers that the point lies in by K, and no other: the
// proof that what a layer is said to cost is spent there. Each layer of each delivery has a point.

#include <gtest/gtest.h>

#include <map>
#include <string_view>

#include "tests/system/points.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

constexpr std::string_view kEndToEnd = "deadline..application";
constexpr std::string_view kSwitchTotal = "hyp-vector..guest-vector";
constexpr std::string_view kWait = "hyp-vector..scheduled";

/// Where NOPs lie. Deliveries by their letters: native, injected, injected-Soft, direct, sHared,
/// boosted.
struct Place {
    std::string_view point;
    std::string_view deliveries;
    std::string_view layer;
};

constexpr Place kPlaces[] = {
    {"HYP_VECTOR", "iSHb", "deadline..hyp-vector"},
    {"HYP_VECTOR", "S", "guest-acknowledged..maintenance-vector"},
    {"HYP_ENTRY", "iSHb", "hyp-vector..hyp-acknowledged"},
    {"HYP_ENTRY", "Hb", kWait},
    {"HYP_ENTRY", "S", "maintenance-vector..maintenance-return"},
    {"HYP_INJECT", "iSHb", "hyp-acknowledged..list-register"},
    {"HYP_EXIT", "iSHb", "list-register..guest-return"},
    {"HYP_EXIT", "S", "maintenance-vector..maintenance-return"},
    {"HYP_RETURN", "iSHb", "guest-return..guest-vector"},
    {"HYP_RETURN", "S", "maintenance-return..handler-done"},
    {"HYP_SWITCH_OUT", "Hb", "scheduled..switched-out"},
    {"HYP_SWITCH_IN", "Hb", "switched-out..switched-in"},
    {"HYP_SWITCHED", "Hb", "switched-in..hyp-acknowledged"},
    {"MAINTENANCE", "S", "maintenance-vector..maintenance-return"},
    {"GUEST_VECTOR", "nd", "deadline..guest-vector"},
    {"GUEST_VECTOR", "iSHb", "guest-return..guest-vector"},
    {"GUEST_ENTRY", "niSdHb", "guest-vector..guest-acknowledged"},
    {"GUEST_HANDLER", "nidHb", "guest-acknowledged..handler-done"},
    {"GUEST_HANDLER", "S", "guest-acknowledged..maintenance-vector"},
    {"GUEST_ENDED", "nidHb", "guest-acknowledged..handler-done"},
    {"GUEST_ENDED", "S", "maintenance-return..handler-done"},
    {"GUEST_EXIT", "niSdHb", "handler-done..application"},
};

/// In the order of HYPMETER_POINTS (toolchain/image.cmake), which numbers them from 1.
constexpr std::string_view kPoints[] = {
    "HYP_VECTOR",     "HYP_ENTRY",     "HYP_INJECT",   "HYP_EXIT",    "HYP_RETURN",
    "HYP_SWITCH_OUT", "HYP_SWITCH_IN", "HYP_SWITCHED", "MAINTENANCE", "GUEST_VECTOR",
    "GUEST_ENTRY",    "GUEST_HANDLER", "GUEST_ENDED",  "GUEST_EXIT"};
static_assert(std::size(kPoints) == kTimerPoints);

char letter_of(const std::string& delivery) {
    const std::map<std::string, char> letters{{"native", 'n'},        {"injected", 'i'},
                                              {"injected-soft", 'S'}, {"direct", 'd'},
                                              {"shared", 'H'},        {"boosted", 'b'}};
    return letters.at(delivery);
}

/// One layer of one stamped row.
struct Cell {
    std::string row;
    char delivery;
    std::string layer;
    auto operator<=>(const Cell&) const = default;
};
using Cells = std::map<Cell, json>;

void add_cells(const json& run, Cells& cells) {
    for (const json& one : run.at("results")) {
        const json& params = one.at("params");
        const std::string layer = one.at("layer");
        if (one.at("workload") != "timer" || params.at("stamps") != 1 ||
            layer.find("..") == std::string::npos) {
            continue;
        }
        const std::string delivery = one.at("delivery");
        cells[{delivery + " " + params.dump(), letter_of(delivery), layer}] = one;
    }
}

/// NOPs exceed budgets; every other verdict holds.
void expect_nothing_but_budgets(const json& run) {
    for (const json& one : run.at("verdicts")) {
        const std::string name = one.at("name");
        const bool may_fail = name.starts_with("budget:") || name.starts_with("native vector");
        EXPECT_TRUE(one.at("ok").get<bool>() || may_fail) << one;
    }
}

/// A guest that has its core to itself, delivered in all ways, and one that shares its core.
Cells measure(const std::string& options) {
    Cells cells;
    for (const char* const settings : {"load=idle --set count=40 --set spins=40",
                                       "load=vm-compute --set shares=8 --set slice=1000"}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(
            scratch / "out", std::string("--only timer --set ") + settings + " " + options);
        EXPECT_LE(finished.status, 1) << finished.output;
        const json run = results(scratch / "out");
        expect_nothing_but_budgets(run);
        add_cells(run, cells);
    }
    return cells;
}

const Cells& undisturbed() {
    static const Cells cells = measure("--image " + image());
    return cells;
}

using Nops = std::map<std::string_view, int>;  ///< instructions by point

bool lies_in(const Place& place, const Cell& cell) {
    return place.deliveries.find(cell.delivery) != std::string_view::npos &&
           place.layer == cell.layer;
}

/// By how much `cell` has to be longer.
int raised(const Nops& nops, const Cell& cell) {
    int sum = 0;
    for (const Place& place : kPlaces) {
        if (!nops.contains(place.point)) {
            continue;
        }
        Cell part = cell;
        part.layer = place.layer;
        const bool whole = cell.layer == kEndToEnd;
        const bool total = cell.layer == kSwitchTotal && place.layer != "deadline..hyp-vector" &&
                           place.layer != "hyp-vector..hyp-acknowledged" &&
                           !place.layer.starts_with("guest-vector") &&
                           !place.layer.starts_with("guest-acknowledged") &&
                           !place.layer.starts_with("handler-done");
        if (lies_in(place, cell) || ((whole || total) && lies_in(place, part))) {
            sum += nops.at(place.point);
        }
    }
    return sum;
}

/// Events of a shared core differ in whether a switch came before them, and a wait for a slice in
/// where in the slice it began: what mixes them tells nothing here.
bool tells(const Cell& cell) {
    // Where a deadline finds a guest that calls depends on what it was doing before.
    if (cell.row.find("\"calls\"") != std::string::npos) {
        return false;
    }
    const bool shares = cell.delivery == 'H' || cell.delivery == 'b';
    const bool waits = cell.delivery == 'H' && (cell.layer == kWait || cell.layer == kSwitchTotal);
    return !(shares && cell.layer == kEndToEnd) && !waits;
}

/// Every point of the image takes one instruction at least.
void expect_raised(Nops nops) {
    PointInstructions instructions;
    for (int i = 0; i < kTimerPoints; ++i) {
        instructions[i + 1] = nops.emplace(kPoints[i], 1).first->second;
    }
    const ScratchFolder scratch;
    const Cells disturbed =
        measure("--image " + image_with_points(scratch / "image.elf", instructions));
    ASSERT_EQ(disturbed.size(), undisturbed().size());
    std::size_t compared = 0;
    for (const auto& [cell, before] : undisturbed()) {
        if (!tells(cell)) {
            continue;
        }
        ASSERT_TRUE(disturbed.contains(cell)) << cell.row << " " << cell.layer;
        const json& after = disturbed.at(cell);
        EXPECT_EQ(after.at("count"), before.at("count"));
        for (const char* const what : {"min", "mean", "max"}) {
            EXPECT_NEAR(after.at(what).get<double>(),
                        before.at(what).get<double>() + raised(nops, cell), 0.0015)
                << what << " of " << cell.row << " " << cell.layer;
        }
        ++compared;
    }
    EXPECT_GT(compared, 100U);
}

class Attribution : public testing::TestWithParam<std::string_view> {};

TEST_P(Attribution, NopsRaiseTheirLayersByTheirNumberAndNoOther) {
    expect_raised({{GetParam(), 8}});
}

INSTANTIATE_TEST_SUITE_P(Nops, Attribution, testing::ValuesIn(kPoints),
                         [](const auto& point) { return std::string(point.param); });

TEST(AttributionTogether, OneToFourteenInstructionsAtOnceAreToldApart) {
    Nops nops;
    for (const std::string_view point : kPoints) {
        nops[point] = static_cast<int>(nops.size()) + 1;
    }
    expect_raised(nops);
}

TEST(AttributionTogether, FallingNumbersAtOnceAreToldApart) {
    Nops nops;
    for (const std::string_view point : kPoints) {
        nops[point] = kMostInstructions - static_cast<int>(nops.size());
    }
    expect_raised(nops);
}

TEST(AttributionTogether, EveryLayerOfEveryDeliveryHasAPoint) {
    EXPECT_GT(undisturbed().size(), 100U);
    for (const auto& [cell, before] : undisturbed()) {
        const bool part = cell.layer != kEndToEnd && cell.layer != kSwitchTotal;
        bool found = false;
        for (const Place& place : kPlaces) {
            found = found || lies_in(place, cell);
        }
        EXPECT_EQ(found, part) << cell.row << " " << cell.layer;
    }
}

}  // namespace
}  // namespace hm::test
