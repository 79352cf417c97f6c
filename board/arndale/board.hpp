#pragma once
// Arndale: Samsung Exynos 5250, two Cortex-A15. Addresses and interrupts as in Linux
// (arch/arm/boot/dts/exynos5250.dtsi, exynos5.dtsi, exynos5250-arndale.dts) and U-Boot v2023.01
// (arch/arm/mach-exynos/include/mach/cpu.h); we have tried none of them on a board.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "board/facts.hpp"
#include "board/machine_facts.hpp"
#include "drivers/power/exynos.hpp"
#include "drivers/uart/exynos_uart.hpp"

namespace hm::board {

inline constexpr std::string_view kName = "arndale";
inline constexpr std::array<MachineFacts, 1> kMachines{{
    {.name = "Arndale (Exynos 5250)",
     .models_caches = true,
     .models_tlb = true,
     .shows_coherency = true},
}};
inline constexpr std::uint32_t kSystemId = 0;  ///< not read: there is only one machine
inline constexpr std::uint32_t kSystemIdMask = 0;

template <reg::Bus B>
using Uart = uart::ExynosUart<B>;
inline constexpr std::uint32_t kUart = 0x12c2'0000;  ///< UART2, the board's console
/// The core's own base register (CBAR) does not say where the GIC is (Xen,
/// xen/arch/arm/platforms/exynos5.c, gives the addresses too).
inline constexpr std::uint32_t kGicd = 0x1048'1000;
inline constexpr std::uint32_t kGicc = 0x1048'2000;
inline constexpr std::uint32_t kGich = 0x1048'4000;
inline constexpr std::uint32_t kGicv = 0x1048'6000;

inline constexpr CoreStart kCoreStart = CoreStart::kLoader;

/// A second core that did not come waits in U-Boot after `bootm`, and U-Boot has moved itself to
/// the end of memory (common/board_f.c, setup_dest_addr and reserve_uboot). Its code is less than 1
/// MB; the rest is for what it may have put above itself. That much is left alone then.
inline constexpr std::uint64_t kLoaderBytes = std::uint64_t{16} << 20;

/// `bootm` and `bootz` give a tree in r2, `go` and `bootelf` none, but words on the command line.
inline constexpr std::uint32_t kDefaultDeviceTree = 0;
inline constexpr std::optional<KnownRam> kKnownRam{{0x4000'0000, std::uint64_t{2} << 30}};

/// CNTFRQ if it was not set: `bootm` sets it, `go` does not (U-Boot,
/// arch/arm/cpu/armv7/nonsec_virt.S and include/configs/exynos5-common.h).
inline constexpr std::uint32_t kCounterHz = 24'000'000;
inline constexpr PowerOff kPowerOff{};
/// After a Non-secure entry, whether FIQs go to the loader's monitor in Secure state.
inline constexpr bool kLoaderTakesFiqs = false;
/// Whether the results report the core's registers: they may differ from core to core.
inline constexpr bool kTellsRegisters = true;
template <reg::Bus B>
using Soc = power::Exynos<B>;
inline constexpr power::ExynosBlocks kSoc{
    .pmu = 0x1004'0000, .watchdog = 0x101d'0000, .boot_word = 0x0202'0000, .timer = 0x101c'0000};
/// Timer 3 of the PWM block (Linux v3.9, arch/arm/mach-exynos/include/mach/irqs.h: IRQ_SPI(39)).
inline constexpr std::optional<SpareTimer> kSpareTimer{
    {.kind = timer::SpareKind::kExynosPwm, .base = 0x12dd'0000, .interrupt = 71}};
inline constexpr std::array<Device, 2> kMoreDevices{{
    {kSoc.pmu, 0x5000},  // resets the board
    {kSoc.boot_word, 0x1000},
}};

}  // namespace hm::board
