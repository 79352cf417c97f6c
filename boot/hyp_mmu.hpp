#pragma once
// HYP's own address space: everything at its own address, nothing both writable and executable, and
// guard pages below the stacks.

#include <cstdint>

#include "board/facts.hpp"
#include "drivers/mmu/address.hpp"

namespace hm::boot {

using board::Ram;

/// The frames between the monitor's image and the guest's memory. The first ones are HYP's own
/// tables, the others are for stage 2.
struct TableFrames {
    mmu::Pa begin;
    unsigned count;
};
[[nodiscard]] TableFrames stage2_frames();

/// Maps image, RAM and devices, and turns MMU and caches on. False if RAM does not hold the image,
/// or if there are too few frames for tables.
[[nodiscard]] bool start_hyp_mmu(const Ram& ram);

/// Turns this core's MMU and caches on, with the tables that start_hyp_mmu made. Each core calls it
/// once after it was started. The tables never change afterwards, so no core has to drop TLB
/// entries for another.
void enter_hyp_space();

/// Writes HYP's data, stacks and tables back to the point of coherency, where cores whose caches
/// are off find them, and drops them from the caches of all cores.
void clean_hyp_memory();

/// The root of HYP's tables.
[[nodiscard]] mmu::Pa hyp_root();

}  // namespace hm::boot
