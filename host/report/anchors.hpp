#pragma once
// Other hypervisors on the same emulated machine, to compare with ours: measured ones where the
// reader has them, and else what was measured earlier with another guest.
//
// Earlier: with QEMU 7.2 -icount, machine virt, Cortex-A15, one instruction = one tick; medians of
// 15 x 2000 operations of a small guest, the loop's own share removed; three runs were identical.
// Xen 4.17 armhf of Debian (a dom0less domU); Xvisor of 2026-03 (default v7-ve); KVM/ARM of Linux
// 4.9.80 with a small user space of its own; and the same guest without any hypervisor.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/report/section.hpp"

namespace hm::host {

/// Instructions that one operation takes, as quoted.
struct Anchor {
    std::string_view operation;
    std::optional<double> xen;
    std::optional<double> xvisor;
    std::optional<double> kvm;
    std::optional<double> bare;
};

/// A call that does next to nothing: PSCI_VERSION by HVC. Bare: a stub that only returns.
inline constexpr Anchor kCallAnchor{"hypercall, to HYP and back", 553, 450, 1234, 1};
/// Reads of CP15 and of the emulated distributor that trap.
inline constexpr Anchor kActlrAnchor{"ACTLR read, trapped", 532, 470, 1463, 0};
inline constexpr Anchor kDistributorAnchor{"GICD_CTLR read, emulated", 761, 753, 1785, 0};
/// UARTFR, which KVM leaves to user space.
inline constexpr Anchor kPl011Anchor{"PL011 flags read, emulated", 745, 708, 2138, 0};
/// From the write of GICD_SGIR to the guest's handler; Xvisor never delivered it.
inline constexpr Anchor kSelfSgiAnchor{"SGI to itself", 1288, std::nullopt, 2445, 11};
/// A virtual timer from its deadline until the guest's handler reads the counter.
inline constexpr Anchor kSpinAnchor{"timer to guest, spinning", 1218, 2480, 1698, 5};
/// KVM takes 1,416 while the host still polls.
inline constexpr Anchor kWfiAnchor{"timer to guest, in WFI", 9416, 4913, 7944, 6};

/// An operation of others that this run measured too.
struct BesideRow {
    std::string_view operation;
    double ours;
    std::vector<std::optional<double>> others;
};

/// This run beside other hypervisors. Nothing if it has none of their operations.
struct Beside {
    std::vector<std::string> names;  ///< of the others
    std::vector<BesideRow> rows;
    std::string note;     ///< where the numbers are from, and what they do not have in common
    std::string missing;  ///< for what another has no number of
};
[[nodiscard]] Beside beside_others(const GroupedResults& run);

/// Our calls and timers beside theirs, counted on the same emulator.
[[nodiscard]] std::string anchors_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

}  // namespace hm::host
