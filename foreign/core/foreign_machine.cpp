#include "foreign/core/foreign_machine.hpp"

#include "hyp/core/time.hpp"
#include "session/core/guest_machine.hpp"

namespace hm::foreign {

namespace {

using measure::Delivery;
using measure::Mapping;

mmu::Range<mmu::Ipa> memory_of(const measure::Bundle& bundle) {
    return {{bundle.memory_base}, bundle.memory_bytes};
}

}  // namespace

std::optional<mmu::Pa> place_of_memory(const measure::Bundle& bundle, const board::Ram& ram,
                                       mmu::Pa end) {
    const mmu::Pa begin =
        is_native(bundle) ? mmu::Pa{bundle.memory_base} : align_up(ram.begin, mmu::Size::k2M);
    if (begin < ram.begin || begin > end || bundle.memory_bytes > end - begin) {
        return std::nullopt;
    }
    return begin;
}

ForeignMap map_of(const measure::Bundle& bundle, mmu::Pa memory,
                  const session::Platform& platform) {
    mmu::Range<mmu::Ipa> range = memory_of(bundle);
    if (measure::is_on_demand(mapping_of(bundle))) {
        range.bytes = 0;
    }
    return {
        hyp::MemoryRegion{.range = range,
                          .target = memory,
                          .attributes = hyp::kGuestMemory,
                          .forced = mapping_of(bundle) == Mapping::kPremapped2M ? mmu::Size::k2M
                                                                                : mmu::Size::k4K},
        hyp::MemoryRegion{.range = {{bundle.cpu_interface}, gic::gicc::kSize},
                          .target = {platform.virtual_cpu_interface},
                          .attributes = hyp::kGuestDevice,
                          .forced = std::nullopt}};
}

hyp::VmConfig machine_of(const measure::Bundle& bundle, mmu::Pa memory, const ForeignMap& map,
                         const MachineFacts& machine) {
    const bool native = is_native(bundle);
    hyp::VmConfig vm{
        .stages = native ? hyp::Stages::kStage1Only : hyp::Stages::kBoth,
        .placement = hyp::Placement::kOwnCores,
        .routing = session::routing_of(machine, delivery_of(bundle)),
        .cpus = bundle.cpus,
        .entry = bundle.entry,
        .map = map,
        .distributor = {bundle.distributor},
        .uart = hyp::UartConfig{.base = {bundle.uart},
                                .interrupt = static_cast<gic::IntId>(bundle.uart_interrupt),
                                .look_for_input = native ? 0 : bundle.look_for_input},
        .name = "",
        .patience = hyp::kLongest,
        .budget = hyp::kLongest,
        .exits_are_counted = bundle.exits_are_counted != 0 && !native,
        .is_left_alone = native,
    };
    if (!native && measure::is_on_demand(mapping_of(bundle))) {
        vm.demand = {.range = memory_of(bundle),
                     .target = memory,
                     .window = measure::pages_a_fault(mapping_of(bundle))};
    }
    return vm;
}

std::string_view what_is_in_the_way(const measure::Bundle& bundle, bool has_second_core) {
    if (delivery_of(bundle) == Delivery::kDirect) {
        return "delivery direct brings only the machine's own interrupts, and this guest has "
               "emulated ones";
    }
    if (bundle.cpus == 1) {
        const bool shares = measure::shares_core(delivery_of(bundle));
        return shares && bundle.look_for_input != 0
                   ? "a guest that shares its core with a second VM gets no input"
                   : std::string_view();
    }
    if (!has_second_core) {
        return "two virtual CPUs need a second core, and the machine has none that can be used";
    }
    if (measure::shares_core(delivery_of(bundle))) {
        return "two virtual CPUs are for deliveries native, injected and injected-soft";
    }
    return measure::is_on_demand(mapping_of(bundle)) && !is_native(bundle)
               ? "memory is mapped on demand only for one virtual CPU"
               : std::string_view();
}

}  // namespace hm::foreign
