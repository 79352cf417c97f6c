#pragma once
// QEMU's `virt` machine (hw/arm/virt.c, base_memmap and a15irqmap; docs/system/arm/virt.rst).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "board/facts.hpp"
#include "board/machine_facts.hpp"
#include "drivers/power/plain_soc.hpp"
#include "drivers/uart/pl011.hpp"

namespace hm::board {

inline constexpr std::string_view kName = "virt";
inline constexpr std::array<MachineFacts, 1> kMachines{{{.name = "QEMU virt"}}};
inline constexpr std::uint32_t kSystemId = 0;  ///< no such register
inline constexpr std::uint32_t kSystemIdMask = 0;

template <reg::Bus B>
using Uart = uart::Pl011<B>;
inline constexpr std::uint32_t kUart = 0x0900'0000;
inline constexpr std::uint32_t kGicd = 0x0800'0000;
inline constexpr std::uint32_t kGicc = 0x0801'0000;
inline constexpr std::uint32_t kGich = 0x0803'0000;
inline constexpr std::uint32_t kGicv = 0x0804'0000;

/// If the machine has virtualization=on, PSCI starts the second core, called by SMC. With secure=on
/// too, it starts together with the first one (hw/arm/virt.c, machvirt_init).
inline constexpr CoreStart kCoreStart = CoreStart::kPsci;

/// What is left alone at the end of memory while a second core that did not come waits in a loader:
/// as on Arndale, U-Boot has moved itself there.
inline constexpr std::uint64_t kLoaderBytes = std::uint64_t{16} << 20;

/// Where the device tree lies if the entry registers do not say: an ELF image gets none in r2,
/// and QEMU puts the tree at the start of memory (docs/system/arm/virt.rst, "Hardware
/// configuration").
inline constexpr std::uint32_t kDefaultDeviceTree = 0x4000'0000;
inline constexpr std::optional<KnownRam> kKnownRam{};

/// CNTFRQ if it was not set; 0: it always is.
inline constexpr std::uint32_t kCounterHz = 0;
/// If the machine has secure=on, nothing answers PSCI.
inline constexpr PowerOff kPowerOff{.way = PowerOff::Way::kPsci};
/// After a Non-secure entry, whether FIQs go to the loader's monitor in Secure state.
inline constexpr bool kLoaderTakesFiqs = false;
/// Whether the results report the core's registers: they may differ from core to core.
inline constexpr bool kTellsRegisters = false;
template <reg::Bus B>
using Soc = power::PlainSoc<B>;
inline constexpr power::NoBlocks kSoc{};
/// The real-time clock.
inline constexpr std::optional<SpareTimer> kSpareTimer{
    {.kind = timer::SpareKind::kPl031, .base = 0x0901'0000, .interrupt = 34}};
inline constexpr std::array<Device, 0> kMoreDevices{};

}  // namespace hm::board
