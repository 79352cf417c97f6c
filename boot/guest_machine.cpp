#include "boot/guest_machine.hpp"

#include "board.hpp"

namespace hm::boot {

GuestMap guest_map(const measure::ParameterBlock& parameters, std::uint32_t base) {
    return {{
        {.range = {{base}, parameters.demand_base - base},
         .target = {base},
         .attributes = hyp::kGuestMemory,
         .forced = mmu::Size::k4K},
        {.range = {{parameters.cpu_interface}, gic::gicc::kSize},
         .target = {board::kGicv},
         .attributes = hyp::kGuestDevice,
         .forced = std::nullopt},
    }};
}

hyp::VirtualMachine guest_machine(const measure::Scenario& scenario, const GuestSlot& slot,
                                  const GuestMap& map, const measure::ParameterBlock& parameters,
                                  std::uint64_t patience) {
    const bool guest = scenario.world == measure::World::kGuest;
    return {
        .regime = guest ? hyp::Regime::kNested : hyp::Regime::kNative,
        .delivery = guest ? hyp::Delivery::kInjected : hyp::Delivery::kNative,
        .entry = slot.entry(),
        .map = map,
        .demand = {{parameters.demand_base},
                   scenario.task == measure::Task::kDemandFault ? parameters.demand_bytes : 0},
        .distributor = {board::kGicd},
        .stamps_at = scenario.stamps ? slot.stamps() : 0,
        .patience = patience,
    };
}

}  // namespace hm::boot
