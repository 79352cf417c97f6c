#include "boot/guest_machine.hpp"

#include "board.hpp"

namespace hm::boot {

namespace {

using measure::Delivery;
using measure::Load;
using measure::Task;

hyp::Delivery delivery_by_hyp(Delivery delivery) {
    switch (delivery) {
        case Delivery::kNative:
        case Delivery::kDirect:
            return hyp::Delivery::kStraight;
        case Delivery::kInjectedSoft:
            return hyp::Delivery::kInjectedSoft;
        default:
            return hyp::Delivery::kInjected;
    }
}

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

/// What a machine has of its memory, whoever it is.
hyp::VirtualMachine machine_in(const GuestSlot& slot, const GuestMap& map,
                               const measure::ParameterBlock& parameters) {
    return {
        .regime = hyp::Regime::kNested,
        .delivery = hyp::Delivery::kInjected,
        .entry = guest_base() + measure::kGuestImageOffset,
        .map = map,
        .demand = {{parameters.demand_base}, parameters.demand_bytes},
        .demand_target = slot.base() + (parameters.demand_base - guest_base()),
        .distributor = {board::kGicd},
    };
}

}  // namespace

GuestMap guest_map(const measure::ParameterBlock& parameters, const GuestSlot& slot,
                   Delivery delivery) {
    const std::uint32_t base = guest_base();
    return {{
        {.range = {{base}, parameters.demand_base - base},
         .target = slot.base(),
         .attributes = hyp::kGuestMemory,
         .forced = mmu::Size::k4K},
        {.range = {{parameters.cpu_interface}, gic::gicc::kSize},
         .target = {delivery == Delivery::kDirect ? board::kGicc : board::kGicv},
         .attributes = hyp::kGuestDevice,
         .forced = std::nullopt},
    }};
}

hyp::VirtualMachine guest_machine(const measure::Scenario& scenario, const GuestSlot& slot,
                                  const GuestMap& map, const measure::ParameterBlock& parameters,
                                  std::uint64_t patience) {
    hyp::VirtualMachine vm = machine_in(slot, map, parameters);
    vm.regime =
        scenario.delivery == Delivery::kNative ? hyp::Regime::kNative : hyp::Regime::kNested;
    vm.delivery = delivery_by_hyp(scenario.delivery);
    vm.demand.bytes = scenario.task == Task::kDemandFault ? parameters.demand_bytes : 0;
    vm.stamps_at = scenario.stamps ? slot.stamps() : 0;
    vm.patience = patience;
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

}  // namespace hm::boot
