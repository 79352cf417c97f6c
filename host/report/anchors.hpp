#pragma once
// Other hypervisors on the same emulated machine, to compare with ours.
//
// Measured with QEMU 7.2 -icount, machine virt, Cortex-A15, one instruction = one tick; medians of
// 15 x 2000 operations of a small guest, the loop's own share removed; three runs were identical.
// Xen 4.17 armhf of Debian (a dom0less domU); Xvisor of 2026-03 (default v7-ve); KVM/ARM of Linux
// 4.9.80 with a small user space of its own; and the same guest without any hypervisor.

#include <string_view>
#include <vector>

#include "host/report/section.hpp"

namespace hm::host {

/// Instructions that one operation takes.
struct Anchor {
    std::string_view operation;
    double xen;
    double xvisor;
    double kvm;
    double bare;
};

/// A call that does next to nothing: PSCI_VERSION by HVC. Bare: a stub that only returns.
inline constexpr Anchor kCallAnchor{"hypercall, to HYP and back", 553, 450, 1234, 1};
/// A virtual timer from its deadline until the guest's handler reads the counter.
inline constexpr Anchor kSpinAnchor{"timer to guest, spinning", 1218, 2480, 1698, 5};
/// KVM takes 1,416 while the host still polls.
inline constexpr Anchor kWfiAnchor{"timer to guest, in WFI", 9416, 4913, 7944, 6};

/// An operation of theirs that this run measured too, on the same emulator.
struct BesideAnchor {
    const Anchor* anchor;
    double ours;
};
[[nodiscard]] std::vector<BesideAnchor> beside_anchors(const GroupedResults& run);

/// Our calls and timers beside theirs, counted on the same emulator.
[[nodiscard]] std::string anchors_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

}  // namespace hm::host
