#pragma once
// How the performance monitor is set up: what counts which events, in which modes. A guest that has
// counters can change all of it; its caller finds it again as it was. The counts go on.

#include <array>
#include <cstdint>

#include "drivers/pmu/registers.hpp"

namespace hm::hyp {

struct CounterSetup {
    /// PMCR.N event counters, and the cycle counter.
    static constexpr std::uint32_t kMostFilters = 32;
    pmu::Pmcr control;
    pmu::Pmcntenset enabled;
    std::array<pmu::Pmxevtyper, kMostFilters> filters;
};

[[nodiscard]] CounterSetup counter_setup();

/// Sets all of it, and what no caller uses to zero: overflows, interrupts, access from PL0.
void set_up_counters(const CounterSetup& setup);

}  // namespace hm::hyp
