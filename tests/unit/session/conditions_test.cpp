#include "session/core/conditions.hpp"

#include <gtest/gtest.h>

#include "measure/workload/table.hpp"

namespace hm::session {
namespace {

using measure::Clock;
using measure::Delivery;
using measure::Scenario;

Scenario timer(Delivery delivery, measure::Load load = measure::Load::kIdle) {
    Scenario made = measure::timer::scenario({});
    made.delivery = delivery;
    made.translation =
        delivery == Delivery::kNative ? measure::kPlainNative : measure::kPlainNested;
    made.load = load;
    return made;
}

TEST(Conditions, AMachineThatHasEverythingRunsEverythingThatIsPossible) {
    EXPECT_EQ(reason_to_skip(timer(Delivery::kInjected), {}), "");
    EXPECT_EQ(reason_to_skip(timer(Delivery::kShared), {}), "");
    Scenario impossible = measure::chase::scenario({});
    impossible.translation = {measure::Stage1::kOff, measure::Stage2::kOff};
    EXPECT_EQ(reason_to_skip(impossible, {}), impossible.translation.impossible());
}

TEST(Conditions, ABlockOfAGigabyteNeedsMemoryForIt) {
    EXPECT_NE(reason_to_skip(measure::chase::scenario({}), {.has_slot = false}), "");
}

TEST(Conditions, OnlyARowThatMeasuresTheLinkNeedsIt) {
    Conditions conditions;
    conditions.machine.links_interrupts = false;
    for (const Delivery delivery : {Delivery::kInjected, Delivery::kShared, Delivery::kBoosted}) {
        EXPECT_NE(reason_to_skip(timer(delivery), conditions), "");
    }
    for (const Delivery delivery :
         {Delivery::kNative, Delivery::kInjectedSoft, Delivery::kDirect}) {
        EXPECT_EQ(reason_to_skip(timer(delivery), conditions), "");
    }
    using measure::hypercall::Path;
    EXPECT_EQ(reason_to_skip(measure::hypercall::scenario({Path::kNullFast, 1}), conditions), "");
}

TEST(Conditions, WithoutVfpNothingThatUsesItRunsAndNoTwoVms) {
    Conditions conditions;
    conditions.machine.has_vfp = false;
    using measure::ParityLoop;
    EXPECT_NE(reason_to_skip(measure::parity::scenario({ParityLoop::kFloat, 1}), conditions), "");
    EXPECT_EQ(reason_to_skip(measure::parity::scenario({ParityLoop::kInteger, 1}), conditions), "");
    EXPECT_NE(reason_to_skip(timer(Delivery::kShared), conditions), "");
}

TEST(Conditions, ABootWithTheCachesOffHasNothingBesideItWhereVmsHaveThemOn) {
    using measure::Mapping;
    Scenario native = measure::boot::scenario({1U << 20}, Mapping::kNone);
    native.translation = measure::kPlainNative;
    Scenario nested = measure::boot::scenario({1U << 20}, Mapping::kDemand4K);
    nested.translation = measure::kPlainNested;
    Scenario chase = measure::chase::scenario({});
    chase.translation = measure::kPlainNative;
    Conditions conditions;
    EXPECT_EQ(reason_to_skip(native, conditions), "");
    conditions.machine.orders_without_mmu = false;
    EXPECT_NE(reason_to_skip(native, conditions), "");
    EXPECT_EQ(reason_to_skip(nested, conditions), "");
    EXPECT_EQ(reason_to_skip(chase, conditions), "");
}

TEST(Conditions, TlbsAreReadWhereThereAreSomeAndSecureStateIsOurs) {
    Scenario reads = measure::chase::scenario({});
    reads.reads_tlb_rams = true;
    Conditions conditions;
    conditions.tlb_lack = "the loader has kept it";
    EXPECT_EQ(reason_to_skip(reads, conditions),
              "this machine models no TLBs: there is nothing to read");
    conditions.machine.models_tlb = true;
    EXPECT_EQ(reason_to_skip(reads, conditions), "the loader has kept it");
    EXPECT_EQ(reason_to_skip(measure::chase::scenario({}), conditions), "") << "a mere chase";
    conditions.tlb_lack = {};
    EXPECT_EQ(reason_to_skip(reads, conditions), "");
}

TEST(Conditions, AGuestThatHangsNeedsAWatchdog) {
    const Scenario hang{.workload = &measure::hang::kWorkload};
    EXPECT_EQ(reason_to_skip(hang, {}), "");
    EXPECT_NE(reason_to_skip(hang, {.watches = false}), "");
    EXPECT_EQ(reason_to_skip(timer(Delivery::kNative), {.watches = false}), "");
}

TEST(Conditions, TheSecondCoreMustBeThereAndNotBeCounted) {
    const Scenario loaded = timer(Delivery::kNative, measure::Load::kCore);
    EXPECT_NE(reason_to_skip(loaded, {.clock = Clock::kCycles}), "");
    EXPECT_EQ(reason_to_skip(loaded, {.clock = Clock::kCycles, .has_second_core = true}), "");
    EXPECT_NE(reason_to_skip(loaded, {.has_second_core = true}), "") << "icount counts both";
    EXPECT_EQ(reason_to_skip(loaded, {.clock = Clock::kCycles,
                                      .has_second_core = true,
                                      .second_core_lack = "it did not come"}),
              "it did not come");
}

TEST(Conditions, AVirtualCpuOnAnotherCoreNeedsThatCoreAndAWatchdog) {
    using measure::exits::Exit;
    const Scenario ipi = measure::exits::scenario({Exit::kIpiOtherCore, 1});
    EXPECT_NE(reason_to_skip(ipi, {}), "") << "there is no second core";
    EXPECT_EQ(reason_to_skip(ipi, {.has_second_core = true}), "") << "instructions of both count";
    EXPECT_NE(reason_to_skip(ipi, {.has_second_core = true, .watches = false}), "");
    EXPECT_NE(reason_to_skip(ipi, {.has_second_core = true, .second_core_goes_off = false}), "")
        << "icount counts a core that waits in a loop, from then on";
    EXPECT_EQ(
        reason_to_skip(
            ipi, {.clock = Clock::kCycles, .has_second_core = true, .second_core_goes_off = false}),
        "");
    EXPECT_EQ(reason_to_skip(ipi, {.has_second_core = true, .second_core_lack = "it did not come"}),
              "it did not come");
    EXPECT_EQ(reason_to_skip(measure::exits::scenario({Exit::kIpiSameCore, 1}), {}), "");
}

TEST(Conditions, SeveralVirtualCpusNeedAnEndOfInterruptInTwoSteps) {
    using measure::exits::Exit;
    Conditions conditions{.has_second_core = true};
    conditions.machine.splits_end_of_interrupt = false;
    for (const Exit exit : {Exit::kIpiOtherCore, Exit::kIpiSameCore}) {
        EXPECT_NE(reason_to_skip(measure::exits::scenario({exit, 1}), conditions), "");
    }
    EXPECT_EQ(reason_to_skip(measure::exits::scenario({Exit::kSelfSgi, 1}), conditions), "");
}

TEST(Conditions, ADevicesInterruptNeedsADeviceAndWhatItsDeliveryNeeds) {
    Scenario spi = measure::exits::scenario({measure::exits::Exit::kSpi, 1});
    Conditions conditions;
    for (const Delivery delivery :
         {Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft, Delivery::kDirect}) {
        spi.delivery = delivery;
        conditions.machine = {};
        EXPECT_EQ(reason_to_skip(spi, conditions), "");
        conditions.machine.links_interrupts = false;
        EXPECT_EQ(reason_to_skip(spi, conditions).empty(), delivery != Delivery::kInjected);
        conditions.machine = {};
        conditions.machine.splits_end_of_interrupt = false;
        EXPECT_NE(reason_to_skip(spi, conditions), "");
        conditions.machine = {};
        conditions.machine.has_spare_timer = false;
        EXPECT_NE(reason_to_skip(spi, conditions), "");
    }
}

TEST(Conditions, AClockSlipsOnlyInWfiOfAGuestThatHasItsCoreForItself) {
    EXPECT_GT(slip_of(timer(Delivery::kInjected), Clock::kInstructions), 0U);
    EXPECT_EQ(slip_of(timer(Delivery::kInjected), Clock::kCycles), 0U);
    EXPECT_EQ(slip_of(timer(Delivery::kShared), Clock::kInstructions), 0U);
    Scenario spinning = timer(Delivery::kNative);
    spinning.wait = measure::Wait::kSpin;
    EXPECT_EQ(slip_of(spinning, Clock::kInstructions), 0U);
}

TEST(Conditions, NothingIsPrintedWhereItWouldBeMeasured) {
    EXPECT_TRUE(may_print(timer(Delivery::kNative)));
    EXPECT_FALSE(may_print(timer(Delivery::kBoosted)));
    EXPECT_FALSE(may_print(measure::boot::scenario({measure::kMiB}, measure::Mapping::kNone)));
}

TEST(Conditions, AGuestWhoseWaitsSlippedRunsAgainAFewTimes) {
    measure::GuestReport report{};
    EXPECT_FALSE(is_worth_another_run(report, Clock::kInstructions, 1));
    report.slips = 1;
    EXPECT_TRUE(is_worth_another_run(report, Clock::kInstructions, 1));
    EXPECT_TRUE(is_worth_another_run(report, Clock::kInstructions, 9));
    EXPECT_FALSE(is_worth_another_run(report, Clock::kInstructions, 10)) << "it fails then";
    EXPECT_FALSE(is_worth_another_run(report, Clock::kCycles, 1)) << "it is no slip there";
}

}  // namespace
}  // namespace hm::session
