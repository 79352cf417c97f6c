#include "measure/plan.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>

#include "measure/workload/table.hpp"

namespace hm::measure {
namespace {

constexpr std::uint64_t kHz = 1'000'000'000;

std::string name(const Scenario& scenario) {
    std::array<char, kNameBytes> buffer{};
    return std::string(name_of(scenario, buffer));
}

Plan plan_of(const std::string& words, std::uint64_t hz = kHz) {
    const ParsedRequest parsed = parse_request(words);
    EXPECT_FALSE(parsed.refusal);
    Plan plan;
    make_plan(parsed.request, hz, plan);
    return plan;
}

/// The deliveries of the timer scenarios that `wanted` accepts, each once.
template <class Wanted>
std::set<Delivery> deliveries(const Plan& plan, Wanted wanted) {
    std::set<Delivery> found;
    for (const Scenario& scenario : plan.scenarios()) {
        if (wanted(scenario)) {
            found.insert(scenario.delivery);
        }
    }
    return found;
}

TEST(Plan, NamesAreUniqueAndFit) {
    for (const char* const words :
         {"suite=quick hang=1 freeze=1 stray=1", "suite=paper hang=1 freeze=1 stray=1",
          "suite=model hang=1 freeze=1 stray=1", "suite=time hang=1 freeze=1 stray=1"}) {
        std::set<std::string> names;
        const Plan plan = plan_of(words);
        for (const Scenario& scenario : plan.scenarios()) {
            EXPECT_LT(name(scenario).size(), kNameBytes);
            EXPECT_TRUE(names.insert(name(scenario)).second) << name(scenario);
        }
        EXPECT_LT(names.size(), Plan::kMost);
    }
}

TEST(Plan, HasOnlyWhatIsPickedInItsOrder) {
    const Plan whole = plan_of("suite=quick");
    const Plan picked = plan_of("suite=quick pick=58");
    ASSERT_EQ(picked.scenarios().size(), 3U);
    EXPECT_EQ(name(picked.scenarios()[0]), name(whole.scenarios()[0]));
    EXPECT_EQ(name(picked.scenarios()[1]), name(whole.scenarios()[2]));
    EXPECT_EQ(name(picked.scenarios()[2]), name(whole.scenarios()[7]));
    EXPECT_TRUE(plan_of("pick=0").scenarios().empty());
}

TEST(Plan, SuiteModelHasEveryWorkloadAndLittleOfEach) {
    const Plan plan = plan_of("suite=model");
    std::map<std::string, int> scenarios;
    for (const Scenario& scenario : plan.scenarios()) {
        ++scenarios[scenario.masking_is_watched ? "masked" : scenario.workload->only];
        EXPECT_FALSE(uses_second_core(scenario.load)) << name(scenario);
        EXPECT_NE(scenario.wait, Wait::kSpin) << "spinning takes instructions: " << name(scenario);
    }
    const auto on_request = std::ranges::count_if(
        kWorkloads, [](const Workload* workload) { return workload->on_request; });
    EXPECT_EQ(scenarios.size() + static_cast<std::size_t>(on_request), kWorkloadNames.size());
    for (const auto& [workload, count] : scenarios) {
        EXPECT_LE(count, 10) << workload;
    }
}

TEST(Plan, TlbsAreReadOnlyWhereOnlyAsksForIt) {
    for (const char* const words :
         {"suite=quick", "suite=paper", "suite=model", "suite=time", "only=chase"}) {
        const Plan plan = plan_of(words);
        for (const Scenario& scenario : plan.scenarios()) {
            EXPECT_FALSE(scenario.reads_tlb_rams) << words << ": " << name(scenario);
        }
    }
    const Plan plan = plan_of("only=tlb regime=nested stage1=lpae-4K bytes=8M");
    ASSERT_EQ(plan.scenarios().size(), 4U) << "two kinds of stage 2, two sizes";
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_TRUE(scenario.reads_tlb_rams);
        EXPECT_EQ(scenario.workload, &chase::kWorkload) << "the guest's loop";
    }
    EXPECT_EQ(name(plan.scenarios()[1]),
              "tlb stage1=lpae-4K order=page-random stride=4096 bytes=8388608 tlb=warm laps=2 "
              "nested/injected");
    EXPECT_EQ(plan_of("only=tlb,chase bytes=64K regime=native stage1=lpae-2M")
                  .scenarios()
                  .back()
                  .work_bytes,
              64 * kKiB)
        << "the smallest size is not there twice";
}

TEST(Plan, SuiteModelSpinsWhereItIsAskedTo) {
    const Plan plan = plan_of("suite=model only=timer wait=spin");
    ASSERT_EQ(plan.scenarios().size(), 8U);
    EXPECT_EQ(plan.scenarios().front().wait, Wait::kSpin);
}

TEST(Plan, EveryNativeScenarioHasAnInjectedGuestOfTheSameWork) {
    const Plan plan = plan_of("suite=quick");
    std::multiset<std::string> native;
    std::multiset<std::string> guest;
    for (const Scenario& scenario : plan.scenarios()) {
        const std::string whole = name(scenario);
        const std::string stem = whole.substr(0, whole.rfind(' '));
        const bool runs = scenario.translation.impossible().empty();
        if (scenario.delivery == Delivery::kNative && runs &&
            scenario.workload != &boot::kWorkload) {
            // The guest beside a floor has large blocks in stage 2 as well.
            const bool floor = scenario.translation == chase::floor_of(Regime::kNative);
            native.insert(stem + (floor ? " nested:2M/injected" : " nested/injected"));
        } else if (whole.ends_with(" nested/injected") || whole.ends_with(" nested:2M/injected")) {
            guest.insert(whole);
        }
    }
    EXPECT_FALSE(native.empty());
    for (const std::string& stem : native) {
        EXPECT_EQ(guest.count(stem), 1U) << stem;
    }
}

/// The sizes of the chases in `order` and `stride` in the plain cell of `regime`.
std::set<std::uint32_t> sizes(const Plan& plan, ChaseOrder order, std::uint32_t stride,
                              const Translation& translation = kPlainNested) {
    std::set<std::uint32_t> bytes;
    for (const Scenario& scenario : plan.scenarios()) {
        const auto arguments = scenario.arguments.as<chase::Arguments>();
        if (scenario.workload == &chase::kWorkload && scenario.translation == translation &&
            arguments.order == order && arguments.stride == stride &&
            arguments.tlb == TlbState::kWarm) {
            bytes.insert(arguments.bytes);
        }
    }
    return bytes;
}

TEST(Plan, QuickChasesThroughAFewSizesUpToTheLargestAskedFor) {
    const Plan plain = plan_of("only=chase");
    EXPECT_EQ(sizes(plain, ChaseOrder::kRandom, 64),
              (std::set<std::uint32_t>{64 * kKiB, kMiB, 8 * kMiB}));
    const Plan larger = plan_of("only=chase bytes=256M");
    EXPECT_EQ(sizes(larger, ChaseOrder::kSequential, 64),
              (std::set<std::uint32_t>{64 * kKiB, kMiB, 8 * kMiB, 64 * kMiB, 256 * kMiB}));
    const Plan odd = plan_of("only=chase bytes=3M");
    EXPECT_EQ(sizes(odd, ChaseOrder::kPageRandom, 4096),
              (std::set<std::uint32_t>{64 * kKiB, kMiB, 3 * kMiB}));
}

TEST(Plan, PaperChasesInTheStepsOfLmbenchFrom4KilobytesTo256Megabytes) {
    const Plan plan = plan_of("suite=paper only=chase");
    std::set<std::uint32_t> steps;
    for (std::uint32_t bytes = 4 * kKiB; bytes <= 256 * kMiB; bytes = chase::next_size(bytes)) {
        steps.insert(bytes);
    }
    EXPECT_EQ(steps.size(), 33U);
    EXPECT_TRUE(steps.contains(6 * kKiB) && steps.contains(192 * kMiB));
    for (const Translation& translation : {kPlainNative, kPlainStage2, kPlainNested}) {
        for (const std::uint32_t stride : {64U, 128U, 256U}) {
            EXPECT_EQ(sizes(plan, ChaseOrder::kSequential, stride, translation), steps);
        }
        EXPECT_EQ(sizes(plan, ChaseOrder::kRandom, 64, translation), steps);
        EXPECT_EQ(sizes(plan, ChaseOrder::kPageRandom, 4096, translation).size(), 25U);
    }
}

TEST(Plan, AChainHasAsManyLinesAsItsLoopNeeds) {
    const Plan plan = plan_of("suite=paper only=chase");
    for (const Scenario& scenario : plan.scenarios()) {
        const auto arguments = scenario.arguments.as<chase::Arguments>();
        const std::uint32_t lines = arguments.bytes / arguments.stride;
        EXPECT_EQ(lines % 8, 0U) << name(scenario);
        EXPECT_GE(arguments.laps, 2U) << name(scenario);
        if (arguments.order == ChaseOrder::kPageDense) {
            EXPECT_EQ(arguments.bytes % 4096, 0U) << name(scenario);
        }
    }
}

TEST(Plan, EveryCellOfTheMatrixIsChasedThroughTheLargestSizeWithItsFloor) {
    for (const std::string suite : {"quick", "paper"}) {
        const Plan plan = plan_of("only=chase suite=" + suite);
        const std::uint32_t largest = suite == "paper" ? 256 * kMiB : 8 * kMiB;
        for (const Translation& cell : kMatrix) {
            EXPECT_TRUE(sizes(plan, ChaseOrder::kPageRandom, 4096, cell).contains(largest));
        }
    }
}

TEST(Plan, EveryOneLinePerPageHasItsFloorOfTheSameSizeAndADenseRowBeside) {
    for (const std::string suite : {"quick", "paper"}) {
        const Plan plan = plan_of("only=chase suite=" + suite);
        const auto one_per_page = [&plan](const Translation& cell) {
            return sizes(plan, ChaseOrder::kPageRandom, 4096, cell);
        };
        EXPECT_EQ(one_per_page(kPlainNative), one_per_page({Stage1::kLong2M, Stage2::kOff}));
        EXPECT_EQ(one_per_page(kPlainStage2), one_per_page({Stage1::kOff, Stage2::k2M}));
        EXPECT_EQ(one_per_page(kPlainNested), one_per_page({Stage1::kLong2M, Stage2::k2M}));
        for (const Translation& cell : kPlain) {
            const auto dense = sizes(plan, ChaseOrder::kPageDense, 64, cell);
            for (const std::uint32_t bytes : one_per_page(cell)) {
                EXPECT_EQ(dense.contains(bytes / 64), bytes / 64 % 4096 == 0) << bytes;
            }
        }
    }
}

TEST(Plan, TheModelsSuiteChasesThroughMorePagesThanTheCoreHasTlbEntries) {
    constexpr std::uint32_t kL2TlbEntries = 512;  // Cortex-A15 TRM, 5.2.2
    const auto found = sizes(plan_of("suite=model only=chase"), ChaseOrder::kPageRandom, 4096,
                             {Stage1::kLong2M, Stage2::k2M});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_GT(*found.begin(), kL2TlbEntries * 4096);
}

TEST(Plan, SuiteTimeChasesThroughTheSizesOfFigure2) {
    constexpr std::uint32_t kL2CacheBytes = kMiB;  // Cortex-A15 TRM, 7.1, the core of the boards
    const Plan plan = plan_of("suite=time only=chase");
    const std::set<std::uint32_t> all{4 * kMiB, 16 * kMiB, 64 * kMiB, 256 * kMiB};
    EXPECT_GT(*all.begin(), kL2CacheBytes);
    for (const Translation& cell :
         {kPlainNative, kPlainStage2, kPlainNested, Translation{Stage1::kLong2M, Stage2::k2M}}) {
        EXPECT_EQ(sizes(plan, ChaseOrder::kPageRandom, 4096, cell), all);
    }
    for (const Translation& cell : {kPlainNative, kPlainNested}) {
        EXPECT_EQ(sizes(plan, ChaseOrder::kSequential, 64, cell),
                  (std::set<std::uint32_t>{4 * kMiB}));
        EXPECT_EQ(sizes(plan, ChaseOrder::kSequential, 4096, cell),
                  (std::set<std::uint32_t>{16 * kMiB, 64 * kMiB, 256 * kMiB}));
    }
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_LE(scenario.arguments.as<chase::Arguments>().laps, 2U) << name(scenario);
    }
    EXPECT_EQ(sizes(plan_of("suite=time only=chase bytes=16M"), ChaseOrder::kPageRandom, 4096,
                    kPlainNested),
              (std::set<std::uint32_t>{4 * kMiB, 16 * kMiB}));
}

TEST(Plan, SuiteTimeKeepsNoCoreBusyWhileItWaits) {
    const Plan plan = plan_of("suite=time");
    std::set<std::string> workloads;
    for (const Scenario& scenario : plan.scenarios()) {
        workloads.insert(scenario.masking_is_watched ? "masked" : scenario.workload->name);
        EXPECT_FALSE(uses_second_core(scenario.load)) << name(scenario);
        EXPECT_EQ(scenario.wait, Wait::kWfi) << name(scenario);
    }
    EXPECT_EQ(workloads, (std::set<std::string>{"pagefault", "demand", "chase", "boot", "parity",
                                                "timer", "hypercall", "exits", "turn", "masked"}));
    std::set<Delivery> stamped;
    std::set<Delivery> plain;
    for (const Scenario& scenario : plan.scenarios()) {
        if (scenario.workload == &timer::kWorkload && scenario.load == Load::kIdle &&
            !scenario.masking_is_watched) {
            (scenario.stamps ? stamped : plain).insert(scenario.delivery);
        }
    }
    const std::set<Delivery> alone{Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft,
                                   Delivery::kDirect};
    EXPECT_EQ(stamped, alone);
    EXPECT_EQ(plain, alone);
}

TEST(Plan, ScatteredPagesAreChasedNativelyAndAsAGuestThroughTheLargestSize) {
    std::set<std::string> found;
    const Plan plan = plan_of("suite=paper only=chase placement=scattered");
    for (const Scenario& scenario : plan.scenarios()) {
        const std::string whole = name(scenario);
        EXPECT_EQ(scenario.arguments.as<chase::Arguments>().placement, Placement::kScattered);
        EXPECT_NE(whole.find(" bytes=268435456 "), std::string::npos);
        EXPECT_NE(whole.find(" placement=scattered "), std::string::npos);
        found.insert(std::string(name_of(scenario.arguments.as<chase::Arguments>().order)) + " " +
                     name_of(scenario.translation.regime()));
    }
    EXPECT_EQ(found, (std::set<std::string>{"page-random native", "page-random nested",
                                            "thrash native", "thrash nested"}));
    const Plan others = plan_of("suite=paper only=chase placement=contiguous");
    EXPECT_GT(others.scenarios().size(), 100U);
    for (const Scenario& scenario : others.scenarios()) {
        EXPECT_EQ(name(scenario).find("placement"), std::string::npos) << name(scenario);
    }
}

TEST(Plan, OddSizesAreCutToWholeTurnsAndOddWorkingSetsGetWholeBlocks) {
    const Plan chases = plan_of("only=chase bytes=100000");
    EXPECT_EQ(sizes(chases, ChaseOrder::kRandom, 64),
              (std::set<std::uint32_t>{64 * kKiB, 96 * kKiB}));
    const Plan boots = plan_of("only=boot working_set=3M");
    EXPECT_EQ(boots.scenarios().back().arguments.as<boot::Arguments>().working_set, 3 * kMiB);
    EXPECT_EQ(boots.scenarios().back().demand_bytes, 4 * kMiB);
}

TEST(Plan, FaultsThatNoMemoryHoldsAreNotTakenForFewer) {
    const Plan plan = plan_of("only=pagefault pages=4096 rounds=100000");
    EXPECT_GE(plan.scenarios().front().memory_bytes(), 3 * kGiB);
}

TEST(Plan, CellsThatCannotBeSayWhy) {
    std::size_t impossible = 0;
    for (const Translation& cell : kMatrix) {
        impossible += cell.impossible().empty() ? 0 : 1;
    }
    EXPECT_EQ(impossible, 6U);
    EXPECT_FALSE((Translation{Stage1::kOff, Stage2::kOff}).impossible().empty());
    EXPECT_FALSE((Translation{Stage1::kLong4K, Stage2::k1GFromLevel2}).impossible().empty());
}

TEST(Plan, PagesFaultInEachStageAloneAndInBothAtOnce) {
    std::set<std::string> kinds;
    const Plan plan = plan_of("only=pagefault");
    for (const Scenario& scenario : plan.scenarios()) {
        if (scenario.workload == &page_fault::kWorkload) {
            kinds.insert(
                std::string(name_of(scenario.arguments.as<page_fault::Arguments>().faults)) + " " +
                std::string(name_of(scenario.translation.regime())));
        }
    }
    EXPECT_EQ(kinds, (std::set<std::string>{"stage1 native", "stage1 nested", "stage2 nested",
                                            "stage2 stage2", "both nested"}));
}

TEST(Plan, BatchesAreNeverLargerThanTheirPages) {
    const Plan plan = plan_of("only=pagefault pages=4 batch=100");
    for (const Scenario& scenario : plan.scenarios()) {
        if (scenario.workload == &page_fault::kWorkload) {
            EXPECT_LE(scenario.arguments.as<page_fault::Arguments>().batch, 4U) << name(scenario);
            EXPECT_GE(scenario.arguments.as<page_fault::Arguments>().batch, 1U) << name(scenario);
        }
    }
}

TEST(Plan, WorkingSetsGoFromOneMegabyteToTheLargestUnderEveryMapping) {
    std::map<Mapping, std::set<std::uint32_t>> sets;
    const Plan plan = plan_of("suite=paper only=boot");
    for (const Scenario& scenario : plan.scenarios()) {
        sets[scenario.mapping].insert(scenario.arguments.as<boot::Arguments>().working_set);
        EXPECT_EQ(scenario.demand_bytes, 128 * kMiB);
    }
    EXPECT_EQ(sets.size(), kMappingNames.size());
    for (const auto& [mapping, sizes] : sets) {
        EXPECT_EQ(sizes.size(), 8U);
        EXPECT_EQ(*sizes.begin(), kMiB);
        EXPECT_EQ(*sizes.rbegin(), 128 * kMiB);
    }
}

TEST(Plan, KeysOfTranslationLeaveOnlyTheirCells) {
    const Plan plan = plan_of("only=chase regime=nested stage1=short-1M stage2=2M");
    EXPECT_EQ(plan.scenarios().size(), 1U);
    EXPECT_EQ(name(plan.scenarios()[0]),
              "chase stage1=short-1M order=page-random stride=4096 bytes=8388608 tlb=warm laps=20 "
              "nested:2M/injected");
}

TEST(Plan, PaperWakesUpAsOftenAsThePaperWhereTheCoreIsIdle) {
    const Plan plan = plan_of("suite=paper only=timer load=idle wait=wfi");
    ASSERT_EQ(plan.scenarios().size(), 8U);
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_EQ(scenario.arguments.as<timer::Arguments>().period, 30'000'000U);
        EXPECT_EQ(scenario.arguments.as<timer::Arguments>().wake_ups, 120'000U);
    }
}

TEST(Plan, WhereTheCoreIsBusyPeriodsAreShorterAndTheRowSaysSo) {
    const Plan plan = plan_of("suite=paper only=timer wait=spin");
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_EQ(scenario.arguments.as<timer::Arguments>().period, 100'000U);
        EXPECT_NE(name(scenario).find("period_us=100 dither_us=0 count=5000"), std::string::npos);
    }
}

TEST(Plan, EachTimerRowIsRunWithStampsAndWithout) {
    std::multiset<std::string> with;
    std::multiset<std::string> without;
    const Plan plan = plan_of("only=timer");
    for (const Scenario& scenario : plan.scenarios()) {
        std::string whole = name(scenario);
        whole.replace(whole.find("stamps="), 8, "");
        (scenario.stamps ? with : without).insert(whole);
    }
    EXPECT_GT(with.size(), 20U);
    EXPECT_EQ(with, without);
}

TEST(Plan, AGuestAloneHasFourDeliveriesIdleSpinningAndBesideTheSecondCore) {
    const std::set<Delivery> alone{Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft,
                                   Delivery::kDirect};
    const Plan plan = plan_of("only=timer");
    EXPECT_EQ(
        deliveries(plan,
                   [](const Scenario& s) { return s.load == Load::kIdle && s.wait == Wait::kWfi; }),
        alone);
    EXPECT_EQ(deliveries(plan, [](const Scenario& s) { return s.wait == Wait::kSpin; }), alone);
    EXPECT_EQ(deliveries(plan, [](const Scenario& s) { return s.load == Load::kCore; }), alone);
}

TEST(Plan, CachesAreColdInFewWakeUpsOfSuitesPaperAndTimeAndWhereItIsAskedFor) {
    const std::set<Delivery> alone{Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft,
                                   Delivery::kDirect};
    const auto cold = [](const Scenario& s) { return s.load == Load::kEvict; };
    for (const char* const words :
         {"suite=paper", "suite=time", "load=evict", "suite=model only=timer load=evict"}) {
        const Plan plan = plan_of(words);
        EXPECT_EQ(deliveries(plan, cold), alone) << words;
        EXPECT_EQ(std::ranges::count_if(plan.scenarios(), cold), 4) << words;
        for (const Scenario& scenario : plan.scenarios()) {
            const auto arguments = scenario.arguments.as<timer::Arguments>();
            if (cold(scenario)) {
                EXPECT_TRUE(scenario.stamps) << name(scenario);
                EXPECT_LE(arguments.wake_ups, 12U) << name(scenario);
                EXPECT_GE(arguments.period, 10'000'000U) << name(scenario);
                EXPECT_GT(scenario.work_bytes, 4 * kMiB) << "data and code: " << name(scenario);
            } else if (scenario.workload == &timer::kWorkload) {
                EXPECT_EQ(scenario.work_bytes, 0U) << name(scenario);
            }
        }
    }
    for (const char* const words : {"suite=quick", "suite=model", "load=idle"}) {
        EXPECT_TRUE(deliveries(plan_of(words), cold).empty()) << words;
    }
}

TEST(Plan, EveryLoadOfASecondVmIsSharedAndBoosted) {
    const Plan plan = plan_of("only=timer");
    for (const Load load :
         {Load::kVmIdle, Load::kVmCompute, Load::kVmFault, Load::kVmHypercall, Load::kAll}) {
        EXPECT_EQ(deliveries(plan, [load](const Scenario& s) { return s.load == load; }),
                  (std::set<Delivery>{Delivery::kShared, Delivery::kBoosted}))
            << name_of(load);
    }
}

TEST(Plan, TheWaitForASliceIsShownForFourSlices) {
    std::set<std::uint32_t> slices;
    const Plan plan = plan_of("only=timer load=vm-compute delivery=shared");
    for (const Scenario& scenario : plan.scenarios()) {
        slices.insert(scenario.slice);
    }
    EXPECT_EQ(slices, (std::set<std::uint32_t>{1'000'000, 2'000'000, 5'000'000, 10'000'000}));
}

TEST(Plan, ADeadlineThatWaitsForAWholeSliceIsOverBeforeTheNext) {
    const Plan plan = plan_of("only=timer");
    for (const Scenario& scenario : plan.scenarios()) {
        if (scenario.slice != 0) {
            // Neighbours may come nearer by 0.382 of the dither: see the test of Dither.
            const auto arguments = scenario.arguments.as<timer::Arguments>();
            const double period = arguments.period;
            EXPECT_GT(period - 0.382 * arguments.dither, 1.2 * scenario.slice) << name(scenario);
        }
    }
}

TEST(Plan, KeysOfWordsLeaveOnlyTheirRows) {
    const Plan plan = plan_of("only=timer delivery=direct wait=spin load=idle");
    ASSERT_EQ(plan.scenarios().size(), 2U);
    EXPECT_EQ(plan.scenarios()[0].delivery, Delivery::kDirect);
    EXPECT_EQ(plan.scenarios()[0].arguments.as<timer::Arguments>().idle, timer::Idle::kSpin);
}

TEST(Plan, PeriodsAndSlicesFollowTheCounterOfTheMachine) {
    const Plan periods = plan_of("only=timer period=1000", 24'000'000);
    EXPECT_EQ(periods.scenarios().front().arguments.as<timer::Arguments>().period, 24'000U);
    const Plan slices = plan_of("only=timer load=vm-idle", 24'000'000);
    EXPECT_EQ(slices.scenarios().front().slice, 240'000U);
}

TEST(Plan, ASwitchIsMeasuredBetweenTwoVmsWhoseSlicesDoNotEnd) {
    const Plan plan = plan_of("only=hypercall");
    const Scenario& last = plan.scenarios().back();
    EXPECT_EQ(name(last), "hypercall path=yield nested/shared");
    EXPECT_EQ(last.slice, UINT32_MAX);
}

TEST(Plan, DeadlinesSweepOverTheMonitorsWorkInEachDeliveryOfAGuestAlone) {
    const Plan plan = plan_of("only=timer wait=calls");
    EXPECT_EQ(
        deliveries(plan, [](const Scenario&) { return true; }),
        (std::set<Delivery>{Delivery::kInjected, Delivery::kInjectedSoft, Delivery::kDirect}));
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_GT(scenario.arguments.as<timer::Arguments>().dither, 1000U) << name(scenario);
    }
}

TEST(Plan, WatchedGuestsHaveNoStampsAndNamesOfTheirOwn) {
    const Plan plan = plan_of("only=masked");
    EXPECT_GE(plan.scenarios().size(), 9U);
    for (const Scenario& scenario : plan.scenarios()) {
        EXPECT_TRUE(scenario.masking_is_watched && !scenario.stamps);
        EXPECT_TRUE(name(scenario).starts_with("masked serves=")) << name(scenario);
    }
}

TEST(Plan, WhatIsToMisbehaveComesFirst) {
    const Plan plan = plan_of("only=hypercall hang=1 freeze=1 stray=1");
    EXPECT_EQ(name(plan.scenarios()[0]), "hang native/native");
    EXPECT_EQ(name(plan.scenarios()[1]), "hang nested/injected");
    EXPECT_EQ(name(plan.scenarios()[2]), "freeze native/native");
    EXPECT_EQ(name(plan.scenarios()[3]), "freeze nested/injected");
    EXPECT_EQ(name(plan.scenarios()[4]), "stray nested/injected");
}

TEST(Plan, NamesSayWorkloadParametersRegimeAndDelivery) {
    const Plan plan = plan_of("only=chase order=sequential");
    const std::string stem = "order=sequential stride=64 bytes=65536 tlb=warm laps=20 ";
    EXPECT_EQ(name(plan.scenarios()[0]), "chase stage1=lpae-4K " + stem + "native/native");
    EXPECT_EQ(name(plan.scenarios()[1]), "chase stage1=off " + stem + "stage2/injected");
    EXPECT_EQ(name(plan.scenarios()[2]), "chase stage1=lpae-4K " + stem + "nested/injected");
}

}  // namespace
}  // namespace hm::measure
