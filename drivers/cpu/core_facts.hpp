#pragma once
// What differs from core to core: one row for each that we know, found by MIDR's part number. TRM
// is the core's own manual: ARM DDI 0438 of Cortex-A15, ARM DDI 0464 of Cortex-A7.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/cpu/tlb_ram.hpp"

namespace hm::cpu {

struct CoreFacts {
    std::string_view name;
    std::uint32_t part_number;  ///< of MIDR
    /// What is set in ACTLR before the caches or the MMU are turned on, and before any maintenance
    /// of caches or TLBs: by which the core takes part in coherency, and what works around errata.
    /// Only Secure state may write the latter.
    Actlr coherent;
    Actlr workarounds;
    bool has_l2_registers;          ///< L2CTLR and L2ECTLR
    bool has_l2_prefetch_register;  ///< L2PFR
    std::uint32_t event_counters;   ///< besides the cycle counter, where nobody has hidden any
    std::uint32_t line_bytes;       ///< of the L1 data cache and of the L2 cache
    /// What Secure state can read of its TLBs; null: nothing, or in a way that we do not know.
    const TlbRams* tlb_rams;
};

/// Cortex-A15: TRM 4.3.28 (ACTLR), 4.3.48, 4.3.49 and 4.3.61 (L2), 11.1 (counters), 6.1 and 7.1
/// (lines). The workarounds are those of U-Boot v2023.01, arch/arm/cpu/armv7/nonsec_virt.S,
/// _secure_monitor. Cortex-A7: TRM chapter 4 ("Auxiliary Control Register", "L2 Control Register"),
/// 11.1, 6.1 and 7.1. The errata are not its own, its L2CTLR has no latencies, and it has no L2PFR.
/// Its TLBs can be read (6.6). So can Cortex-A15's, in another way (its own TRM, 6.7), which
/// nothing here uses.
inline constexpr std::array<CoreFacts, 2> kCores{{
    {.name = "Cortex-A15",
     .part_number = 0xC0F,
     .coherent = Actlr{}.with(Actlr::kSmp, true),
     .workarounds = Actlr{}.with(Actlr::kErratum773022, true).with(Actlr::kErratum774769, true),
     .has_l2_registers = true,
     .has_l2_prefetch_register = true,
     .event_counters = 6,
     .line_bytes = 64,
     .tlb_rams = nullptr},
    {.name = "Cortex-A7",
     .part_number = 0xC07,
     .coherent = Actlr{}.with(Actlr::kSmp, true),
     .workarounds = Actlr{},
     .has_l2_registers = true,
     .has_l2_prefetch_register = false,
     .event_counters = 4,
     .line_bytes = 64,
     .tlb_rams = &kCortexA7TlbRams},
}};

/// The row of a core; null: we do not know it.
[[nodiscard]] constexpr const CoreFacts* facts_of(Midr midr) {
    const auto* const found = std::find_if(kCores.begin(), kCores.end(), [midr](const auto& core) {
        return core.part_number == midr.get(Midr::kPartNumber);
    });
    return found == kCores.end() ? nullptr : found;
}

/// What ACTLR is to be; `actlr` itself on a core that we do not know, whose bits may mean something
/// else. `secure`: the state in which it is written.
[[nodiscard]] constexpr Actlr wanted_actlr(const CoreFacts* core, Actlr actlr, bool secure) {
    if (core == nullptr) {
        return actlr;
    }
    return Actlr::from(actlr.raw | core->coherent.raw | (secure ? core->workarounds.raw : 0));
}

/// The longest line of any of them.
inline constexpr std::uint32_t kLongestLine =
    std::max_element(kCores.begin(), kCores.end(), [](const auto& a, const auto& b) {
        return a.line_bytes < b.line_bytes;
    }) -> line_bytes;

/// The most event counters that any of them has.
inline constexpr std::uint32_t kMostEventCounters =
    std::max_element(kCores.begin(), kCores.end(), [](const auto& a, const auto& b) {
        return a.event_counters < b.event_counters;
    }) -> event_counters;

}  // namespace hm::cpu
