#pragma once
// The emulated distributor: what a guest with one core and no SPIs finds in place of the real one.
// Plain state, changed by one access at a time. What has to happen outside of it (physical
// distributor, list registers) is returned as data. ARM IHI 0048B, 4.3.

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

/// What the list registers hold at the moment, one bit per interrupt.
struct PresentedInterrupts {
    std::uint32_t pending = 0;  ///< waiting ones too
    std::uint32_t active = 0;
};

/// What the caller has to do, one bit per interrupt. For an interrupt that is linked to a physical
/// one, the caller does it on the physical distributor: there the interrupt is enabled, disabled,
/// pended, and so on, and from there it comes back.
struct DistributorEffects {
    std::uint32_t enable = 0;       ///< may now be signalled
    std::uint32_t disable = 0;      ///< may no longer be signalled
    std::uint32_t inject = 0;       ///< became both pending and enabled: present to the guest
    std::uint32_t withdraw = 0;     ///< is no longer pending
    std::uint32_t activate = 0;     ///< written to GICD_ISACTIVER
    std::uint32_t deactivate = 0;   ///< written to GICD_ICACTIVER
    std::uint32_t reconfigure = 0;  ///< has a new priority or group
    friend constexpr bool operator==(const DistributorEffects&,
                                     const DistributorEffects&) = default;
};

struct [[nodiscard]] DistributorResult {
    std::uint32_t value = 0;  ///< of a read; a byte in bits 7:0
    /// False for offsets and sizes that are not emulated: they read as zero and ignore writes.
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
    std::uint32_t pending = 0;      ///< pending here, not yet handed on by `inject`
    std::array<std::uint8_t, kInterrupts> priority{};

    /// Interrupts that are enabled themselves and whose group is.
    [[nodiscard]] constexpr std::uint32_t signalled() const {
        return enabled & ((ctlr.get(gic::GicdCtlr::kEnableGroup0) ? ~group1 : 0) |
                          (ctlr.get(gic::GicdCtlr::kEnableGroup1) ? group1 : 0));
    }
};

/// Whether `access` looks at its PresentedInterrupts, which take reading all list registers.
[[nodiscard]] bool needs_presented(const DistributorAccess& access);

/// Carries out one access of the guest.
[[nodiscard]] DistributorResult carry_out(VirtualDistributor& distributor,
                                          const DistributorAccess& access,
                                          const PresentedInterrupts& presented = {});

/// Makes the interrupts in `mask` pending, as a device would, or as the caller does with what a
/// `disable` took back from the list registers. Returns those to present to the guest at once; the
/// others stay here until they are enabled.
[[nodiscard]] std::uint32_t pend(VirtualDistributor& distributor, std::uint32_t mask);

}  // namespace hm::hyp
