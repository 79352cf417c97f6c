#include "session/core/guest_machine.hpp"

#include "measure/workload/workload.hpp"

namespace hm::session {

namespace {

using measure::Delivery;
using measure::DemandRange;

hyp::Stages stages_of(measure::Regime regime) {
    switch (regime) {
        case measure::Regime::kStage2:
            return hyp::Stages::kStage2Only;
        case measure::Regime::kNested:
            return hyp::Stages::kBoth;
        case measure::Regime::kNative:
            break;
    }
    return hyp::Stages::kStage1Only;
}

mmu::Size block_size(const measure::Scenario& scenario) {
    switch (scenario.translation.stage2) {
        case measure::Stage2::k2M:
        case measure::Stage2::k2MFromLevel2:
            return mmu::Size::k2M;
        case measure::Stage2::k1G:
            return mmu::Size::k1G;
        default:
            return scenario.mapping == measure::Mapping::kPremapped2M ? mmu::Size::k2M
                                                                      : mmu::Size::k4K;
    }
}

/// The guest's memory up to `end` in blocks of `size`. They may reach beyond it, to where both
/// addresses are multiples of that.
hyp::MemoryRegion memory_below(std::uint32_t end, const Platform& platform, const GuestSlot& slot,
                               mmu::Size size) {
    const mmu::Ipa begin = align_down(mmu::Ipa{platform.guest_base}, size);
    return {.range = {begin, align_up(mmu::Ipa{end}, size) - begin},
            .target = align_down(slot.base(), size),
            .attributes = hyp::kGuestMemory,
            .forced = size};
}

/// Ticks after which the watchdog ends a guest whatever progress it reports. Where it has no
/// checkpoints, `patience` ends it before.
std::uint64_t budget_of(const measure::Scenario& scenario, std::uint64_t patience) {
    constexpr std::uint64_t kPatiences = 4;  // a busy host's time counts where ticks are time
    return kPatiences * patience + scenario.waits + scenario.longest;
}

hyp::MemoryRegion cpu_interface(const measure::ParameterBlock& parameters, std::uint32_t target) {
    return {.range = {{parameters.cpu_interface}, gic::gicc::kSize},
            .target = {target},
            .attributes = hyp::kGuestDevice,
            .forced = std::nullopt};
}

/// What every guest has: its memory, and interrupts through a linked list register.
hyp::VmConfig machine_in(const Platform& platform, const GuestSlot& slot, const GuestMap& map,
                         const measure::ParameterBlock& parameters) {
    return {
        .stages = hyp::Stages::kBoth,
        .routing = hyp::InterruptRouting::kLinked,
        .entry = platform.guest_base + measure::kGuestImageOffset,
        .map = map.regions,
        .demand = {.range = {{parameters.demand_base}, parameters.demand_bytes},
                   .target = slot.base() + (parameters.demand_base - platform.guest_base)},
        .distributor = {platform.distributor},
        .has_test_device = true,
        .passed = map.device ? std::span(&*map.device, 1) : std::span<const hyp::PassedDevice>{},
        .uart = hyp::UartConfig{.base = {measure::uart(platform.distributor)}},
    };
}

}  // namespace

hyp::InterruptRouting routing_of(const MachineFacts& machine, Delivery delivery) {
    switch (delivery) {
        case Delivery::kNative:
        case Delivery::kDirect:
            return hyp::InterruptRouting::kStraight;
        case Delivery::kInjectedSoft:
            return hyp::InterruptRouting::kMaintained;
        default:
            // Rows that measure the link are skipped if there is none
            // (session/core/conditions.cpp).
            return machine.links_interrupts ? hyp::InterruptRouting::kLinked
                                            : hyp::InterruptRouting::kMaintained;
    }
}

GuestMap guest_map(const Platform& platform, const measure::ParameterBlock& parameters,
                   const GuestSlot& slot, const measure::Scenario& scenario) {
    const std::uint32_t demand_bytes =
        scenario.workload->demand == DemandRange::kMapped ? parameters.demand_bytes : 0;
    GuestMap map{.regions{
        memory_below(parameters.demand_base + demand_bytes, platform, slot, block_size(scenario)),
        cpu_interface(parameters, scenario.delivery == Delivery::kDirect
                                      ? platform.cpu_interface
                                      : platform.virtual_cpu_interface)}};
    if (measure::is_on_demand(scenario.mapping)) {
        map.regions[0].range.bytes = 0;
    }
    if (scenario.uses_spare_timer && platform.spare_timer) {
        map.device = {.range = {{platform.spare_timer->base}, mmu::kFrameBytes},
                      .target = {platform.spare_timer->base},
                      .interrupt = interrupt_of(*platform.spare_timer)};
    }
    return map;
}

GuestMap companion_map(const Platform& platform, const measure::ParameterBlock& parameters,
                       const GuestSlot& slot) {
    return {.regions{memory_below(parameters.demand_base, platform, slot, mmu::Size::k4K),
                     cpu_interface(parameters, platform.virtual_cpu_interface)}};
}

hyp::VmConfig guest_machine(const Platform& platform, const measure::Scenario& scenario,
                            const GuestSlot& slot, const GuestMap& map,
                            const measure::ParameterBlock& parameters, std::uint64_t patience) {
    hyp::VmConfig vm = machine_in(platform, slot, map, parameters);
    vm.stages = stages_of(scenario.translation.regime());
    vm.stage2_start = measure::starts_at_level2(scenario.translation.stage2)
                          ? hyp::Stage2Start::kLevel2
                          : hyp::Stage2Start::kLevel1;
    vm.routing = routing_of(platform.machine, scenario.delivery);
    if (measure::is_on_demand(scenario.mapping)) {
        vm.demand = {
            .range = {{platform.guest_base},
                      parameters.demand_base + parameters.demand_bytes - platform.guest_base},
            .target = slot.base(),
            .window = measure::pages_a_fault(scenario.mapping)};
    } else if (scenario.workload->demand != DemandRange::kOnTouch) {
        vm.demand = {};
    }
    if (scenario.stamps) {
        if (scenario.workload->events == measure::EventKind::kWakeUp) {
            vm.stamps_at = slot.stamps();
        } else {
            vm.fault_stamps_at = slot.fault_stamps();
        }
    }
    vm.patience = patience + scenario.waits;
    vm.budget = budget_of(scenario, patience);
    vm.null_ends_in_vector = scenario.workload->null_ends_in_vector;
    vm.masking_is_watched = scenario.masking_is_watched;
    vm.cpus = scenario.second_cpu == measure::SecondCpu::kNone ? 1 : 2;
    vm.placement = scenario.second_cpu == measure::SecondCpu::kOtherCore ? hyp::Placement::kOwnCores
                                                                         : hyp::Placement::kOneCore;
    vm.slice = scenario.slice;
    vm.traps_wfi = scenario.wait == measure::Wait::kWfiTrapped;
    return vm;
}

hyp::Companion companion_machine(const Platform& platform, const measure::Scenario& scenario,
                                 const GuestSlot& slot, const GuestMap& map,
                                 const measure::ParameterBlock& parameters) {
    hyp::Companion companion{
        .vm = machine_in(platform, slot, map, parameters),
        .policy =
            scenario.delivery == Delivery::kBoosted ? hyp::Policy::kBoosted : hyp::Policy::kShared,
        .slice = scenario.slice,
        .ends_in_turn = scenario.workload->events == measure::EventKind::kWakeUp};
    companion.vm.vmid = 2;
    companion.vm.name = "companion";
    companion.vm.has_counters = false;
    return companion;
}

}  // namespace hm::session
