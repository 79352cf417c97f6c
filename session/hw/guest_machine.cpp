#include "session/hw/guest_machine.hpp"

#include "board.hpp"
#include "board/machine.hpp"

namespace hm::session {

namespace {

using measure::Delivery;
using measure::Load;
using measure::Task;

Task task_of(Load load) {
    switch (load) {
        case Load::kVmCompute:
        case Load::kAll:
            return Task::kLoadCompute;
        case Load::kVmFault:
            return Task::kLoadFault;
        case Load::kVmHypercall:
            return Task::kLoadHypercall;
        default:
            return Task::kLoadIdle;
    }
}

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

/// Whether the guest's demand range stays out of stage 2 at first.
bool leaves_demand_range(Task task) {
    return task == Task::kDemandFault || task == Task::kPageFault || task == Task::kStray;
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
hyp::MemoryRegion memory_below(std::uint32_t end, const GuestSlot& slot, mmu::Size size) {
    const mmu::Ipa begin = align_down(mmu::Ipa{guest_base()}, size);
    return {.range = {begin, align_up(mmu::Ipa{end}, size) - begin},
            .target = align_down(slot.base(), size),
            .attributes = hyp::kGuestMemory,
            .forced = size};
}

hyp::MemoryRegion cpu_interface(const measure::ParameterBlock& parameters, std::uint32_t target) {
    return {.range = {{parameters.cpu_interface}, gic::gicc::kSize},
            .target = {target},
            .attributes = hyp::kGuestDevice,
            .forced = std::nullopt};
}

/// What a machine has of its memory, whoever it is.
hyp::VmConfig machine_in(const GuestSlot& slot, const GuestMap& map,
                         const measure::ParameterBlock& parameters) {
    return {
        .stages = hyp::Stages::kBoth,
        .routing = hyp::InterruptRouting::kLinked,
        .entry = guest_base() + measure::kGuestImageOffset,
        .map = map,
        .demand = {.range = {{parameters.demand_base}, parameters.demand_bytes},
                   .target = slot.base() + (parameters.demand_base - guest_base())},
        .distributor = {board::kGicd},
    };
}

}  // namespace

hyp::InterruptRouting routing_of(Delivery delivery) {
    switch (delivery) {
        case Delivery::kNative:
        case Delivery::kDirect:
            return hyp::InterruptRouting::kStraight;
        case Delivery::kInjectedSoft:
            return hyp::InterruptRouting::kMaintained;
        default:
            // A row whose subject is the link is skipped where there is none
            // (session/hw/session.cpp).
            return machine().links_interrupts ? hyp::InterruptRouting::kLinked
                                              : hyp::InterruptRouting::kMaintained;
    }
}

GuestMap guest_map(const measure::ParameterBlock& parameters, const GuestSlot& slot,
                   const measure::Scenario& scenario) {
    const std::uint32_t demand_bytes =
        leaves_demand_range(scenario.task) ? 0 : parameters.demand_bytes;
    GuestMap map{memory_below(parameters.demand_base + demand_bytes, slot, block_size(scenario)),
                 cpu_interface(parameters, scenario.delivery == Delivery::kDirect ? board::kGicc
                                                                                  : board::kGicv)};
    if (measure::is_on_demand(scenario.mapping)) {
        map[0].range.bytes = 0;
    }
    return map;
}

GuestMap companion_map(const measure::ParameterBlock& parameters, const GuestSlot& slot) {
    return {memory_below(parameters.demand_base, slot, mmu::Size::k4K),
            cpu_interface(parameters, board::kGicv)};
}

hyp::VmConfig guest_machine(const measure::Scenario& scenario, const GuestSlot& slot,
                            const GuestMap& map, const measure::ParameterBlock& parameters,
                            std::uint64_t patience) {
    hyp::VmConfig vm = machine_in(slot, map, parameters);
    vm.stages = stages_of(scenario.translation.regime());
    vm.stage2_start = measure::starts_at_level2(scenario.translation.stage2)
                          ? hyp::Stage2Start::kLevel2
                          : hyp::Stage2Start::kLevel1;
    vm.routing = routing_of(scenario.delivery);
    if (measure::is_on_demand(scenario.mapping)) {
        vm.demand = {.range = {{guest_base()},
                               parameters.demand_base + parameters.demand_bytes - guest_base()},
                     .target = slot.base(),
                     .window = measure::pages_a_fault(scenario.mapping)};
    } else if (scenario.task != Task::kDemandFault && scenario.task != Task::kPageFault) {
        vm.demand = {};
    }
    if (scenario.stamps) {
        (scenario.task == Task::kTimer ? vm.stamps_at : vm.fault_stamps_at) =
            scenario.task == Task::kTimer ? slot.stamps() : slot.fault_stamps();
    }
    vm.patience = patience;
    vm.null_ends_in_vector = scenario.task == Task::kHypercall;
    vm.traps_wfi = scenario.wait == measure::Wait::kWfiTrapped;
    return vm;
}

std::optional<measure::ParameterBlock> companion_parameters(const measure::Scenario& scenario,
                                                            const GuestSlot& slot) {
    constexpr std::uint32_t kFaultPages = 16;
    const bool yields = scenario.task == Task::kHypercall;
    return slot.parameters_for(yields ? Task::kLoadYield : task_of(scenario.load), 0,
                               kFaultPages * static_cast<std::uint32_t>(mmu::kFrameBytes));
}

hyp::Companion companion_machine(const measure::Scenario& scenario, const GuestSlot& slot,
                                 const GuestMap& map, const measure::ParameterBlock& parameters) {
    hyp::Companion companion{.vm = machine_in(slot, map, parameters),
                             .policy = scenario.delivery == Delivery::kBoosted
                                           ? hyp::Policy::kBoosted
                                           : hyp::Policy::kShared,
                             .slice = scenario.slice,
                             .ends_in_turn = scenario.task == Task::kTimer};
    companion.vm.vmid = 2;
    companion.vm.has_counters = false;
    return companion;
}

}  // namespace hm::session
