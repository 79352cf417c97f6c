#pragma once
// Versatile Express with a CoreTile of two Cortex-A15 (ARM DUI 0604, "Programmers model"), as
// QEMU's `vexpress-a15` (hw/arm/vexpress.c, motherboard_aseries_map and a15_daughterboard_init) and
// gem5's VExpress_GEM5_V1 (src/dev/arm/RealView.py) have it. One image serves both and finds out at
// run time.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "board/facts.hpp"
#include "board/machine_facts.hpp"
#include "drivers/power/plain_soc.hpp"
#include "drivers/uart/pl011.hpp"

namespace hm::board {

inline constexpr std::string_view kName = "vexpress";

/// The motherboard's system registers, of which SYS_ID is the first (ARM DUI 0447, "Register
/// descriptions").
inline constexpr std::uint32_t kSystemRegisters = 0x1c01'0000;
inline constexpr std::uint32_t kSystemId = kSystemRegisters;
inline constexpr std::uint32_t kSystemIdMask = 0xffff'ffff;
/// What gem5 24.0 lacks was seen there or read in its sources (src/dev/arm/vgic.cc, gic_v2.cc): a
/// linked list register and EOImode 1 end the simulation, VFP is refused in Non-secure state,
/// TLB entries of the old VMID are still used after VMID has changed, DCCISW does nothing, and
/// while a guest's MMU is off its memory is as stage 2 says.
inline constexpr std::array<MachineFacts, 2> kMachines{{
    {.name = "gem5 VExpress_GEM5_V1",
     .system_id = 0x3010'1100,
     .models_caches = true,
     .models_tlb = true,
     .links_interrupts = false,
     .splits_end_of_interrupt = false,
     .saves_gic_state = false,
     .has_vfp = false,
     .has_l2_registers = false,
     .has_l2_prefetch_register = false,
     .has_spare_timer = false,
     .cleans_by_set_way = false,
     .orders_without_mmu = false,
     .tells_vmids_apart = false},
    // QEMU 7.2 has no L2PFR (target/arm/cpu_tcg.c, cortexa15_cp_reginfo).
    {.name = "QEMU vexpress-a15", .has_l2_prefetch_register = false},
}};

template <reg::Bus B>
using Uart = uart::Pl011<B>;
inline constexpr std::uint32_t kUart = 0x1c09'0000;
inline constexpr std::uint32_t kGicd = 0x2c00'1000;
inline constexpr std::uint32_t kGicc = 0x2c00'2000;
inline constexpr std::uint32_t kGich = 0x2c00'4000;
inline constexpr std::uint32_t kGicv = 0x2c00'6000;

/// Every core of an ELF image begins at its entry, in QEMU (hw/arm/boot.c, do_cpu_reset) and gem5.
inline constexpr CoreStart kCoreStart = CoreStart::kPen;

/// What is left alone at the end of memory while a second core that did not come waits in a loader.
/// The machine has none; the tests' own keeps to this.
inline constexpr std::uint64_t kLoaderBytes = std::uint64_t{16} << 20;

/// QEMU puts the tree that -dtb names at the start of memory (hw/arm/boot.c, arm_load_kernel), and
/// so does our configuration of gem5. Without a tree there are no parameters, and the memory is
/// what both emulators have by default here.
inline constexpr std::uint32_t kDefaultDeviceTree = 0x8000'0000;
inline constexpr std::optional<KnownRam> kKnownRam{{0x8000'0000, std::uint64_t{1} << 30}};

/// CNTFRQ if it was not set; 0: it always is.
inline constexpr std::uint32_t kCounterHz = 0;
/// gem5 does not know the request; the host ends it.
inline constexpr PowerOff kPowerOff{.way = PowerOff::Way::kVexpress, .base = kSystemRegisters};
/// After a Non-secure entry, whether FIQs go to the loader's monitor in Secure state.
inline constexpr bool kLoaderTakesFiqs = false;
/// Whether the results report the core's registers: they may differ from core to core.
inline constexpr bool kTellsRegisters = true;
template <reg::Bus B>
using Soc = power::PlainSoc<B>;
inline constexpr power::NoBlocks kSoc{};
/// The motherboard's real-time clock (ARM DUI 0447, "Interrupts": 4; shared ones begin at 32).
inline constexpr std::optional<SpareTimer> kSpareTimer{
    {.kind = timer::SpareKind::kPl031, .base = 0x1c17'0000, .interrupt = 36}};
inline constexpr std::array<Device, 1> kMoreDevices{{
    {kSystemRegisters, 0x1000},  // turns the machine off
}};

}  // namespace hm::board
