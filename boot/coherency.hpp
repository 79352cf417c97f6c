#pragma once
// Each core takes part in coherency before it does any maintenance.

namespace hm::boot {

/// Sets ACTLR.SMP, and in Secure state (`secure`) what works around errata too, if that is not set
/// already. reset.S calls it on each core in HYP mode too, before everything that maintains caches
/// or TLBs. Uses hardly more than a stack.
extern "C" void join_coherency(bool secure);

/// Whether this core takes part now, as far as the machine shows it. Firmware may have set SMP, and
/// may not allow Non-secure state to; QEMU's cores read ACTLR as 0, whatever was written.
[[nodiscard]] bool is_coherent();

}  // namespace hm::boot
