#pragma once
// Reading the performance monitor's counters.

#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/pmu/registers.hpp"

namespace hm::pmu {

/// PMCCNTR between two ISBs: a core that reads it out of order would move work across the reading.
[[gnu::always_inline]] inline std::uint32_t cycles() {
    cpu::isb();
    const std::uint32_t value = cpu::read<Pmccntr>().raw;
    cpu::isb();
    return value;
}

/// Event counter `index`. The ISB orders the selection before the reading (ARM DDI 0406C.d, C12.8.10).
[[gnu::always_inline]] inline std::uint32_t event_count(std::uint32_t index) {
    cpu::write(Pmselr{}.with(Pmselr::kSelect, index));
    cpu::isb();
    return cpu::read<Pmxevcntr>().raw;
}

}  // namespace hm::pmu
