// Which rows may stand beside the paper's figures: those that differ from what it measured in
// nothing.

#include "host/report/paper.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "host/report/impact_table.hpp"
#include "tests/unit/host/judge/judged.hpp"

namespace hm::host::testing {
namespace {

using paper::Figure;
using Change = std::function<void(Row&)>;

constexpr std::uint64_t kPapersBytes = 268'435'456;

/// A machine whose figures mean something.
Results board_with(std::vector<Row> rows) {
    Results results;
    results.clock = "cycles";
    results.models_caches = true;
    results.models_tlb = true;
    results.ticks_hz = 1'700'000'000;
    results.rows = std::move(rows);
    return results;
}

Row row_of(const std::string& workload, const std::string& layer, double value) {
    Row row;
    row.workload = workload;
    row.regime = "native";
    row.delivery = "native";
    row.layer = layer;
    row.unit = "cycles";
    row.count = 120'000;
    row.min = value;
    row.mean = value;
    row.p95 = value;
    row.max = value;
    return row;
}

Row read_of(const std::string& order, double value) {
    Row row = row_of("chase", "load", value);
    row.params = {{"stage1", std::string("lpae-4K")}, {"order", order},
                  {"stride", std::uint64_t{64}},      {"bytes", kPapersBytes},
                  {"tlb", std::string("warm")},       {"laps", std::uint64_t{2}}};
    return row;
}

Row fault_of(double value) {
    Row row = row_of("pagefault", "fault", value);
    row.params = {{"faults", std::string("stage1")},
                  {"order", std::string("random")},
                  {"stamps", std::uint64_t{0}}};
    return row;
}

Row response_of(double value) {
    Row row = row_of("timer", "deadline..application", value);
    row.params = {{"wait", std::string("wfi")},
                  {"load", std::string("idle")},
                  {"period_us", std::uint64_t{30'000}},
                  {"count", std::uint64_t{120'000}},
                  {"stamps", std::uint64_t{0}}};
    return row;
}

Row as_guest(Row row, double value, const std::string& delivery = "injected") {
    row.regime = "nested";
    row.delivery = delivery;
    row.mean = value;
    row.p95 = value;
    row.max = value;
    return row;
}

std::size_t pairs_of(const Figure& figure, const Results& results) {
    return beside(figure, Grouped(results)).size();
}

Change word(const char* key, Value value) {
    return [=](Row& row) { row.params.set(key, value); };
}
Change field(std::string Row::*member, const char* value) {
    return [=](Row& row) { row.*member = value; };
}

/// Expects that `host` and `guest` stand beside `figure`, and no longer if one of them is changed
/// in one of these ways, or the machine lacks something.
void expect_strict(const Figure& figure, const Row& host, const Row& guest,
                   const std::vector<Change>& changes) {
    EXPECT_EQ(pairs_of(figure, board_with({host, guest})), 1U) << figure.name;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Row other_host = host;
        Row other_guest = guest;
        changes[i](other_host);
        changes[i](other_guest);
        EXPECT_EQ(pairs_of(figure, board_with({host, other_guest})), 0U)
            << figure.name << ": guest, change " << i;
        EXPECT_EQ(pairs_of(figure, board_with({other_host, guest})), 0U)
            << figure.name << ": host, change " << i;
        EXPECT_EQ(pairs_of(figure, board_with({other_host, other_guest})), 0U)
            << figure.name << ": both, change " << i;
    }
    for (const char* clock : {"instructions", "emulator", ""}) {
        Results results = board_with({host, guest});
        results.clock = clock;
        EXPECT_EQ(pairs_of(figure, results), 0U) << figure.name << ": clock " << clock;
    }
    Results results = board_with({host, guest});
    results.models_caches = false;
    EXPECT_EQ(pairs_of(figure, results), 0U) << figure.name << ": no caches";
}

const std::vector<Change> kOtherCells{
    field(&Row::workload, "parity"),        field(&Row::layer, "loop"),
    field(&Row::delivery, "direct"),        field(&Row::delivery, "shared"),
    field(&Row::regime, "stage2"),          field(&Row::stage2, "2M"),
    field(&Row::stage2, "4K-level2"),       word("stage1", std::string("lpae-2M")),
    word("stage1", std::string("short-1M"))};

std::vector<Change> with_other_cells(std::vector<Change> changes) {
    changes.insert(changes.end(), kOtherCells.begin(), kOtherCells.end());
    return changes;
}

TEST(HostPaper, ARandomReadIsThrashThrough256MegabytesOf4KilobytePages) {
    expect_strict(
        paper::kRandomRead, read_of("thrash", 200), as_guest(read_of("thrash", 0), 500),
        with_other_cells({word("order", std::string("page-random")),
                          word("order", std::string("random")), word("stride", std::uint64_t{4096}),
                          word("bytes", std::uint64_t{kPapersBytes / 2}),
                          word("tlb", std::string("flushed"))}));
}

TEST(HostPaper, ASequentialReadIsOneThrough256Megabytes) {
    expect_strict(paper::kSequentialRead, read_of("sequential", 160),
                  as_guest(read_of("sequential", 0), 161),
                  with_other_cells({word("order", std::string("thrash")),
                                    word("bytes", std::uint64_t{kPapersBytes / 4 * 3}),
                                    word("tlb", std::string("flushed"))}));
}

TEST(HostPaper, APageFaultIsOneOfStage1WithoutStamps) {
    expect_strict(paper::kPageFault, fault_of(4000), as_guest(fault_of(0), 4100),
                  with_other_cells({word("faults", std::string("both")),
                                    word("faults", std::string("stage2")),
                                    word("stamps", std::uint64_t{1})}));
}

TEST(HostPaper, AResponseIsThatOfAnIdleGuestWhoseListRegistersAreNotLinked) {
    const std::vector<Change> changes = with_other_cells(
        {word("wait", std::string("spin")), word("load", std::string("core")),
         word("period_us", std::uint64_t{1000}), word("count", std::uint64_t{1000}),
         word("stamps", std::uint64_t{1}), field(&Row::delivery, "injected")});
    for (const Figure* figure : {&paper::kResponseP95, &paper::kResponseMax}) {
        expect_strict(*figure, response_of(90), as_guest(response_of(0), 250, "injected-soft"),
                      changes);
    }
}

TEST(HostPaper, AWaitForASliceIsThatOfASharedCoreWithThePapersPeriods) {
    Row guest = as_guest(response_of(0), 9000, "shared");
    guest.params.set("load", std::string("vm-compute"));
    guest.params.set("slice_us", std::uint64_t{10'000});
    EXPECT_EQ(pairs_of(paper::kWaitMax, board_with({response_of(90), guest})), 1U);
    guest.params.set("count", std::uint64_t{400});
    EXPECT_EQ(pairs_of(paper::kWaitMax, board_with({response_of(90), guest})), 0U);
}

TEST(HostPaper, ATimesThatNeedTlbsAreLeftOutWhereNoneAreModelled) {
    Results results = board_with({read_of("thrash", 200), as_guest(read_of("thrash", 0), 500)});
    results.models_tlb = false;
    EXPECT_EQ(pairs_of(paper::kRandomRead, results), 0U);
    EXPECT_EQ(paper::lacking(paper::kRandomRead, results), "models no TLBs");
    // A timer's response needs none.
    EXPECT_EQ(paper::lacking(paper::kResponseMax, results), "");
}

TEST(HostPaper, AGuestWithShortDescriptorsStandsBesideTheSameHost) {
    Row guest = as_guest(read_of("thrash", 0), 400);
    guest.params.set("stage1", std::string("short-4K"));
    const Results results =
        board_with({read_of("thrash", 200), as_guest(read_of("thrash", 0), 500), std::move(guest)});
    const auto pairs = beside(paper::kRandomRead, Grouped(results));
    ASSERT_EQ(pairs.size(), 2U);
    EXPECT_DOUBLE_EQ(pairs[0].ratio(), 2.5);
    EXPECT_DOUBLE_EQ(pairs[1].ratio(), 2.0);
}

TEST(HostPaper, HostAndGuestGoThroughTheirMemoryAlike) {
    Row guest = as_guest(read_of("thrash", 0), 500);
    guest.params.set("placement", std::string("scattered"));
    EXPECT_EQ(pairs_of(paper::kRandomRead, board_with({read_of("thrash", 200), guest})), 0U);
    Row host = read_of("thrash", 200);
    host.params.set("placement", std::string("scattered"));
    EXPECT_EQ(pairs_of(paper::kRandomRead, board_with({host, guest})), 1U);
}

TEST(HostPaper, NanosecondsAreShownOnlyAtThePapersClock) {
    constexpr std::size_t kAll = 120;
    Results results = board_with({read_of("thrash", 204), as_guest(read_of("thrash", 0), 459)});
    const std::string at_its_clock = impact_text(Grouped(results), Verbosity::kSummary, kAll);
    EXPECT_EQ(line_with(at_its_clock, "Arndale, paper: random"),
              "Arndale, paper: random read of 256 MB, ns 122.30 273.75 2.24");
    EXPECT_EQ(line_with(at_its_clock, "chase thrash"),
              "this machine: chase thrash 256 MB lpae-4K, nested/injected 120.00 270.00 2.25");
    EXPECT_EQ(line_with(at_its_clock, "measured here"),
              "r = 2.25, measured here, guest lpae-4K 1.000125 1.00125 1.00625 1.0125");
    EXPECT_FALSE(has(at_its_clock, "only ratios compare"));
    results.ticks_hz = 1'000'000'000;
    const std::string slower = impact_text(Grouped(results), Verbosity::kSummary, kAll);
    EXPECT_EQ(line_with(slower, "chase thrash"),
              "this machine: chase thrash 256 MB lpae-4K, nested/injected - - 2.25");
    EXPECT_TRUE(has(slower,
                    "This core does not run at the 1.7 GHz of the paper's Arndale: only ratios "
                    "compare."));
}

TEST(HostPaper, WhereInstructionsAreCountedNothingStandsBesideIt) {
    constexpr std::size_t kAll = 1000;
    Results results = board_with({read_of("thrash", 1), as_guest(read_of("thrash", 0), 1),
                                  read_of("sequential", 1), as_guest(read_of("sequential", 0), 1)});
    results.clock = "instructions";
    results.models_caches = false;
    results.models_tlb = false;
    const std::string text = impact_text(Grouped(results), Verbosity::kFull, kAll);
    EXPECT_TRUE(
        has(text,
            "Nothing here stands beside the paper's random read of 256 MB (122.3 and 273.75 "
            "ns, x 2.24), sequential read of 256 MB (95.6 and 96.2 ns, x 1.01): this "
            "machine models no time."));
    EXPECT_EQ(line_with(text, "chase thrash"), "");
    EXPECT_EQ(line_with(text, "measured here"), "");
    EXPECT_EQ(line_with(text, ", the paper's"),
              "r = 2.24, the paper's 1.000124 1.00124 1.0062 1.0124");
}

TEST(HostPaper, ARunThatMeasuredSomethingElseSaysSo) {
    const Results results = board_with({read_of("random", 200), as_guest(read_of("random", 0), 5)});
    EXPECT_TRUE(has(impact_text(Grouped(results), Verbosity::kFull, 1000),
                    "(95.6 and 96.2 ns, x 1.01): this run has not measured the same."));
}

}  // namespace
}  // namespace hm::host::testing
