#pragma once
// Cache, branch predictor and TLB maintenance (ARM DDI 0406C.d, B2.2.6, B3.18.6 and B3.18.7).
// Maintenance by address to the point of coherency reaches the caches of all cores. Everything else
// acts only on this core. That is enough: HYP's tables do not change, stage 2 of a guest that runs
// on two cores does not either, and each core drops its entries of earlier guests before it enters
// one. No TLB operation of the monitor is broadcast, so that erratum 798181 of Cortex-A15
// (broadcast TLBI) is only a guest's own concern, as on hardware.

#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/reg/field.hpp"

namespace hm::cpu {

inline constexpr reg::Cp15 kIciallu{0, 7, 5, 0};
inline constexpr reg::Cp15 kBpiall{0, 7, 5, 6};
inline constexpr reg::Cp15 kDccimvac{0, 7, 14, 1};
inline constexpr reg::Cp15 kDccisw{0, 7, 14, 2};
inline constexpr reg::Cp15 kTlbiall{0, 8, 7, 0};
inline constexpr reg::Cp15 kTlbimvaa{0, 8, 7, 3};
inline constexpr reg::Cp15 kTlbiallh{4, 8, 7, 0};
inline constexpr reg::Cp15 kTlbimvah{4, 8, 7, 1};
inline constexpr reg::Cp15 kTlbiallnsnh{4, 8, 7, 4};

/// CTR: the smallest line of the data caches, for maintenance by address (B4.1.42).
struct Ctr : reg::Layout<Ctr> {
    static constexpr reg::Cp15 kAt{0, 0, 0, 1};
    static constexpr reg::Field<19, 16> kDminLine{};
};
/// CLIDR and CCSIDR: the caches' levels, and the geometry of the one that CSSELR names (B4.1.20,
/// B4.1.19).
struct Clidr : reg::Layout<Clidr> {
    static constexpr reg::Cp15 kAt{1, 0, 0, 1};
    static constexpr reg::Field<26, 24> kLevelOfCoherency{};
};
struct Ccsidr : reg::Layout<Ccsidr> {
    static constexpr reg::Cp15 kAt{1, 0, 0, 0};
    static constexpr reg::Field<27, 13> kSets{};
    static constexpr reg::Field<12, 3> kWays{};
    static constexpr reg::Field<2, 0> kLineSize{};
};

/// Writes back and drops the cached lines of [begin, end), to the point of coherency. The DSBs
/// order it after earlier stores and before what follows (B2.2.9).
inline void clean_invalidate_data(std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t line = 4U << read<Ctr>().get(Ctr::kDminLine);
    dsb();
    for (std::uint32_t address = begin & ~(line - 1); address < end; address += line) {
        operate<kDccimvac>(address);
    }
    dsb();
}

/// Writes back and drops all data that this core's caches hold, level by level, by set and way.
/// Only allowed where no other core uses these caches (B2.2.7, the example; its barriers B2.2.9 and
/// B3.15.5). The DSB between two levels is for erratum 814220 of Cortex-A7, on which an operation
/// on L2 may overtake one on L1 (Linux, arch/arm/Kconfig, ARM_ERRATA_814220).
[[gnu::noinline]] inline void clean_invalidate_all_data() {
    dsb();
    const std::uint32_t levels = read<Clidr>().get(Clidr::kLevelOfCoherency);
    for (std::uint32_t level = 0; level < levels; ++level) {
        write(Csselr{}.with(Csselr::kLevel, level));
        isb();
        const Ccsidr geometry = read<Ccsidr>();
        const std::uint32_t last_way = geometry.get(Ccsidr::kWays);
        const std::uint32_t last_set = geometry.get(Ccsidr::kSets);
        const std::uint32_t set_shift = geometry.get(Ccsidr::kLineSize) + 4;
        const auto way_shift =
            static_cast<std::uint32_t>(last_way == 0 ? 0 : __builtin_clz(last_way));
        for (std::uint32_t way = 0; way <= last_way; ++way) {
            for (std::uint32_t set = 0; set <= last_set; ++set) {
                operate<kDccisw>((way << way_shift) | (set << set_shift) | (level << 1));
            }
        }
        dsb();
    }
    isb();
}

/// Turns the MMU and caches of this core off through `Control`, SCTLR or HSCTLR. Caches are cleaned
/// while they are on, and the core's accesses bypass them as soon as they are off. So nothing may
/// be stored in between, or memory would keep the older value (B2.2.3); a test looks for such
/// stores in the image. Lines that were prefetched meanwhile are clean. The second pass drops them,
/// since they would go stale when memory changes.
template <class Control>
[[gnu::always_inline]] inline void leave_caches() {
    clean_invalidate_all_data();
    write(
        read<Control>().with(Control::kM, false).with(Control::kC, false).with(Control::kI, false));
    isb();
    clean_invalidate_all_data();
}

/// Makes code that was written as data visible to instruction fetches (B2.2.6, the example).
inline void invalidate_instructions() {
    dsb();
    operate<kIciallu>();
    operate<kBpiall>();
    dsb();
    isb();
}

}  // namespace hm::cpu
