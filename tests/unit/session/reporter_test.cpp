#include "session/core/reporter.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "measure/workload/masked.hpp"
#include "measure/workload/table.hpp"

namespace hm::session {
namespace {

using measure::Clock;
using measure::Delivery;
using measure::Fault;
using measure::Sample;
using measure::Scenario;
using measure::WakeUp;
using Json = nlohmann::json;

/// One scenario, what its guest left, and the records that the reporter makes of it.
struct Bench {
    explicit Bench(Scenario made) : scenario(std::move(made)) {}

    template <class Event>
    std::string_view run(const std::vector<Event>& left) {
        return run(std::as_bytes(std::span(left)));
    }
    std::string_view run(std::optional<std::span<const std::byte>> left = std::span<std::byte>{}) {
        text.clear();
        auto put = [this](char c) { text += c; };
        measure::RecordWriter records{measure::CharSink(put)};
        const Reporter reporter(records, clock, ratio, worst);
        measure::Facts facts{.scenario = scenario,
                             .report = report,
                             .costs = costs,
                             .clock = clock,
                             .pmu_events = pmu_events,
                             .elapsed = elapsed,
                             .companion_work = companion_work};
        return reporter.report(facts, left);
    }

    /// The records of one kind.
    [[nodiscard]] std::vector<Json> records(const std::string& kind) const {
        std::vector<Json> found;
        std::size_t begin = 0;
        while (begin < text.size()) {
            const std::size_t end = text.find('\n', begin);
            const std::size_t open = text.find('{', begin);
            const std::size_t close = text.rfind('}', end);
            Json record = Json::parse(text.substr(open, close + 1 - open));
            if (record.at("record") == kind) {
                found.push_back(std::move(record));
            }
            begin = end + 1;
        }
        return found;
    }
    /// The rows by layer.
    [[nodiscard]] std::map<std::string, Json> rows() const {
        std::map<std::string, Json> found;
        for (const Json& row : records("result")) {
            EXPECT_TRUE(found.emplace(row.at("layer"), row).second) << row;
        }
        return found;
    }

    Scenario scenario;
    measure::GuestReport report{};
    measure::Costs costs{};
    Clock clock = Clock::kInstructions;
    measure::ClockRatio ratio{};
    std::size_t worst = 8;
    std::uint32_t pmu_events = 0;
    std::uint64_t elapsed = 1;
    std::optional<std::uint32_t> companion_work;
    std::string text;
};

Sample sample(std::uint32_t ticks, std::uint32_t all = 0, std::uint32_t guest = 0) {
    return {.ticks = ticks, .all_instructions = all, .guest_instructions = guest, .kind = 0};
}

Bench parity_bench(std::uint32_t rounds) {
    return Bench(measure::parity::scenario({measure::ParityLoop::kInteger, rounds}));
}

Bench chase_bench() {
    Bench bench(measure::chase::scenario({.bytes = 512,
                                          .laps = 2,
                                          .order = measure::ChaseOrder::kSequential,
                                          .stride = 64,
                                          .tlb = measure::TlbState::kWarm}));
    bench.report.numbers =
        measure::chase::Report{.loads = 8, .overhead = 4, .events = {16, 32, 48, 64}};
    return bench;
}

/// A wake-up whose deadline is 100 * number, and which comes `late` ticks after it. Both clocks
/// tick alike, and all layers but the last are one tick.
WakeUp wake_up(std::uint32_t number, std::uint32_t late) {
    const std::uint32_t deadline = 100'000 * number;
    WakeUp event{};
    event.number = number;
    event.deadline_count = deadline;
    event.vector_count = deadline + 1;
    event.vector = deadline + 1;
    event.acknowledged = deadline + 2;
    event.handler_done = deadline + 3;
    event.application_count = deadline + late;
    event.application = deadline + late;
    event.all_instructions = 30;
    event.guest_instructions = 20;
    return event;
}

Bench timer_bench(std::uint32_t wake_ups, Delivery delivery = Delivery::kNative) {
    Bench bench(measure::timer::scenario({.period = 1000,
                                          .wake_ups = wake_ups,
                                          .warm_up = 0,
                                          .dither = 0,
                                          .idle = measure::timer::Idle::kWfi}));
    bench.scenario.delivery = delivery;
    bench.report.numbers = measure::timer::Report{.missed = 5};
    return bench;
}

TEST(Reporter, ARowSaysWhichScenarioItIsOf) {
    Bench bench = parity_bench(1);
    bench.scenario.translation = {measure::Stage1::kLong4K, measure::Stage2::k2M};
    bench.scenario.delivery = Delivery::kInjected;
    bench.scenario.with("loop", "integer").with("rounds", 1U);
    EXPECT_EQ(bench.run(std::vector{sample(7)}), "");
    const Json row = bench.rows().at("round");
    EXPECT_EQ(row.at("workload"), "parity");
    EXPECT_EQ(row.at("regime"), "nested");
    EXPECT_EQ(row.at("stage2"), "2M");
    EXPECT_EQ(row.at("delivery"), "injected");
    EXPECT_EQ(row.at("params"), (Json{{"loop", "integer"}, {"rounds", 1}}));
}

TEST(Reporter, SamplesBecomeTicksAndInstructionsByPrivilege) {
    Bench bench = parity_bench(3);
    bench.report.numbers = measure::parity::Report{.checksum = 0xFFFFFFFF};
    EXPECT_EQ(bench.run(std::vector{sample(10, 9, 7), sample(20, 9, 7), sample(60, 12, 7)}), "");
    const auto rows = bench.rows();
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows.at("round").at("count"), 3);
    EXPECT_EQ(rows.at("round").at("min"), 10);
    EXPECT_EQ(rows.at("round").at("mean"), 30);
    EXPECT_EQ(rows.at("round").at("max"), 60);
    EXPECT_EQ(rows.at("hyp-instructions").at("min"), 2);
    EXPECT_EQ(rows.at("hyp-instructions").at("max"), 5);
    EXPECT_EQ(rows.at("pl-instructions").at("mean"), 7);
    EXPECT_EQ(rows.at("checksum").at("mean"), 0xFFFFFFFF);
    EXPECT_EQ(rows.at("checksum").at("unit"), "value");
}

TEST(Reporter, UnitsFollowTheClock) {
    const std::map<Clock, std::string> units{{Clock::kInstructions, "instructions"},
                                             {Clock::kCycles, "cycles"},
                                             {Clock::kEmulator, "emulator ns"}};
    for (const auto& [clock, unit] : units) {
        Bench parity = parity_bench(1);
        parity.clock = clock;
        EXPECT_EQ(parity.run(std::vector{sample(1)}), "");
        EXPECT_EQ(parity.rows().at("round").at("unit"), unit);
        Bench chase = chase_bench();
        chase.clock = clock;
        EXPECT_EQ(chase.run(std::vector{sample(1), sample(1)}), "");
        EXPECT_EQ(chase.rows().at("load").at("unit"), unit + "/load");
        EXPECT_EQ(chase.rows().at("loop").at("unit"), unit + "/load");
        Bench timer = timer_bench(1);
        timer.clock = clock;
        EXPECT_EQ(timer.run(std::vector{wake_up(1, 9)}), "");
        EXPECT_EQ(timer.rows().at("deadline..application").at("unit"),
                  clock == Clock::kCycles ? "counter ticks" : unit);
    }
}

TEST(Reporter, AnEmulatorsCounterThatIsSlowerThanItsClockHasAUnitOfItsOwn) {
    // As after a board's own loader, whose counter has 24 MHz; and where both are one clock,
    // almost.
    const std::map<std::uint32_t, std::string> units{{1000, "counter ticks"}, {25, "emulator ns"}};
    for (const auto& [ticks, unit] : units) {
        Bench timer = timer_bench(1);
        timer.clock = Clock::kEmulator;
        timer.ratio = {.ticks = ticks, .counter_ticks = 24};
        EXPECT_EQ(timer.run(std::vector{wake_up(1, 9)}), "");
        EXPECT_EQ(timer.rows().at("deadline..application").at("unit"), unit);
        Bench parity = parity_bench(1);
        parity.clock = Clock::kEmulator;
        parity.ratio = timer.ratio;
        EXPECT_EQ(parity.run(std::vector{sample(1)}), "");
        EXPECT_EQ(parity.rows().at("round").at("unit"), "emulator ns");
    }
}

TEST(Reporter, AnEmulatorsClockCountsNoInstructions) {
    Bench parity = parity_bench(1);
    parity.clock = Clock::kEmulator;
    EXPECT_EQ(parity.run(std::vector{sample(1, 2, 1)}), "");
    EXPECT_FALSE(parity.rows().contains("hyp-instructions"));
    EXPECT_FALSE(parity.rows().contains("pl-instructions"));
    Bench timer = timer_bench(1);
    timer.clock = Clock::kEmulator;
    EXPECT_EQ(timer.run(std::vector{wake_up(1, 9)}), "");
    EXPECT_FALSE(timer.rows().contains("pl-instructions"));
}

TEST(Reporter, AChaseIsToldByTheLoadAndItsInstructionsByTheLap) {
    Bench bench = chase_bench();
    EXPECT_EQ(bench.run(std::vector{sample(12, 40, 40), sample(16, 40, 40)}), "");
    const auto rows = bench.rows();
    EXPECT_EQ(rows.at("load").at("min"), 1.5);
    EXPECT_EQ(rows.at("load").at("max"), 2);
    EXPECT_EQ(rows.at("pl-instructions").at("mean"), 40);
    EXPECT_EQ(rows.at("loop").at("mean"), 0.5);
}

TEST(Reporter, AChaseHasOnlyTheEventsThatTheMachineCounts) {
    Bench bench = chase_bench();
    bench.pmu_events = 0b0101;
    EXPECT_EQ(bench.run(std::vector{sample(8), sample(8)}), "");
    const auto rows = bench.rows();
    EXPECT_EQ(rows.at(measure::kEventNames[0]).at("mean"), 1) << "16 in two laps of 8 loads";
    EXPECT_EQ(rows.at(measure::kEventNames[2]).at("mean"), 3);
    EXPECT_FALSE(rows.contains(measure::kEventNames[1]));
    EXPECT_FALSE(rows.contains(measure::kEventNames[3]));
}

TEST(Reporter, AChaseThatTookFaultsIsRefused) {
    Bench in_stage1 = chase_bench();
    in_stage1.report.faults = 1;
    EXPECT_EQ(in_stage1.run(std::vector{sample(8), sample(8)}), "the chase took page faults");
    Bench in_stage2 = chase_bench();
    in_stage2.costs.demand_faults = 1;
    EXPECT_EQ(in_stage2.run(std::vector{sample(8), sample(8)}), "the chase took page faults");
}

TEST(Reporter, ARoundTripBetweenTwoVmsIsTwoSwitches) {
    Bench call(measure::hypercall::scenario({measure::hypercall::Path::kNullDispatch, 1}));
    EXPECT_EQ(call.run(std::vector{sample(70, 50, 10)}), "");
    EXPECT_EQ(call.rows().at("call").at("mean"), 70);
    Bench trip(measure::hypercall::scenario({measure::hypercall::Path::kYield, 1}));
    EXPECT_EQ(trip.run(std::vector{sample(71, 50, 10)}), "");
    EXPECT_EQ(trip.rows().at("call").at("mean"), 35.5);
    EXPECT_EQ(trip.rows().at("hyp-instructions").at("mean"), 20);
}

TEST(Reporter, OfAWatchedGuestOnlyTheLongestStretchIsReported) {
    Bench bench(measure::masked::scenario(
        measure::exits::scenario({measure::exits::Exit::kActlrRead, 2}), "actlr-reads"));
    bench.costs.masked = {.ticks = 919, .cause = 0x24};
    EXPECT_EQ(bench.run(std::vector{sample(50, 50, 10), sample(50, 50, 10)}), "");
    const auto rows = bench.rows();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows.at("longest-masked").at("workload"), "masked");
    EXPECT_EQ(rows.at("longest-masked").at("params"), (Json{{"serves", "actlr-reads"}}));
    EXPECT_EQ(rows.at("longest-masked").at("max"), 919);
    EXPECT_EQ(rows.at("longest-masked-cause").at("max"), 0x24);
}

TEST(Reporter, AWatchedGuestThatNeverExitedIsRefused) {
    Bench bench(measure::masked::scenario(
        measure::exits::scenario({measure::exits::Exit::kActlrRead, 1}), "actlr-reads"));
    EXPECT_EQ(bench.run(std::vector{sample(50, 50, 10)}), "no exit to the monitor was watched");
}

TEST(Reporter, MoreOrFewerEventsThanPlannedAreRefusedWithoutRows) {
    const std::string_view complaint = "the guest did not leave as many events as were asked for";
    for (const std::size_t left : {0U, 1U, 3U}) {
        Bench bench = parity_bench(2);
        EXPECT_EQ(bench.run(std::vector<Sample>(left)), complaint);
        EXPECT_EQ(bench.text, "");
    }
    Bench bench = parity_bench(0);
    EXPECT_EQ(bench.run(std::nullopt), complaint) << "they do not lie in its memory";
}

TEST(Reporter, AWakeUpWithoutStampsHasItsDelayAndItsInstructions) {
    Bench bench = timer_bench(2);
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50), wake_up(2, 70)}), "");
    const auto rows = bench.rows();
    EXPECT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows.at("deadline..application").at("mean"), 60);
    EXPECT_EQ(rows.at("hyp-instructions").at("mean"), 10);
    EXPECT_EQ(rows.at("pl-instructions").at("mean"), 20);
    EXPECT_EQ(rows.at("missed-periods").at("mean"), 5);
}

TEST(Reporter, AStampedWakeUpHasItsLayersAndNoInstructions) {
    Bench bench = timer_bench(2);
    bench.scenario.stamps = true;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50), wake_up(2, 70)}), "");
    const auto rows = bench.rows();
    EXPECT_EQ(rows.at("deadline..guest-vector").at("mean"), 1);
    EXPECT_EQ(rows.at("deadline..guest-vector").at("steps"), "(1)-(2)");
    EXPECT_EQ(rows.at("handler-done..application").at("mean"), 57);
    EXPECT_EQ(rows.at("deadline..application").at("mean"), 60);
    EXPECT_FALSE(rows.contains("hyp-instructions")) << "stamps take instructions too";
    EXPECT_FALSE(rows.contains("unattributed")) << "both clocks are one";
}

TEST(Reporter, WhereTwoClocksTickApartARowSaysWhatNoLayerExplains) {
    Bench bench = timer_bench(1);
    bench.scenario.stamps = true;
    bench.clock = Clock::kCycles;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50)}), "");
    EXPECT_EQ(bench.rows().at("unattributed").at("mean"), 0);
}

TEST(Reporter, LayersThatDoNotAddUpAreRefusedAsFarAsTheClockTells) {
    WakeUp event = wake_up(1, 50);
    event.application_count += 10;
    const std::map<Clock, bool> refused{
        {Clock::kInstructions, true}, {Clock::kCycles, true}, {Clock::kEmulator, false}};
    for (const auto& [clock, is_refused] : refused) {
        Bench bench = timer_bench(1);
        bench.scenario.stamps = true;
        bench.clock = clock;
        EXPECT_EQ(!bench.run(std::vector{event}).empty(), is_refused);
    }
    // Two clocks may differ by the two ticks of their reading.
    event.application_count -= 8;
    Bench bench = timer_bench(1);
    bench.scenario.stamps = true;
    bench.clock = Clock::kCycles;
    EXPECT_EQ(bench.run(std::vector{event}), "");
}

TEST(Reporter, TheWorstWakeUpsComeWithTheirLayers) {
    Bench bench = timer_bench(3);
    bench.scenario.stamps = true;
    bench.worst = 2;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50), wake_up(2, 90), wake_up(3, 70)}), "");
    const auto worst = bench.records("worst");
    ASSERT_EQ(worst.size(), 2U);
    EXPECT_EQ(worst[0].at("rank"), 1);
    EXPECT_EQ(worst[0].at("event"), 1);
    EXPECT_EQ(worst[0].at("delay"), 90);
    EXPECT_EQ(worst[0].at("layers").size(), 4U);
    EXPECT_EQ(worst[0].at("layers")[3], (Json{"handler-done..application", 87}));
    EXPECT_EQ(worst[1].at("event"), 2);
    bench.scenario.stamps = false;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50), wake_up(2, 90), wake_up(3, 70)}), "");
    EXPECT_TRUE(bench.records("worst").at(0).at("layers").empty());
}

TEST(Reporter, InstructionsAreLeftOutWhereTheyAreNotTheWakeUpsOwn) {
    const auto rows_of = [](Delivery delivery, measure::Load load, measure::Wait wait) {
        Bench bench = timer_bench(1, delivery);
        bench.scenario.load = load;
        bench.scenario.wait = wait;
        WakeUp event = wake_up(1, 50);
        event.hyp.sequence = 1;
        (void)bench.run(std::vector{event});
        return bench.rows();
    };
    const auto shared = rows_of(Delivery::kShared, measure::Load::kVmIdle, measure::Wait::kWfi);
    EXPECT_FALSE(shared.contains("hyp-instructions")) << "those of the switches are in it";
    EXPECT_FALSE(shared.contains("pl-instructions"));
    const auto spinning = rows_of(Delivery::kDirect, measure::Load::kIdle, measure::Wait::kSpin);
    EXPECT_TRUE(spinning.contains("hyp-instructions"));
    EXPECT_FALSE(spinning.contains("pl-instructions")) << "they grow with the wait";
}

TEST(Reporter, TheWorkOfASecondVmIsARateThatALoadWithoutWorkDoesNotHave) {
    Bench bench = timer_bench(1, Delivery::kDirect);
    bench.scenario.load = measure::Load::kVmCompute;
    bench.elapsed = 4'000'000;
    bench.companion_work = 10;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50)}), "");
    EXPECT_EQ(bench.rows().at("other-work").at("mean"), 2.5);
    bench.scenario.load = measure::Load::kVmIdle;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50)}), "");
    EXPECT_FALSE(bench.rows().contains("other-work"));
    bench.scenario.load = measure::Load::kVmCompute;
    bench.companion_work.reset();
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50)}), "");
    EXPECT_FALSE(bench.rows().contains("other-work"));
}

TEST(Reporter, AClockThatSlippedOnceIsRefused) {
    Bench bench = timer_bench(1);
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50)}), "");
    bench.report.slips = 1;
    EXPECT_EQ(bench.run(std::vector{wake_up(1, 50)}), "the emulator's clock slipped in a wait");
}

/// Four faults of both stages, two pages in two rounds.
Bench fault_bench(measure::Faults faults, bool stamps) {
    Bench bench(measure::page_fault::scenario({.pages = 2,
                                               .rounds = 2,
                                               .batch = 1,
                                               .visits = measure::Visits::kStrided,
                                               .faults = faults}));
    bench.scenario.translation = measure::kPlainNested;
    bench.scenario.stamps = stamps;
    bench.report.faults = 4;
    bench.costs.demand_faults = 6;
    return bench;
}

std::vector<Fault> four_faults() {
    std::vector<Fault> faults;
    for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t t = 1000 * i;
        faults.push_back({.access = t,
                          .guest = {i + 1, t + 10, t + 20, t + 30, t + 40, t + 50},
                          .hyp = {i + 3, t + 60, t + 70, t + 80, t + 90, t + 100},
                          .retired = t + 112,
                          .reading = 2,
                          .prepare_ticks = 5,
                          .all_instructions = 33,
                          .guest_instructions = 11});
    }
    return faults;
}

TEST(Reporter, AFaultIsPreparedAndTaken) {
    Bench bench = fault_bench(measure::Faults::kBoth, false);
    EXPECT_EQ(bench.run(four_faults()), "");
    const auto rows = bench.rows();
    EXPECT_EQ(rows.at("prepare").at("mean"), 5);
    EXPECT_EQ(rows.at("fault").at("mean"), 110) << "less the reading of the clock";
    EXPECT_EQ(rows.at("total").at("mean"), 115);
    EXPECT_EQ(rows.at("hyp-instructions").at("mean"), 22);
    EXPECT_EQ(rows.at("pl-instructions").at("mean"), 11);
    EXPECT_EQ(rows.at("stage1-faults").at("mean"), 4);
    EXPECT_EQ(rows.at("stage2-faults").at("mean"), 4) << "two came before the first round";
}

TEST(Reporter, TheMonitorsFirstFaultsAreLeftOutOnlyWhereItTakesThem) {
    Bench bench = fault_bench(measure::Faults::kStage1, false);
    bench.costs.demand_faults = 0;
    EXPECT_EQ(bench.run(four_faults()), "");
    EXPECT_EQ(bench.rows().at("stage2-faults").at("mean"), 0);
}

TEST(Reporter, AStampedFaultHasALayerForEachStretchBetweenStamps) {
    Bench bench = fault_bench(measure::Faults::kBoth, true);
    EXPECT_EQ(bench.run(four_faults()), "");
    const auto rows = bench.rows();
    EXPECT_EQ(rows.size(), 3U + 2U + 11U);
    EXPECT_FALSE(rows.contains("hyp-instructions")) << "stamps take instructions too";
    EXPECT_EQ(rows.at("access..guest-vector").at("mean"), 10);
    EXPECT_EQ(rows.at("access..guest-vector").at("steps"), "(B)");
    EXPECT_EQ(rows.at("guest-return..hyp-vector").at("mean"), 10);
    EXPECT_EQ(rows.at("hyp-return..retired").at("mean"), 10);
    EXPECT_EQ(rows.at("hyp-return..retired").at("steps"), "(C)");
}

TEST(Reporter, AStampedFaultThatWasNotTakenOnceIsRefused) {
    Bench bench = fault_bench(measure::Faults::kBoth, true);
    std::vector<Fault> faults = four_faults();
    ++faults[2].hyp.count;
    EXPECT_EQ(bench.run(faults), "an access did not take one fault of each kind that was planned");
}

TEST(Reporter, ABootIsToldByItsCosts) {
    Bench bench(measure::boot::scenario({measure::kMiB}, measure::Mapping::kDemand4K));
    bench.scenario.delivery = Delivery::kInjected;
    bench.costs = {.prepare_ticks = 100,
                   .ticks = 1000,
                   .elapsed = 1,
                   .all_instructions = 900,
                   .guest_instructions = 600,
                   .demand_faults = 7,
                   .table_bytes = 8192};
    EXPECT_EQ(bench.run(), "");
    auto rows = bench.rows();
    EXPECT_EQ(rows.at("prepare").at("mean"), 100);
    EXPECT_EQ(rows.at("run").at("mean"), 1000);
    EXPECT_EQ(rows.at("total").at("mean"), 1100);
    EXPECT_EQ(rows.at("stage2-faults").at("mean"), 7);
    EXPECT_EQ(rows.at("stage2-tables").at("unit"), "bytes");
    EXPECT_EQ(rows.at("hyp-instructions").at("mean"), 300);
    bench.scenario.delivery = Delivery::kNative;
    EXPECT_EQ(bench.run(), "");
    EXPECT_FALSE(bench.rows().contains("hyp-instructions"));
}

TEST(Reporter, SamplesOfTwoKindsAreRowsOfTheirOwn) {
    Bench bench(measure::demand_fault::scenario({3}));
    std::vector<Sample> samples{sample(50), sample(10), sample(20)};
    samples[0].kind = measure::demand_fault::kNeededTable;
    EXPECT_EQ(bench.run(samples), "");
    EXPECT_EQ(bench.rows().at("touch").at("count"), 2);
    EXPECT_EQ(bench.rows().at("touch-with-new-table").at("mean"), 50);
    bench.scenario.events = 2;
    EXPECT_EQ(bench.run(std::vector{sample(10), sample(20)}), "");
    EXPECT_FALSE(bench.rows().contains("touch-with-new-table")) << "no row without a sample";
}

TEST(Reporter, OfAReadTlbItWritesWhatIsNotZeroByRamAndWay) {
    Bench bench = chase_bench();
    bench.scenario.reads_tlb_rams = true;
    EXPECT_EQ(bench.run(std::vector<Sample>{sample(1), sample(2)}), "");
    EXPECT_TRUE(bench.rows().empty()) << "it measures nothing";
    // A RAM in which one entry of the main TLB's way 1 and one of the IPA cache's way 0 are set.
    cpu::TlbContents contents;
    cpu::read_all(
        cpu::kCortexA7TlbRams,
        [](cpu::TlbSelect select) {
            return select.raw == 0x8000'0007U ? cpu::TlbWords{1, 2, 3}
                   : select.raw == 161        ? cpu::TlbWords{0, 0, 9}
                                              : cpu::TlbWords{};
        },
        contents);
    auto put = [&bench](char c) { bench.text += c; };
    measure::RecordWriter records{measure::CharSink(put)};
    const Reporter reporter(records, bench.clock, bench.ratio, bench.worst);
    reporter.report_tlb(bench.scenario, cpu::kCortexA7TlbRams, contents);
    const std::vector<Json> ways = bench.records("tlb");
    ASSERT_EQ(ways.size(), 6U);
    EXPECT_EQ(ways[0].at("workload"), "tlb");
    EXPECT_EQ(ways[0].at("ram"), "main");
    EXPECT_EQ(ways[0].at("sets"), 128);
    EXPECT_EQ(ways[0].at("entries"), Json::array());
    EXPECT_EQ(ways[1].at("way"), 1);
    EXPECT_EQ(ways[1].at("entries"), Json::array({Json::array({7, 1, 2, 3})}));
    EXPECT_EQ(ways[2].at("ram"), "walk");
    EXPECT_EQ(ways[4].at("ram"), "ipa");
    EXPECT_EQ(ways[4].at("sets"), 32);
    EXPECT_EQ(ways[4].at("entries"), Json::array({Json::array({161, 0, 0, 9})}));
}

}  // namespace
}  // namespace hm::session
