#pragma once
// A virtual machine as data: what it sees where, how its interrupts come, where it starts. Nothing
// in hyp/ knows more about a guest than this.

#include <cstdint>
#include <optional>
#include <span>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/descriptor.hpp"
#include "drivers/mmu/format.hpp"

namespace hm::hyp {

/// How addresses of the guest translate, and with it whether the guest is a guest at all.
enum class Regime : std::uint8_t {
    kNative,  ///< stage 1 alone: the guest owns the machine, less what the watchdog needs
    kNested,  ///< stage 1 and stage 2
};

/// How a physical interrupt reaches the guest.
enum class Delivery : std::uint8_t {
    kNative,    ///< straight from the GIC (HCR.IMO = 0)
    kInjected,  ///< through HYP and a list register that is linked to it (HCR.IMO = 1, LR.HW = 1)
};

/// A stretch of IPA that stage 2 maps.
struct MemoryRegion {
    mmu::Range<mmu::Ipa> range;
    mmu::Pa target;
    mmu::Stage2Attributes attributes;
    std::optional<mmu::Size> forced;  ///< the block size; else the largest that fits
};

struct VirtualMachine {
    Regime regime = Regime::kNative;
    Delivery delivery = Delivery::kNative;
    std::uint32_t entry = 0;  ///< IPA, entered in SVC mode with the MMU off
    std::uint8_t vmid = 1;
    std::span<const MemoryRegion> map{};
    /// IPA that is mapped page by page on the first touch, to the same PA.
    mmu::Range<mmu::Ipa> demand{};
    /// Where the emulated distributor lies.
    mmu::Ipa distributor{};
    /// Counters are read on the way of an interrupt, and left at this address.
    std::uint32_t stamps_at = 0;  ///< 0: not
    /// CNTVCT ticks that the guest may go on without a checkpoint.
    std::uint64_t patience = 0;
};

inline constexpr mmu::Stage2Attributes kGuestMemory{
    .memory = mmu::MemoryType::kNormalWriteBack, .read = true, .write = true, .executable = true};
inline constexpr mmu::Stage2Attributes kGuestDevice{
    .memory = mmu::MemoryType::kDevice, .read = true, .write = true, .executable = false};

/// Why the guest does not run any more.
enum class StopReason : std::uint32_t {
    kFinished = 1,  ///< it said so
    kWatchdog,      ///< no checkpoint in time
    kTrap,          ///< it did what the monitor does not serve: see the syndrome
};

}  // namespace hm::hyp
