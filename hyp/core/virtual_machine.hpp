#pragma once
// A virtual machine as data: what it sees where, how its interrupts come, where it starts. Nothing
// in hyp/ knows more about a guest than this.

#include <cstdint>
#include <optional>
#include <span>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/mmu/long_descriptor.hpp"
#include "hyp/core/scheduler.hpp"

namespace hm::hyp {

/// How addresses of the guest translate, and with it whether the guest is a guest at all.
enum class Regime : std::uint8_t {
    kNative,  ///< stage 1 alone: the guest owns the machine, less what the watchdog needs
    kStage2,  ///< stage 2 alone: stage 1 is off, and its memory cacheable all the same (HCR.DC)
    kNested,  ///< stage 1 and stage 2
};

/// Where the walk of stage 2 starts.
enum class Stage2Start : std::uint8_t {
    kLevel1,  ///< a 40-bit IPA
    kLevel2,  ///< a 32-bit IPA: four concatenated tables of level 2
};

/// A stretch of IPA that is mapped when it is touched, to as much memory from `target` on.
struct Demand {
    mmu::Range<mmu::Ipa> range{};
    mmu::Pa target{};
    /// Pages of 4 KB that one fault maps, a power of two: those of the aligned window, counted from
    /// the beginning of the range, in which the page lies.
    /// 512 of them are one block of 2 MB.
    std::uint32_t window = 1;
};

/// How a physical interrupt reaches the guest.
enum class Delivery : std::uint8_t {
    kStraight,      ///< from the GIC to PL1 (HCR.IMO = 0): the guest has GICC itself
    kInjected,      ///< through HYP and a list register that is linked to it (LR.HW = 1)
    kInjectedSoft,  ///< the same with LR.HW = 0: HYP deactivates, after a maintenance interrupt
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
    Delivery delivery = Delivery::kStraight;
    std::uint32_t entry = 0;  ///< IPA, entered in SVC mode with the MMU off
    std::uint8_t vmid = 1;
    Stage2Start stage2_start = Stage2Start::kLevel1;
    std::span<const MemoryRegion> map{};
    Demand demand{};
    /// Where the emulated distributor lies.
    mmu::Ipa distributor{};
    /// Counters are read on the way of an interrupt, and left at this address.
    std::uint32_t stamps_at = 0;  ///< 0: not
    /// The same on the way of a demand fault.
    std::uint32_t fault_stamps_at = 0;
    /// CNTVCT ticks that the guest may go on without a checkpoint.
    std::uint64_t patience = 0;
    bool traps_wfi = false;         ///< WFI comes to HYP
    bool has_counters = true;       ///< the performance monitor is the guest's; else it reads zero
    std::uint64_t time_offset = 0;  ///< CNTVOFF: ticks by which its CNTVCT lags behind CNTPCT
};

/// A second virtual machine, and how it shares the core with the first.
struct Companion {
    VirtualMachine vm{};  ///< its stage 2 starts where the first's does: VTCR is not switched
    Policy policy = Policy::kShared;
    std::uint64_t slice = 0;  ///< CNTVCT ticks
    /// The first VM ends where a window of its own would begin, so that both have had the core
    /// equally often.
    bool ends_in_turn = false;
};

inline constexpr mmu::Stage2Attributes kGuestMemory{
    .memory = mmu::MemoryType::kNormalWriteBack, .read = true, .write = true, .executable = true};
inline constexpr mmu::Stage2Attributes kGuestDevice{
    .memory = mmu::MemoryType::kDevice, .read = true, .write = true, .executable = false};

}  // namespace hm::hyp
