#pragma once
// The RAMs of Cortex-A7's TLB, which Secure software can read: the main TLB, the walk cache and the
// IPA cache. TRM is ARM DDI 0464, section 6.6.
//
// How far these layouts can be trusted, until somebody holds them against the manual and a board:
// - Tables 6.2, 6.7 and 6.8, and of table 6.9 bits 85 to 72: read in the manual (revisions E, F).
// - The rest of table 6.9 (main TLB): as NetBSD has it (sys/arch/arm/include/armreg.h,
//   ARM_A7_TLBDATA), and a driver of MediaTek's Linux that quotes the manual for PA, ASID, VMID, VA
//   and Size. They agree.
// - Walk cache and IPA cache: only the fields that the same driver quotes. There are more: which
//   IPA an entry is of, for example, we do not know.
// So the words of an entry are always shown with it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"

namespace hm::cpu {

/// TLB Data Read Operation Register (TRM tables 6.2 and 6.7). Write only, in Secure PL1 modes; it
/// is undefined in all others.
struct TlbSelect : reg::Layout<TlbSelect> {
    static constexpr reg::Cp15 kAt{3, 15, 4, 2};
    static constexpr reg::Field<31> kWay{};
    static constexpr reg::Field<7, 0> kIndex{};
};

/// What Data Registers 0 to 2 then read (TRM table 6.2: MRC p15, 3, Rt, c15, c0, 0 to 2). The
/// manual gives register 1 as descriptor[62:32] and register 2 as bits [19:0] for
/// descriptor[85:64], which has 22: we take all 32 bits of each, as NetBSD does.
using TlbWords = std::array<std::uint32_t, 3>;

/// Bits `kMsb` down to `kLsb` of a descriptor, which may lie in two words.
template <unsigned kMsb, unsigned kLsb = kMsb,
          class V = std::conditional_t<kMsb == kLsb, bool, std::uint32_t>>
struct TlbField {
    static_assert(kMsb >= kLsb && kMsb < 96 && kMsb - kLsb < 32);
    using Value = V;
    static constexpr unsigned msb = kMsb;
    static constexpr unsigned lsb = kLsb;
};

/// Base of the layouts of descriptors, as reg::Layout is of registers.
template <class Derived>
struct TlbDescriptor {
    TlbWords raw{};

    template <class F>
    [[nodiscard]] constexpr typename F::Value get(F) const {
        std::uint32_t value = 0;
        for (unsigned bit = F::msb + 1; bit-- > F::lsb;) {
            value = value << 1 | (raw[bit / 32] >> bit % 32 & 1);
        }
        return static_cast<typename F::Value>(value);
    }

    /// A copy with `field` set to `value`.
    template <class F>
    [[nodiscard]] constexpr Derived with(F, typename F::Value value) const {
        Derived changed{};
        changed.raw = raw;
        for (unsigned bit = F::lsb; bit <= F::msb; ++bit) {
            const std::uint32_t mask = std::uint32_t{1} << bit % 32;
            const bool set = (static_cast<std::uint32_t>(value) >> (bit - F::lsb) & 1) != 0;
            changed.raw[bit / 32] =
                set ? changed.raw[bit / 32] | mask : changed.raw[bit / 32] & ~mask;
        }
        return changed;
    }

    [[nodiscard]] static constexpr Derived from(const TlbWords& words) {
        Derived descriptor{};
        descriptor.raw = words;
        return descriptor;
    }
};

/// Which page or block an entry of the main TLB is for. The odd ones are of long descriptors.
enum class TlbSize : std::uint32_t { k4K, kLong4K, k64K, kLong64K, k1M, kLong2M, k16M, kLong1G };

/// Of the main TLB (TRM table 6.9).
struct MainTlbEntry : TlbDescriptor<MainTlbEntry> {
    static constexpr TlbField<85, 84> kStage2Level{};  ///< 0: no stage 2
    static constexpr TlbField<83, 82> kStage1Size{};   ///< 4K, 64K, 1M or 2M, 16M or 1G
    static constexpr TlbField<68, 41> kPa{};           ///< PA[39:12]
    static constexpr TlbField<40> kNs{};               ///< of the memory
    static constexpr TlbField<39, 38> kHap{};          ///< what stage 2 allows
    /// What stage 1 allows, or that the entry is HYP's: how, we do not know.
    static constexpr TlbField<37, 35> kApOrHyp{};
    static constexpr TlbField<34> kNotGlobal{};
    static constexpr TlbField<33, 26> kAsid{};
    static constexpr TlbField<25, 18> kVmid{};
    static constexpr TlbField<17, 5> kVa{};  ///< VA[31:19]
    static constexpr TlbField<4> kNsWalk{};  ///< the state in which it was fetched
    static constexpr TlbField<3, 1, TlbSize> kSize{};
    static constexpr TlbField<0> kValid{};

    [[nodiscard]] constexpr std::uint64_t pa() const { return std::uint64_t{get(kPa)} << 12; }
};

/// Of the walk cache (TRM 6.6.3): where the tables of the last level of stage 1 are.
struct WalkCacheEntry : TlbDescriptor<WalkCacheEntry> {
    static constexpr TlbField<77, 48> kPa{};  ///< of the table of that level, PA[39:10]
    static constexpr TlbField<47, 41> kVa{};  ///< VA[31:25]
    static constexpr TlbField<33, 26> kAsid{};
    static constexpr TlbField<25, 18> kVmid{};
    static constexpr TlbField<0> kValid{};

    [[nodiscard]] constexpr std::uint64_t pa() const { return std::uint64_t{get(kPa)} << 10; }
};

/// Of the IPA cache (TRM 6.6.3): a translation by stage 2 alone.
struct IpaCacheEntry : TlbDescriptor<IpaCacheEntry> {
    static constexpr TlbField<58, 31> kPa{};  ///< PA[39:12]
    static constexpr TlbField<25, 18> kVmid{};
    static constexpr TlbField<0> kValid{};

    [[nodiscard]] constexpr std::uint64_t pa() const { return std::uint64_t{get(kPa)} << 12; }
};

/// log2 of the bytes of a page or block.
[[nodiscard]] constexpr unsigned shift_of(TlbSize size) {
    constexpr std::array<unsigned, 8> kShifts{12, 12, 16, 16, 20, 21, 24, 30};
    return kShifts[static_cast<std::size_t>(size)];
}

/// The VA of an entry of the main TLB, which was found at `index`. For pages of 4 KB the index is
/// VA[18:12]. That it is the same many bits above the page for larger ones is how NetBSD reads it;
/// the manual's word for it we have not seen.
[[nodiscard]] constexpr std::uint32_t va_of(const MainTlbEntry& entry, std::uint32_t index) {
    constexpr unsigned kLowestBit = 19;
    return entry.get(MainTlbEntry::kVa) << kLowestBit |
           static_cast<std::uint32_t>(std::uint64_t{index}
                                      << shift_of(entry.get(MainTlbEntry::kSize)));
}

/// The page or block of stage 1 by which an entry of the main TLB was made.
[[nodiscard]] constexpr std::uint64_t stage1_bytes(const MainTlbEntry& entry) {
    const bool is_long = (static_cast<std::uint32_t>(entry.get(MainTlbEntry::kSize)) & 1) != 0;
    const std::uint32_t code = 2 * entry.get(MainTlbEntry::kStage1Size) + (is_long ? 1 : 0);
    return std::uint64_t{1} << shift_of(static_cast<TlbSize>(code));
}

/// That of stage 2, whose tables have a granule of 4 KB; 0 where none was involved.
[[nodiscard]] constexpr std::uint64_t stage2_bytes(const MainTlbEntry& entry) {
    constexpr std::array<std::uint64_t, 4> kBytes{0, 1 << 30, 2 << 20, 4 << 10};
    return kBytes[entry.get(MainTlbEntry::kStage2Level)];
}

/// A RAM, and where its entries are: the same indices in each way.
struct TlbRam {
    std::string_view name;
    std::uint32_t first_index;
    std::uint32_t sets;
};

/// What of a core's TLBs can be read.
struct TlbRams {
    std::uint32_t ways;
    std::array<TlbRam, 3> rams;
};

inline constexpr std::string_view kMainTlb = "main";
inline constexpr std::string_view kWalkCache = "walk";
inline constexpr std::string_view kIpaCache = "ipa";

/// TRM table 6.8, and 6.6.3: two ways.
inline constexpr TlbRams kCortexA7TlbRams{
    .ways = 2, .rams{{{kMainTlb, 0, 128}, {kWalkCache, 128, 32}, {kIpaCache, 160, 32}}}};

inline constexpr std::uint32_t kMostTlbEntries = 2 * (128 + 32 + 32);

/// The RAM of that name; null: there is none.
[[nodiscard]] constexpr const TlbRam* ram_of(const TlbRams& rams, std::string_view name) {
    for (const TlbRam& ram : rams.rams) {
        if (ram.name == name) {
            return &ram;
        }
    }
    return nullptr;
}

/// All of the RAMs as they were read, way by way in each of them.
struct TlbContents {
    std::array<TlbWords, kMostTlbEntries> entries{};
    std::size_t count = 0;
};

/// Reads all of `rams`. `read` takes a TlbSelect.
template <class Read>
constexpr void read_all(const TlbRams& rams, Read read, TlbContents& contents) {
    contents.count = 0;
    for (const TlbRam& ram : rams.rams) {
        for (std::uint32_t way = 0; way < rams.ways; ++way) {
            for (std::uint32_t set = 0; set < ram.sets; ++set) {
                contents.entries[contents.count++] =
                    read(TlbSelect{}
                             .with(TlbSelect::kWay, way != 0)
                             .with(TlbSelect::kIndex, ram.first_index + set));
            }
        }
    }
}

}  // namespace hm::cpu
