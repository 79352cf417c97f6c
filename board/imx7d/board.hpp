#pragma once
// Boards with NXP's i.MX7D, two Cortex-A7 with their GIC, whose console is UART1: NXP's SABRE,
// Toradex' Colibri iMX7D. Addresses and interrupts as in Linux (arch/arm/boot/dts/imx7s.dtsi,
// imx7d.dtsi), U-Boot v2023.01 (arch/arm/include/asm/arch-mx7/imx-regs.h) and QEMU
// (include/hw/arm/fsl-imx7.h). We have tried it only under QEMU's `mcimx7d-sabre`.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "board/facts.hpp"
#include "board/machine_facts.hpp"
#include "drivers/power/imx7.hpp"
#include "drivers/uart/imx_uart.hpp"

namespace hm::board {

inline constexpr std::string_view kName = "imx7d";

inline constexpr std::uint32_t kGicd = 0x3100'1000;
inline constexpr std::uint32_t kGicc = 0x3100'2000;
inline constexpr std::uint32_t kGich = 0x3100'4000;
inline constexpr std::uint32_t kGicv = 0x3100'6000;

/// DIGPROG of the analog block has the SoC's revision in its low byte (U-Boot,
/// arch/arm/mach-imx/mx7/soc.c, get_cpu_rev). QEMU's is 1.0 (hw/misc/imx7_ccm.c,
/// imx7_analog_reset); what is sold is later.
inline constexpr std::uint32_t kSystemId = 0x3036'0800;
inline constexpr std::uint32_t kSystemIdMask = 0xff;
inline constexpr std::array<MachineFacts, 2> kMachines{{
    // QEMU 7.2 has the watchdog and no SRC (hw/arm/fsl-imx7.c, fsl_imx7_realize).
    {.name = "QEMU mcimx7d-sabre",
     .system_id = 0x10,
     .has_power_control = false,
     .has_spare_timer = false},
    {.name = "NXP i.MX7D",
     .models_caches = true,
     .models_tlb = true,
     .shows_coherency = true,
     .has_spare_timer = false},
}};

template <reg::Bus B>
using Uart = uart::ImxUart<B>;
inline constexpr std::uint32_t kUart = 0x3086'0000;  ///< UART1

/// U-Boot's PSCI knows AFFINITY_INFO (arch/arm/mach-imx/mx7/psci-mx7.c).
inline constexpr CoreStart kCoreStart = CoreStart::kOff;

/// Where the second core is not used it is off, and waits nowhere.
inline constexpr std::uint64_t kLoaderBytes = 0;

/// `bootm` gives a tree in r2. QEMU puts the one that -dtb names at the start of memory where it
/// loads an ELF image, and says so nowhere (hw/arm/boot.c, arm_setup_direct_kernel_boot).
inline constexpr std::uint32_t kDefaultDeviceTree = 0x8000'0000;
/// After `go` there is none: what the smallest of these boards has, and the largest.
inline constexpr std::optional<KnownRam> kKnownRam{
    {0x8000'0000, std::uint64_t{512} << 20, std::uint64_t{2} << 30}};

/// CNTFRQ if it was not set; 0: it always is, since U-Boot sets it before anything else
/// (arch/arm/mach-imx/syscounter.c, timer_init; 8 MHz).
inline constexpr std::uint32_t kCounterHz = 0;
/// QEMU's own PSCI, and U-Boot's, which cuts the board's supply (psci_system_off).
inline constexpr PowerOff kPowerOff{.way = PowerOff::Way::kPsci};
/// U-Boot's monitor leaves FIQs where they are (arch/arm/cpu/armv7/nonsec_virt.S).
inline constexpr bool kLoaderTakesFiqs = false;
/// Whether the results report the core's registers: they may differ from core to core.
inline constexpr bool kTellsRegisters = true;
template <reg::Bus B>
using Soc = power::Imx7<B>;
inline constexpr power::Imx7Blocks kSoc{
    .watchdog = 0x3028'0000, .src = 0x3039'0000, .gpc = 0x303a'0000};
inline constexpr std::optional<SpareTimer> kSpareTimer{};
inline constexpr std::array<Device, 2> kMoreDevices{{
    {kSoc.watchdog, 0x1000}, {kSoc.src, 0x1'1000},  // and the GPC behind it
}};

}  // namespace hm::board
