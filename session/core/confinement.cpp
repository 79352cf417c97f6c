#include "session/core/confinement.hpp"

#include <algorithm>

namespace hm::session {

namespace {

using Memory = mmu::Range<mmu::Pa>;

Memory between(std::uint64_t begin, std::uint64_t end) {
    return {{begin}, end > begin ? end - begin : 0};
}

/// The first address that both have.
std::optional<mmu::Pa> first_common(const Memory& one, const Memory& other) {
    const mmu::Pa begin = std::max(one.begin, other.begin);
    return begin < std::min(one.end(), other.end()) ? std::optional(begin) : std::nullopt;
}

bool lies_in(const Memory& part, const Memory& whole) {
    return part.begin >= whole.begin && part.end() <= whole.end();
}

}  // namespace

Confinement::Confinement(const Platform& platform, const board::Ram& ram, const Slots& slots)
    : platform_(platform),
      slots_(slots),
      // On every board all devices lie below memory.
      kept_{{{"a device", between(0, ram.begin.value)},
             {"memory below the monitor", between(ram.begin.value, platform.image)},
             {"the monitor", between(platform.image, platform.guest_base)},
             {"the second core's memory", {{slots.stream.base}, slots.stream.bytes}},
             {"the records that are kept", {{slots.records}, slots.record_bytes}},
             {"what lies beyond memory", between(ram.end().value, mmu::Pa::limit)}}} {}

std::optional<Breach> Confinement::of_measured(const measure::Scenario& scenario,
                                               const hyp::VmConfig& vm) const {
    return find(vm, slots_.memory_of(scenario), slots_.companion.memory());
}

std::optional<Breach> Confinement::of_companion(const measure::Scenario& scenario,
                                                const hyp::VmConfig& vm) const {
    return find(vm, slots_.companion.memory(), slots_.memory_of(scenario));
}

std::optional<Breach> Confinement::find(const hyp::VmConfig& vm, const Memory& own,
                                        const Memory& other) const {
    if (vm.stages == hyp::Stages::kStage1Only) {
        return std::nullopt;
    }
    const Memory interface = cpu_interface_of(vm);
    for (const hyp::MemoryRegion& region : vm.map) {
        const Memory seen{region.target, region.range.bytes};
        if (lies_in(seen, interface)) {
            continue;
        }
        if (const auto breach = find(seen, own, other)) {
            return breach;
        }
    }
    for (const hyp::PassedDevice& device : vm.passed) {
        const Memory seen{device.target, device.range.bytes};
        if (lies_in(seen, spare_timer())) {
            continue;
        }
        if (const auto breach = find(seen, own, other)) {
            return breach;
        }
    }
    return find({vm.demand.target, vm.demand.range.bytes}, own, other);
}

std::optional<Breach> Confinement::find(const Memory& seen, const Memory& own,
                                        const Memory& other) const {
    if (seen.bytes == 0) {
        return std::nullopt;
    }
    if (const auto at = first_common(seen, other)) {
        return Breach{"the other VM's memory", *at};
    }
    for (const Kept& kept : kept_) {
        if (const auto at = first_common(seen, kept.memory)) {
            return Breach{kept.what, *at};
        }
    }
    if (!lies_in(seen, own)) {
        return Breach{"memory that is not its own",
                      seen.begin < own.begin ? seen.begin : std::max(seen.begin, own.end())};
    }
    return std::nullopt;
}

/// A page, or nothing.
Confinement::Memory Confinement::spare_timer() const {
    return platform_.spare_timer ? Memory{{platform_.spare_timer->base}, mmu::kFrameBytes}
                                 : Memory{};
}

/// GICV, which has GICC's layout; GICC itself where interrupts go straight to the guest.
Confinement::Memory Confinement::cpu_interface_of(const hyp::VmConfig& vm) const {
    const bool straight = vm.routing == hyp::InterruptRouting::kStraight;
    return {{straight ? platform_.cpu_interface : platform_.virtual_cpu_interface},
            gic::gicc::kSize};
}

}  // namespace hm::session
