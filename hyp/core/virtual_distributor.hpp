#pragma once
// The emulated distributor, for a guest with one core and no SPIs. This is plain state, changed by
// one access at a time. What has to happen outside of it (physical distributor, list registers) is
// returned as data. ARM IHI 0048B, 4.3.

#include <array>
#include <cstdint>

#include "drivers/gic/gic_layout.hpp"

namespace hm::hyp {

using gic::IntId;

/// One access of the guest, at an offset from the base of the distributor.
struct DistributorAccess {
    std::uint32_t offset = 0;
    std::uint32_t bytes = 4;
    bool write = false;
    std::uint32_t value = 0;  ///< of a write; a byte in bits 7:0
};

/// What the list registers hold now, one bit per interrupt.
struct PresentedInterrupts {
    std::uint32_t pending = 0;  ///< those that wait for a list register too
    std::uint32_t active = 0;
};

/// What the caller has to do, one bit per interrupt. For an interrupt that is linked to a physical
/// one, the caller does the same on the physical distributor, from which the interrupt comes.
struct DistributorEffects {
    std::uint32_t enable = 0;       ///< may now be signalled
    std::uint32_t disable = 0;      ///< may no longer be signalled
    std::uint32_t inject = 0;       ///< is now both pending and enabled: present it to the guest
    std::uint32_t withdraw = 0;     ///< is no longer pending
    std::uint32_t activate = 0;     ///< written to GICD_ISACTIVER
    std::uint32_t deactivate = 0;   ///< written to GICD_ICACTIVER
    std::uint32_t reconfigure = 0;  ///< has a new priority or group
    friend constexpr bool operator==(const DistributorEffects&,
                                     const DistributorEffects&) = default;
};

struct [[nodiscard]] DistributorResult {
    std::uint32_t value = 0;  ///< of a read; a byte in bits 7:0
    /// False for offsets and sizes that are not emulated.
    bool handled = true;
    DistributorEffects effects{};
};

/// The state behind the registers, as after a reset.
struct VirtualDistributor {
    static constexpr std::uint32_t kInterrupts = 32;
    static constexpr std::uint32_t kSgis = 0x0000FFFF;
    static constexpr std::uint32_t kPpis = 0xFFFF0000;
    /// Cortex-A15 implements five bits of priority.
    static constexpr std::uint32_t kPriorityBits = 0xF8;

    gic::GicdCtlr ctlr{};
    std::uint32_t group1 = 0;       ///< else Group 0
    std::uint32_t enabled = kSgis;  ///< SGIs are always enabled on a Cortex-A15
    std::uint32_t pending = 0;      ///< pending here, and not yet passed on by `inject`
    std::array<std::uint8_t, kInterrupts> priority{};

    /// Interrupts that are enabled and whose group is enabled.
    [[nodiscard]] constexpr std::uint32_t signalled() const {
        return enabled & ((ctlr.get(gic::GicdCtlr::kEnableGroup0) ? ~group1 : 0) |
                          (ctlr.get(gic::GicdCtlr::kEnableGroup1) ? group1 : 0));
    }
};

/// Whether `access` depends on PresentedInterrupts, for which all list registers must be read.
[[nodiscard]] bool needs_presented(const DistributorAccess& access);

/// Carries out one access of the guest.
[[nodiscard]] DistributorResult carry_out(VirtualDistributor& distributor,
                                          const DistributorAccess& access,
                                          const PresentedInterrupts& presented = {});

/// Makes the interrupts in `mask` pending, as a device would, or as the caller does with those that
/// a `disable` took out of the list registers. Returns those to present to the guest at once; the
/// others stay here until they are enabled.
[[nodiscard]] std::uint32_t pend(VirtualDistributor& distributor, std::uint32_t mask);

}  // namespace hm::hyp
