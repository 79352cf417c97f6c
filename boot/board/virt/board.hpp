#pragma once
// QEMU's `virt` machine (hw/arm/virt.c, base_memmap and a15irqmap; docs/system/arm/virt.rst).

#include <cstdint>
#include <string_view>

#include "drivers/gic/gic_layout.hpp"

namespace hm::board {

inline constexpr std::string_view kName = "virt";
inline constexpr std::string_view kMachine = "QEMU virt";

inline constexpr std::uint32_t kUart = 0x0900'0000;  // PL011
inline constexpr std::uint32_t kGicd = 0x0800'0000;
inline constexpr std::uint32_t kGicc = 0x0801'0000;
inline constexpr std::uint32_t kGich = 0x0803'0000;
inline constexpr std::uint32_t kGicv = 0x0804'0000;

inline constexpr gic::IntId kMaintenanceInterrupt = 25;
inline constexpr gic::IntId kHypTimerInterrupt = 26;
inline constexpr gic::IntId kVirtualTimerInterrupt = 27;

/// MPIDR's affinity of the core that can be a load; QEMU starts it through PSCI by SMC where the
/// machine has virtualization=on (hw/arm/virt.c, machvirt_init).
inline constexpr std::uint32_t kSecondCore = 0x0000'0001;

/// Where the device tree lies when the entry registers do not say: an ELF image gets none in r2,
/// and QEMU puts the tree at the start of memory (docs/system/arm/virt.rst, "Hardware
/// configuration").
inline constexpr std::uint32_t kDefaultDeviceTree = 0x4000'0000;

/// What this machine models of what costs time on hardware.
inline constexpr bool kModelsCaches = false;
inline constexpr bool kModelsTlb = false;

}  // namespace hm::board
