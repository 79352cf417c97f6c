#pragma once
// Boards with Allwinner's H3, four Cortex-A7 with a GIC-400: Orange Pi PC, One and Plus, NanoPi NEO
// and NEO Air; one with an H2+, the same die, is Orange Pi Zero. Addresses and interrupts as in
// Linux (arch/arm/boot/dts/sunxi-h3-h5.dtsi, sun8i-h3.dtsi), U-Boot v2023.01
// (arch/arm/include/asm/arch-sunxi/cpu_sun4i.h) and QEMU (hw/arm/allwinner-h3.c). One image serves
// all of them, and QEMU's `orangepi-pc`; we have tried it only there.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "board/facts.hpp"
#include "board/machine_facts.hpp"
#include "drivers/power/sunxi.hpp"
#include "drivers/uart/ns16550.hpp"

namespace hm::board {

inline constexpr std::string_view kName = "orangepi";

inline constexpr std::uint32_t kGicd = 0x01c8'1000;
inline constexpr std::uint32_t kGicc = 0x01c8'2000;
inline constexpr std::uint32_t kGich = 0x01c8'4000;
inline constexpr std::uint32_t kGicv = 0x01c8'6000;

/// GICD_TYPER tells silicon from the emulator: GIC-400 has the Security Extensions (ARM DDI
/// 0471), QEMU's model of it in this machine has not.
inline constexpr std::uint32_t kSystemId = kGicd + gic::GicdTyper::kOffset;
inline constexpr std::uint32_t kSystemIdMask = gic::GicdTyper::mask(gic::GicdTyper::kSecurityExtn);
inline constexpr std::array<MachineFacts, 2> kMachines{{
    {.name = "Allwinner H3",
     .system_id = kSystemIdMask,
     .models_caches = true,
     .models_tlb = true,
     .shows_coherency = true,
     .has_spare_timer = false},
    // QEMU 7.2 has neither watchdog nor PRCM, and not all of CPUCFG (hw/arm/allwinner-h3.c,
    // hw/misc/allwinner-cpucfg.c).
    {.name = "QEMU orangepi-pc",
     .has_watchdog = false,
     .has_power_control = false,
     .has_spare_timer = false},
}};

template <reg::Bus B>
using Uart = uart::Ns16550<B>;
inline constexpr std::uint32_t kUart = 0x01c2'8000;  ///< UART0, the board's console

inline constexpr CoreStart kCoreStart = CoreStart::kOff;

/// Where the second core is not used it is off, and waits nowhere.
inline constexpr std::uint64_t kLoaderBytes = 0;

/// `bootm` gives a tree in r2. QEMU puts the one that -dtb names at the start of memory where it
/// loads an ELF image, and says so nowhere (hw/arm/boot.c, arm_setup_direct_kernel_boot).
inline constexpr std::uint32_t kDefaultDeviceTree = 0x4000'0000;
/// After `go` there is none: what the smallest of these boards has, and the largest.
inline constexpr std::optional<KnownRam> kKnownRam{
    {0x4000'0000, std::uint64_t{256} << 20, std::uint64_t{1} << 30}};

/// CNTFRQ if it was not set; 0: it always is, since U-Boot sets it before anything else
/// (board/sunxi/board.c, board_init).
inline constexpr std::uint32_t kCounterHz = 0;
/// QEMU's own PSCI; U-Boot's refuses it.
inline constexpr PowerOff kPowerOff{.way = PowerOff::Way::kPsci};
/// After `bootm` U-Boot's monitor has Secure state, and takes each FIQ (SCR.FIQ; v2023.01,
/// arch/arm/cpu/armv7/sunxi/psci.c, psci_arch_init).
inline constexpr bool kLoaderTakesFiqs = true;
/// Whether the results report the core's registers: they may differ from core to core.
inline constexpr bool kTellsRegisters = true;
template <reg::Bus B>
using Soc = power::Sunxi<B>;
inline constexpr power::SunxiBlocks kSoc{
    .watchdog = 0x01c2'0ca0, .cpucfg = 0x01f0'1c00, .prcm = 0x01f0'1400};
inline constexpr std::optional<SpareTimer> kSpareTimer{};
inline constexpr std::array<Device, 2> kMoreDevices{{
    {0x01c2'0000, 0x1000},  // the watchdog, among others
    {0x01f0'1000, 0x1000},  // CPUCFG and PRCM
}};

}  // namespace hm::board
