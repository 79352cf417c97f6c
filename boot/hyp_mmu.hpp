#pragma once
// HYP's own address space: everything at its own address, nothing both writable and executable,
// nothing below the stacks.

#include <cstdint>

#include "board/facts.hpp"
#include "drivers/mmu/address.hpp"

namespace hm::boot {

using board::Ram;

/// The frames between the monitor's image and the guest's memory: the first ones are HYP's own
/// tables, the rest is for stage 2.
struct TableFrames {
    mmu::Pa begin;
    unsigned count;
};
[[nodiscard]] TableFrames stage2_frames();

/// Maps image, RAM and devices and turns MMU and caches on. False where RAM does not hold the image
/// or tables run out.
[[nodiscard]] bool start_hyp_mmu(const Ram& ram);

/// Turns this core's MMU and caches on, with the tables that start_hyp_mmu made. For each core once
/// after it was started; they never change afterwards, so that no core's TLB must hear of
/// another's.
void enter_hyp_space();

/// Writes what HYP has in its data, stacks and tables back to the point of coherency, where cores
/// find it whose caches are off, and drops it from the caches, this core's and the others'.
void clean_hyp_memory();

/// The root of HYP's tables.
[[nodiscard]] mmu::Pa hyp_root();

}  // namespace hm::boot
