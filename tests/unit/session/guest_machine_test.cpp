#include "session/core/guest_machine.hpp"

#include <gtest/gtest.h>

#include "measure/workload/table.hpp"
#include "session/core/slots.hpp"
#include "tests/unit/session/boards.hpp"

namespace hm::session {
namespace {

using measure::Delivery;
using measure::Scenario;

constexpr std::uint32_t kGuest = kVirt.guest_base;
constexpr GuestSlot kSlot{kGuest, kGuest + (std::uint64_t{256} << 20)};
constexpr board::Ram kRam{{0x4000'0000}, std::uint64_t{1} << 30};

hyp::VmConfig machine_of(const Scenario& scenario) {
    static GuestMap map;
    const auto block = parameters_for(kVirt, kSlot, scenario);
    EXPECT_TRUE(block);
    map = guest_map(kVirt, *block, kSlot, scenario);
    return guest_machine(kVirt, scenario, kSlot, map, *block, 1000);
}

TEST(GuestMachine, ADeliveryHasItsRouting) {
    using hyp::InterruptRouting;
    MachineFacts machine;
    EXPECT_EQ(routing_of(machine, Delivery::kNative), InterruptRouting::kStraight);
    EXPECT_EQ(routing_of(machine, Delivery::kDirect), InterruptRouting::kStraight);
    EXPECT_EQ(routing_of(machine, Delivery::kInjected), InterruptRouting::kLinked);
    EXPECT_EQ(routing_of(machine, Delivery::kInjectedSoft), InterruptRouting::kMaintained);
    machine.links_interrupts = false;
    EXPECT_EQ(routing_of(machine, Delivery::kBoosted), InterruptRouting::kMaintained);
}

TEST(GuestMachine, OnlyAGuestWithStraightInterruptsHasTheCpuInterfaceItself) {
    Scenario scenario = measure::timer::scenario({});
    scenario.translation = measure::kPlainNested;
    scenario.delivery = Delivery::kInjected;
    EXPECT_EQ(machine_of(scenario).map[1].target, mmu::Pa{kVirt.virtual_cpu_interface});
    EXPECT_EQ(machine_of(scenario).map[1].range.begin, mmu::Ipa{kVirt.cpu_interface});
    scenario.delivery = Delivery::kDirect;
    EXPECT_EQ(machine_of(scenario).map[1].target, mmu::Pa{kVirt.cpu_interface});
}

TEST(GuestMachine, StampsGoToThePageOfTheirEvents) {
    Scenario timer = measure::timer::scenario({});
    timer.stamps = true;
    EXPECT_EQ(machine_of(timer).stamps_at, kGuest + measure::kHypStampPage);
    EXPECT_EQ(machine_of(timer).fault_stamps_at, 0U);
    Scenario faults = measure::page_fault::scenario({1, 1, 1, {}, {}});
    faults.stamps = true;
    EXPECT_EQ(machine_of(faults).fault_stamps_at, kGuest + measure::kHypFaultStamps);
    EXPECT_EQ(machine_of(faults).stamps_at, 0U);
    faults.stamps = false;
    EXPECT_EQ(machine_of(faults).fault_stamps_at, 0U);
}

TEST(GuestMachine, TheDemandRangeIsMappedServedOrRefusedAsItsWorkloadSays) {
    const auto demand = measure::demand_fault::scenario({4});
    const hyp::VmConfig served = machine_of(demand);
    EXPECT_EQ(served.demand.range.bytes, 4 * 4096U);
    EXPECT_FALSE(served.map[0].range.contains(served.demand.range.begin));
    const Scenario stray{.workload = &measure::stray::kWorkload, .demand_bytes = 4096};
    const mmu::Ipa stray_range{parameters_for(kVirt, kSlot, stray)->demand_base};
    EXPECT_EQ(machine_of(stray).demand.range.bytes, 0U);
    EXPECT_EQ(machine_of(stray).map[0].range.end(), stray_range);
    const Scenario boot = measure::boot::scenario({4096}, measure::Mapping::kPremapped4K);
    const mmu::Ipa boot_range{parameters_for(kVirt, kSlot, boot)->demand_base};
    EXPECT_EQ(machine_of(boot).demand.range.bytes, 0U);
    EXPECT_TRUE(machine_of(boot).map[0].range.contains(boot_range));
}

TEST(GuestMachine, ABootOnDemandFindsNoneOfItsMemoryMapped) {
    const Scenario boot = measure::boot::scenario({4096}, measure::Mapping::kAround16);
    const hyp::VmConfig vm = machine_of(boot);
    EXPECT_EQ(vm.map[0].range.bytes, 0U);
    EXPECT_EQ(vm.demand.range.begin, mmu::Ipa{kGuest});
    EXPECT_EQ(vm.demand.window, 16U);
}

TEST(GuestMachine, OnlyTheGuestThatMeasuresHypercallsGetsTheirShortWay) {
    using measure::hypercall::Path;
    EXPECT_TRUE(machine_of(measure::hypercall::scenario({Path::kNullFast, 1})).null_ends_in_vector);
    EXPECT_FALSE(machine_of(measure::timer::scenario({})).null_ends_in_vector);
}

TEST(GuestMachine, HasABudgetForAllItsWorkAndWaits) {
    // machine_of() has a patience of 1,000 ticks.
    const hyp::VmConfig calls = machine_of(measure::hypercall::scenario({}));
    EXPECT_EQ(calls.patience, 1'000U);
    EXPECT_EQ(calls.budget, 4'000U);
    Scenario timer = measure::timer::scenario({});
    timer.waits = 64 * 500;
    timer.longest = 1'000 * 500;
    EXPECT_EQ(machine_of(timer).patience, 33'000U);
    EXPECT_EQ(machine_of(timer).budget, 4'000U + 32'000U + 500'000U);
}

TEST(GuestMachine, TwoVmsOnOneCoreHaveDifferentVmidsAndNames) {
    // Entries of the TLB that differ in nothing else would be the other VM's (ARM DDI 0406C.d,
    // B3.9.2).
    Scenario scenario = measure::timer::scenario({});
    scenario.delivery = Delivery::kShared;
    scenario.load = measure::Load::kVmCompute;
    const auto block = companion_parameters(kVirt, kSlot, scenario);
    ASSERT_TRUE(block);
    const GuestMap map = companion_map(kVirt, *block, kSlot);
    const hyp::Companion companion = companion_machine(kVirt, scenario, kSlot, map, *block);
    EXPECT_NE(companion.vm.vmid, machine_of(scenario).vmid);
    EXPECT_EQ(companion.vm.name, "companion");
    EXPECT_EQ(machine_of(scenario).name, "guest");
    // Two pages below the distributor, with the test device between them (measure/guest_abi.hpp).
    for (const hyp::VmConfig& vm : {companion.vm, machine_of(scenario)}) {
        ASSERT_TRUE(vm.uart);
        EXPECT_EQ(vm.uart->base.value, kVirt.distributor - 0x2000U);
    }
}

TEST(GuestSlot, TheParameterBlockCarriesWhatThePlanSays) {
    const measure::chase::Arguments arguments{.bytes = 1U << 20,
                                              .laps = 3,
                                              .order = measure::ChaseOrder::kRandom,
                                              .stride = 64,
                                              .tlb = measure::TlbState::kWarm};
    Scenario scenario = measure::chase::scenario(arguments);
    scenario.translation = {measure::Stage1::kShort1M, measure::Stage2::k4K};
    const auto block = parameters_for(kVirt, kSlot, scenario);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->task, measure::chase::kTask);
    EXPECT_EQ(block->events, 3U);
    EXPECT_EQ(block->event_bytes, sizeof(measure::Sample));
    EXPECT_EQ(block->work_bytes, 1U << 20);
    EXPECT_EQ(block->stage1, static_cast<std::uint32_t>(measure::Stage1::kShort1M));
    EXPECT_EQ(block->arguments.as<measure::chase::Arguments>().stride, 64U);
    EXPECT_GE(block->memory_end, kGuest + (1U << 20));
    EXPECT_EQ(block->demand_base % (2U << 20), 0U);
}

Scenario spi_in(Delivery delivery) {
    Scenario scenario = measure::exits::scenario({measure::exits::Exit::kSpi, 1});
    scenario.delivery = delivery;
    scenario.translation =
        delivery == Delivery::kNative ? measure::kPlainNative : measure::kPlainNested;
    return scenario;
}

TEST(GuestMachine, OnlyAGuestThatUsesTheSpareTimerHasIt) {
    const hyp::VmConfig vm = machine_of(spi_in(Delivery::kInjected));
    ASSERT_EQ(vm.passed.size(), 1U);
    EXPECT_EQ(vm.passed[0].range.begin, mmu::Ipa{0x0901'0000});
    EXPECT_EQ(vm.passed[0].range.bytes, 4096U);
    EXPECT_EQ(vm.passed[0].target, mmu::Pa{0x0901'0000});
    EXPECT_EQ(vm.passed[0].interrupt.interrupt, 34U);
    EXPECT_EQ(vm.passed[0].interrupt.physical, 34U);
    EXPECT_TRUE(
        machine_of(measure::exits::scenario({measure::exits::Exit::kSelfSgi, 1})).passed.empty());
}

// The emulated distributor has the IDs up to 63; Arndale's timer has 71.
TEST(GuestSlot, AVmWithFewerInterruptsThanItsMachineHasTheSpareTimersUnderAnother) {
    constexpr GuestSlot kArndaleSlot{kArndale.guest_base,
                                     kArndale.guest_base + (std::uint64_t{256} << 20)};
    struct Ids {
        Delivery delivery;
        std::uint32_t interrupt, acknowledged;
    };
    for (const Ids& ids : {Ids{Delivery::kNative, 71, 71}, Ids{Delivery::kInjected, 63, 63},
                           Ids{Delivery::kInjectedSoft, 63, 63}, Ids{Delivery::kDirect, 63, 71}}) {
        const auto block = parameters_for(kArndale, kArndaleSlot, spi_in(ids.delivery));
        ASSERT_TRUE(block);
        EXPECT_EQ(block->spare_timer.kind,
                  static_cast<std::uint32_t>(timer::SpareKind::kExynosPwm));
        EXPECT_EQ(block->spare_timer.base, 0x12dd'0000U);
        EXPECT_EQ(block->spare_timer.interrupt, ids.interrupt);
        EXPECT_EQ(block->spare_timer.acknowledged, ids.acknowledged);
    }
    const auto without = parameters_for(kArndale, kArndaleSlot, measure::timer::kTask, {});
    ASSERT_TRUE(without);
    EXPECT_EQ(without->spare_timer.kind, 0U);
}

TEST(GuestSlot, AGuestThatDoesNotFitHasNoParameters) {
    EXPECT_FALSE(parameters_for(kVirt, {kGuest, kGuest + (1U << 20)}, measure::timer::kTask, {}));
    EXPECT_FALSE(parameters_for(kVirt, kSlot, measure::timer::kTask, {std::uint64_t{5} << 30, 0}));
    EXPECT_FALSE(parameters_for(kVirt, kSlot, measure::timer::kTask, {0, 250U << 20}));
}

TEST(GuestSlot, ACompanionDoesWhatTheLoadSaysUnlessTheScenarioKnowsBetter) {
    Scenario scenario = measure::timer::scenario({});
    scenario.load = measure::Load::kVmFault;
    auto block = companion_parameters(kVirt, kSlot, scenario);
    EXPECT_EQ(block->task, measure::load::kFault);
    EXPECT_EQ(block->demand_bytes, 16 * 4096U);
    scenario.companion = measure::load::kYield;
    block = companion_parameters(kVirt, kSlot, scenario);
    EXPECT_EQ(block->task, measure::load::kYield);
    EXPECT_EQ(block->demand_bytes, 0U);
}

TEST(GuestSlot, EventsMustLieInTheGuestsOwnMemory) {
    const auto block = parameters_for(kVirt, kSlot, measure::parity::scenario({{}, 4}));
    ASSERT_TRUE(block);
    measure::GuestReport report{};
    report.events_at = kGuest + 0x10000;
    report.event_count = 4;
    EXPECT_EQ(offset_of_events(kVirt, *block, report), 0x10000U);
    report.events_at = kGuest - 4;
    EXPECT_FALSE(offset_of_events(kVirt, *block, report)) << "below it";
    report.events_at = kGuest + 2;
    EXPECT_FALSE(offset_of_events(kVirt, *block, report)) << "between words";
    report.events_at =
        block->demand_base + block->demand_bytes - std::uint32_t{sizeof(measure::Sample)};
    EXPECT_FALSE(offset_of_events(kVirt, *block, report)) << "beyond its end";
    report.event_count = 2;
    EXPECT_FALSE(offset_of_events(kVirt, *block, report)) << "one beyond its end";
    report.event_count = 1;
    EXPECT_TRUE(offset_of_events(kVirt, *block, report));
    report.event_count = UINT32_MAX;
    EXPECT_FALSE(offset_of_events(kVirt, *block, report)) << "the sum must not wrap around";
}

TEST(Slots, NoTwoOverlapAndAllLieInMemory) {
    const Slots slots = slots_in(kVirt, kRam, true);
    EXPECT_EQ(slots.measured.begin, kGuest);
    EXPECT_EQ(slots.measured.end, slots.companion.begin);
    EXPECT_EQ(slots.companion.end, slots.stream.base);
    EXPECT_EQ(slots.stream.base + slots.stream.bytes, slots.records);
    EXPECT_EQ(slots.records + std::uint64_t{slots.record_bytes}, kRam.end().value);
    EXPECT_EQ(slots_in(kVirt, kRam, false).record_bytes, 0U);
}

TEST(Slots, AGigabyteForAGuestIsOneWithoutTheMonitor) {
    EXPECT_FALSE(slots_in(kVirt, kRam, false).gigabyte);
    const board::Ram more{kRam.begin, std::uint64_t{2} << 30};
    const Slots slots = slots_in(kVirt, more, false);
    ASSERT_TRUE(slots.gigabyte);
    EXPECT_EQ(slots.gigabyte->begin, 0x8000'0000 + kGuest % (1U << 30));
    Scenario scenario = measure::chase::scenario({});
    EXPECT_EQ(slots.of(scenario), &slots.measured);
    scenario.translation.stage2 = measure::Stage2::k1G;
    EXPECT_EQ(slots.of(scenario), &*slots.gigabyte);
    EXPECT_EQ(slots_in(kVirt, kRam, false).of(scenario), nullptr);
}

}  // namespace
}  // namespace hm::session
