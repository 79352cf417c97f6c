#pragma once
// A virtual machine as its maker describes it: what it finds at which address, how its interrupts
// reach it, where it starts. The monitor knows nothing else about a guest.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/mmu/long_descriptor.hpp"
#include "hyp/core/passed_device.hpp"
#include "hyp/core/schedule.hpp"

namespace hm::hyp {

/// Which stages of translation are on while the guest runs.
enum class Stages : std::uint8_t {
    kStage1Only,  ///< a native run: the guest owns the machine, except what the watchdog needs
    kStage2Only,  ///< stage 1 is off, and memory is cacheable all the same (HCR.DC)
    kBoth,
};

/// Where the walk of stage 2 starts.
enum class Stage2Start : std::uint8_t {
    kLevel1,  ///< a 40-bit IPA
    kLevel2,  ///< a 32-bit IPA: four concatenated tables of level 2
};

/// A range of IPA that is mapped when it is touched, to memory of the same size from `target` on.
struct Demand {
    mmu::Range<mmu::Ipa> range{};
    mmu::Pa target{};
    /// How many pages of 4 KB one fault maps, a power of two. They are the aligned window, counted
    /// from the beginning of the range, in which the page lies. 512 of them are one block of 2 MB.
    std::uint32_t window = 1;
};

/// How a physical interrupt of the guest is routed to it.
enum class InterruptRouting : std::uint8_t {
    kStraight,    ///< from the GIC to PL1 (HCR.IMO = 0): the guest has GICC itself
    kLinked,      ///< through HYP and a list register that is linked to it (LR.HW = 1)
    kMaintained,  ///< through HYP with LR.HW = 0: HYP deactivates it after a maintenance interrupt
};

/// A range of IPA that stage 2 maps from the start.
struct MemoryRegion {
    mmu::Range<mmu::Ipa> range;
    mmu::Pa target;
    mmu::Stage2Attributes attributes;
    std::optional<mmu::Size> forced;  ///< the block size; otherwise the largest that fits
};

/// A VM's UART, a PL011.
struct UartConfig {
    mmu::Ipa base{};           ///< of its page
    gic::IntId interrupt = 0;  ///< that it drives, 32 to 63; 0: none
    /// CNTPCT ticks after which the monitor looks again whether its own console has a character for
    /// the guest; 0: it never looks. Only for a VM that shares no core.
    std::uint64_t look_for_input = 0;
};

/// Where the virtual CPUs of a VM run. The first one runs on the first core.
enum class Placement : std::uint8_t {
    kOneCore,   ///< all of them on it, in turn
    kOwnCores,  ///< each on a core of its own
};

struct VmConfig {
    static constexpr std::uint32_t kMostCpus = 2;

    Stages stages = Stages::kStage1Only;
    Placement placement = Placement::kOneCore;  ///< of several virtual CPUs
    InterruptRouting routing = InterruptRouting::kStraight;
    /// Virtual CPUs, of which the guest starts the others by PSCI. A VM with several has no
    /// companion, and none of its memory is mapped on demand. Natively each needs its own core.
    std::uint32_t cpus = 1;
    std::uint32_t entry = 0;  ///< IPA, entered in SVC mode with the MMU off
    std::uint8_t vmid = 1;
    Stage2Start stage2_start = Stage2Start::kLevel1;
    std::span<const MemoryRegion> map{};
    Demand demand{};
    mmu::Ipa distributor{};  ///< where the emulated distributor lies
    /// On the page below it lies the test device.
    bool has_test_device = false;
    /// Devices of the machine that are its own, besides; none that is a master of the bus. A VM
    /// with any has one virtual CPU and no companion. Natively they are of no account: there the
    /// whole machine is the guest's.
    std::span<const PassedDevice> passed{};
    std::optional<UartConfig> uart{};
    /// Before each line that it prints; empty: what it prints comes out as it is, but for
    /// measure::kGuestTextMark.
    std::string_view name = "guest";
    /// Characters of the console that it may print, with the name. The log of a run has room for
    /// 64 of these (host/machine/listener.hpp).
    std::uint32_t text_most = 1U << 20;
    /// Where HYP leaves the counters that it reads on the way of an interrupt (HypStamps); 0: it
    /// reads none.
    std::uint32_t stamps_at = 0;
    /// The same on the way of a demand fault (FaultStamps).
    std::uint32_t fault_stamps_at = 0;
    std::uint64_t slice = 0;     ///< CNTVCT ticks of a turn of virtual CPUs that share a core
    std::uint64_t patience = 0;  ///< CNTVCT ticks that the guest may run without progress
    std::uint64_t budget = 0;    ///< that it may run at all; less than `patience`: as many
    bool traps_wfi = false;      ///< WFI traps to HYP
    /// Hypercall::kNull returns from HYP's vector itself, and Hypercall::kVectorOnly is served. For
    /// a guest that measures this; stamps exclude it.
    bool null_ends_in_vector = false;
    /// The longest stretch with interrupts masked in HYP is measured. Stamps exclude it.
    bool masking_is_watched = false;
    /// Exits are counted by their reasons (hyp/core/exit_profile.hpp). Stamps exclude it, and so
    /// does the measuring of masked stretches.
    bool exits_are_counted = false;
    /// Natively: it finds the GIC as after a reset, and nothing of HYP's watches it. It must turn
    /// its machine off by its first virtual CPU; where the others are then, HYP does not ask.
    bool is_left_alone = false;
    bool has_counters = true;  ///< the performance monitor is the guest's; otherwise it reads zero
    std::uint64_t time_offset = 0;  ///< CNTVOFF: ticks by which its CNTVCT is behind CNTPCT
};

/// A second virtual machine, and how it shares the core with the first.
struct Companion {
    VmConfig vm{};  ///< its stage 2 starts where the first VM's does: VTCR is not switched
    Policy policy = Policy::kShared;
    std::uint64_t slice = 0;  ///< CNTVCT ticks
    /// The first VM ends where a window of its own would begin, so that both VMs have had the core
    /// equally often.
    bool ends_in_turn = false;
};

/// Whether the virtual CPUs of `vm` run on several cores.
[[nodiscard]] constexpr bool has_own_cores(const VmConfig& vm) {
    return vm.cpus > 1 && vm.placement == Placement::kOwnCores;
}
/// Whether they share one.
[[nodiscard]] constexpr bool shares_one_core(const VmConfig& vm) {
    return vm.cpus > 1 && vm.placement == Placement::kOneCore;
}

inline constexpr mmu::Stage2Attributes kGuestMemory{
    .memory = mmu::MemoryType::kNormalWriteBack, .read = true, .write = true, .executable = true};
inline constexpr mmu::Stage2Attributes kGuestDevice{
    .memory = mmu::MemoryType::kDevice, .read = true, .write = true, .executable = false};

}  // namespace hm::hyp
