#pragma once
// The physical GIC: set up once, handed over to a guest, and taken back.

#include "hyp/core/cpu.hpp"

namespace hm::hyp {

/// The priority of interrupts that belong to guests.
inline constexpr std::uint32_t kGuestPriority = 0xA0;

/// Sets groups and priorities, and says in `cpu` how the HYP timer's interrupt comes and which list
/// registers there are. `owns_group0`: Secure state has left Group 0 to the HYP timer.
void start_gic(Cpu& cpu, bool owns_group0);

/// As the guest is to find it that `cpu` is about to run.
void hand_over_gic(const Cpu& cpu);

/// Nothing of a guest is left in it.
void take_back_gic();

}  // namespace hm::hyp
