#pragma once
// The control registers that describe the tables of drivers/mmu/format.hpp to the CPU: values
// derived from a format's geometry, for hw/ code to write.

#include <cstdint>

#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"

namespace hm::mmu {

/// IRGN0 and ORGN0: how table walks use the caches.
enum class WalkCacheability : std::uint8_t { kNonCacheable = 0, kWriteBackWriteAllocate = 1 };

/// TTBCR with EAE = 1 (ARM DDI 0406C, B4.1). T1SZ = 0 with T0SZ = 0 leaves TTBR1 unused.
struct Ttbcr : reg::Layout<Ttbcr> {
    static constexpr reg::Cp15 kAt{0, 2, 0, 2};
    static constexpr reg::Field<2, 0> kT0sz{};
    static constexpr reg::Field<7> kEpd0{};
    static constexpr reg::Field<9, 8, WalkCacheability> kIrgn0{};
    static constexpr reg::Field<11, 10, WalkCacheability> kOrgn0{};
    static constexpr reg::Field<13, 12, Shareability> kSh0{};
    static constexpr reg::Field<18, 16> kT1sz{};
    static constexpr reg::Field<22> kA1{};
    static constexpr reg::Field<23> kEpd1{};
    static constexpr reg::Field<31> kEae{};
};

/// The same register with EAE = 0. With N = 0, TTBR1 is unused and TTBR0's root has 16 KB.
struct ShortTtbcr : reg::Layout<ShortTtbcr> {
    static constexpr reg::Cp15 kAt{0, 2, 0, 2};
    static constexpr reg::Field<2, 0> kN{};
    static constexpr reg::Field<4> kPd0{};  ///< TLB misses in TTBR0's range fault.
    static constexpr reg::Field<5> kPd1{};
    static constexpr reg::Field<31> kEae{};
};

/// TTBR0 in its 32-bit form, with the Multiprocessing Extensions (B4.1.154).
struct ShortTtbr0 : reg::Layout<ShortTtbr0> {
    /// RGN: how table walks use the outer caches. IRGN is the same for the inner caches; its two
    /// bits are not next to each other.
    enum class Region : std::uint8_t { kNonCacheable = 0, kWriteBackWriteAllocate = 1 };
    static constexpr reg::Cp15 kAt{0, 2, 0, 0};
    static constexpr reg::Field<0> kIrgn1{};
    static constexpr reg::Field<1> kS{};
    static constexpr reg::Field<4, 3, Region> kRgn{};
    static constexpr reg::Field<5> kNos{};  ///< Shareable means inner shareable.
    static constexpr reg::Field<6> kIrgn0{};
    static constexpr reg::Field<31, 14> kBase{};
};

/// HTCR (B4.1); bits 31 and 23 should be one.
struct Htcr : reg::Layout<Htcr> {
    static constexpr reg::Cp15 kAt{4, 2, 0, 2};
    static constexpr reg::Field<2, 0> kT0sz{};
    static constexpr reg::Field<9, 8, WalkCacheability> kIrgn0{};
    static constexpr reg::Field<11, 10, WalkCacheability> kOrgn0{};
    static constexpr reg::Field<13, 12, Shareability> kSh0{};
    static constexpr reg::Field<23> kOne23{};
    static constexpr reg::Field<31> kOne31{};
};

/// VTCR (B4.1); bit 31 should be one. T0SZ is signed, and S repeats its sign bit.
struct Vtcr : reg::Layout<Vtcr> {
    static constexpr reg::Cp15 kAt{4, 2, 1, 2};
    static constexpr reg::Field<3, 0> kT0sz{};
    static constexpr reg::Field<4> kS{};
    static constexpr reg::Field<7, 6> kSl0{};  ///< 0: start at level 2, 1: at level 1.
    static constexpr reg::Field<9, 8, WalkCacheability> kIrgn0{};
    static constexpr reg::Field<11, 10, WalkCacheability> kOrgn0{};
    static constexpr reg::Field<13, 12, Shareability> kSh0{};
    static constexpr reg::Field<31> kOne31{};
};

/// Tables lie in write-back, inner shareable memory, so stores to them need no cache maintenance.
template <class Control>
[[nodiscard]] constexpr Control with_cached_walks(Control control) {
    return control.with(Control::kIrgn0, WalkCacheability::kWriteBackWriteAllocate)
        .with(Control::kOrgn0, WalkCacheability::kWriteBackWriteAllocate)
        .with(Control::kSh0, Shareability::kInner);
}

/// The input is 2^(32 - T0SZ) bytes. A 40-bit input has T0SZ = -8, cut to the field's width.
[[nodiscard]] constexpr std::uint32_t t0sz(Geometry<LongFamily> geometry) {
    return 32U - geometry.input_bits;
}

[[nodiscard]] constexpr Ttbcr ttbcr(Geometry<LongFamily> geometry) {
    return with_cached_walks(Ttbcr{}).with(Ttbcr::kT0sz, t0sz(geometry)).with(Ttbcr::kEae, true);
}

[[nodiscard]] constexpr Htcr htcr(Geometry<LongFamily> geometry) {
    return with_cached_walks(Htcr{})
        .with(Htcr::kT0sz, t0sz(geometry))
        .with(Htcr::kOne23, true)
        .with(Htcr::kOne31, true);
}

[[nodiscard]] constexpr Vtcr vtcr(Geometry<LongFamily> geometry) {
    return with_cached_walks(Vtcr{})
        .with(Vtcr::kT0sz, t0sz(geometry))
        .with(Vtcr::kS, geometry.input_bits > 32)
        .with(Vtcr::kSl0, geometry.start_level == 1 ? 1 : 0)
        .with(Vtcr::kOne31, true);
}

[[nodiscard]] constexpr ShortTtbcr short_ttbcr() {
    return ShortTtbcr{}.with(ShortTtbcr::kN, 32 - ShortStage1::kGeometry.input_bits);
}

/// `root`: the root of `ShortStage1`'s tables, aligned to 16 KB. Walks are write-back,
/// write-allocate and inner shareable, as with long descriptors.
[[nodiscard]] constexpr ShortTtbr0 short_ttbr0(Ipa root) {
    return ShortTtbr0{}
        .with(ShortTtbr0::kIrgn0, true)
        .with(ShortTtbr0::kS, true)
        .with(ShortTtbr0::kRgn, ShortTtbr0::Region::kWriteBackWriteAllocate)
        .with(ShortTtbr0::kNos, true)
        .with(ShortTtbr0::kBase, static_cast<std::uint32_t>(root.value) >> ShortTtbr0::kBase.lsb);
}

/// All of `ShortStage1` is in domain 0, which checks permissions. The others cannot be used.
inline constexpr cpu::Dacr kShortDacr =
    cpu::Dacr{}.with(cpu::Dacr::kDomain0, cpu::DomainAccess::kClient);

static_assert(short_ttbcr().raw == 0);
static_assert(short_ttbr0({0x40004000}).raw == 0x4000406A);
static_assert(kShortDacr.raw == 0x00000001);
static_assert(ttbcr(Stage1::kGeometry).raw == 0x80003500);
static_assert(htcr(HypStage1::kGeometry).raw == 0x80803500);
static_assert(vtcr(Stage2::kGeometry).raw == 0x80003558);
static_assert(vtcr(Stage2Narrow::kGeometry).raw == 0x80003500);

/// MAIR0 and HMAIR0 (B4.1): one byte per kind of memory, in the order of `MemoryType`.
struct Mair : reg::Layout<Mair> {
    enum class Attr : std::uint8_t {
        kDevice = 0x04,
        kNormalNonCacheable = 0x44,
        kNormalWriteBack = 0xFF,  ///< Inner and outer, non-transient, read- and write-allocate.
    };
    static constexpr reg::Field<7, 0, Attr> kAttr0{};
    static constexpr reg::Field<15, 8, Attr> kAttr1{};
    static constexpr reg::Field<23, 16, Attr> kAttr2{};
};

inline constexpr Mair kMair0 = Mair{}
                                   .with(Mair::kAttr0, Mair::Attr::kNormalWriteBack)
                                   .with(Mair::kAttr1, Mair::Attr::kNormalNonCacheable)
                                   .with(Mair::kAttr2, Mair::Attr::kDevice);
static_assert(kMair0.raw == 0x000444FF);

}  // namespace hm::mmu
