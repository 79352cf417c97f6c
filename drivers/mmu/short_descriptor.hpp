#pragma once
// Short-descriptor translation tables (ARM DDI 0406C, B3.5.1): the layouts of their entries, and
// the attributes of a leaf as a plain struct. Supersections and large pages are never written, and
// are read as invalid.

#include <cstdint>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/memory_type.hpp"
#include "drivers/reg/field.hpp"

namespace hm::mmu {

/// TEX[2:0], C and B with SCTLR.TRE = 0 (table B3-10).
struct ShortMemory {
    std::uint32_t tex;
    bool c, b;

    friend constexpr bool operator==(const ShortMemory&, const ShortMemory&) = default;
};
inline constexpr ShortMemory kShortWriteBack{.tex = 0b001, .c = true, .b = true};
inline constexpr ShortMemory kShortNonCacheable{.tex = 0b001, .c = false, .b = false};
inline constexpr ShortMemory kShortDevice{.tex = 0b000, .c = false, .b = true};

/// Bits 1:0 say what an entry is. The other values are leaves, whose bit 0 may mean something else.
enum class ShortType : std::uint8_t { kInvalid = 0b00, kTable = 0b01 };

/// An entry of level 1 that leads to a table of level 2.
struct ShortTable : reg::Layout<ShortTable> {
    static constexpr reg::Field<1, 0, ShortType> kType{};
    static constexpr reg::Field<2> kPxn{};        ///< For all pages below; stays 0.
    static constexpr reg::Field<3> kNonSecure{};  ///< Ignored in non-secure state.
    static constexpr reg::Field<8, 5> kDomain{};  ///< Always 0, which DACR makes a client.
    static constexpr reg::Field<31, 10> kBase{};
};

/// A leaf of level 1: 1 MB.
struct ShortSection : reg::Layout<ShortSection> {
    static constexpr reg::Field<0> kPxn{};  ///< Stays 0.
    static constexpr reg::Field<1> kIsSection{};
    static constexpr reg::Field<2> kB{};
    static constexpr reg::Field<3> kC{};
    static constexpr reg::Field<4> kXn{};
    static constexpr reg::Field<8, 5> kDomain{};
    static constexpr reg::Field<11, 10> kAp10{};
    static constexpr reg::Field<14, 12> kTex{};
    static constexpr reg::Field<15> kAp2{};
    static constexpr reg::Field<16> kS{};
    static constexpr reg::Field<17> kNotGlobal{};
    static constexpr reg::Field<18> kIsSupersection{};
    static constexpr reg::Field<19> kNonSecure{};
    static constexpr reg::Field<31, 20> kBase{};
};

/// A leaf of level 2: 4 KB.
struct ShortPage : reg::Layout<ShortPage> {
    static constexpr reg::Field<0> kXn{};
    static constexpr reg::Field<1> kIsSmallPage{};
    static constexpr reg::Field<2> kB{};
    static constexpr reg::Field<3> kC{};
    static constexpr reg::Field<5, 4> kAp10{};
    static constexpr reg::Field<8, 6> kTex{};
    static constexpr reg::Field<9> kAp2{};
    static constexpr reg::Field<10> kS{};
    static constexpr reg::Field<11> kNotGlobal{};
    static constexpr reg::Field<31, 12> kBase{};
};

/// AP[1:0]. AP[0] is 1 in every leaf. With SCTLR.AFE = 1 it is the access flag; with AFE = 0 it
/// gives AP[2:1] the same meaning as with AFE = 1 (B3.7.1).
struct ShortAccess : reg::Layout<ShortAccess> {
    static constexpr reg::Field<0> kAccessFlag{};
    static constexpr reg::Field<1> kPl0{};
};

/// `to` with the attributes of `from`: a section and a page have the same, at other bits.
template <class To, class From>
[[nodiscard]] constexpr To with_attributes_of(From from, To to) {
    return to.with(To::kXn, from.get(From::kXn))
        .with(To::kB, from.get(From::kB))
        .with(To::kC, from.get(From::kC))
        .with(To::kTex, from.get(From::kTex))
        .with(To::kAp10, from.get(From::kAp10))
        .with(To::kAp2, from.get(From::kAp2))
        .with(To::kS, from.get(From::kS))
        .with(To::kNotGlobal, from.get(From::kNotGlobal));
}

/// Any entry of either level.
struct ShortDescriptor : reg::Layout<ShortDescriptor> {
    static constexpr reg::Field<1, 0, ShortType> kType{};
    static constexpr unsigned kLastLevel = 2;

    [[nodiscard]] constexpr bool is_valid() const { return get(kType) != ShortType::kInvalid; }
    [[nodiscard]] constexpr bool is_table(unsigned level) const {
        return level < kLastLevel && get(kType) == ShortType::kTable;
    }
    [[nodiscard]] constexpr bool is_leaf(unsigned level) const {
        if (level == kLastLevel) {
            return ShortPage::from(raw).get(ShortPage::kIsSmallPage);
        }
        const auto section = ShortSection::from(raw);
        return section.get(ShortSection::kIsSection) && !section.get(ShortSection::kIsSupersection);
    }
    /// AP[0]: the access flag if SCTLR.AFE = 1.
    [[nodiscard]] constexpr bool is_accessed(unsigned level) const {
        const auto page = ShortPage::from(page_attributes(level).raw);
        return ShortAccess::from(page.get(ShortPage::kAp10)).get(ShortAccess::kAccessFlag);
    }

    template <class A>
    [[nodiscard]] constexpr A next_table() const {
        return {std::uint64_t{ShortTable::from(raw).get(ShortTable::kBase)}
                << ShortTable::kBase.lsb};
    }
    template <class A>
    [[nodiscard]] constexpr A output(unsigned level) const {
        if (level == kLastLevel) {
            const std::uint64_t base = ShortPage::from(raw).get(ShortPage::kBase);
            return {base << ShortPage::kBase.lsb};
        }
        const std::uint64_t base = ShortSection::from(raw).get(ShortSection::kBase);
        return {base << ShortSection::kBase.lsb};
    }

    /// The attributes of this leaf of `level`, laid out as in a page.
    [[nodiscard]] constexpr ShortDescriptor page_attributes(unsigned level) const {
        return level == kLastLevel
                   ? *this
                   : from(with_attributes_of(ShortSection::from(raw), ShortPage{}).raw);
    }
    /// A leaf of `level` that maps to `output`, with the attributes of this word, which are laid
    /// out as in a page.
    template <class A>
    [[nodiscard]] constexpr ShortDescriptor leaf(A output, unsigned level) const {
        const auto address = static_cast<std::uint32_t>(output.value);
        const auto page = ShortPage::from(raw);
        if (level == kLastLevel) {
            return from(page.with(ShortPage::kIsSmallPage, true)
                            .with(ShortPage::kBase, address >> ShortPage::kBase.lsb)
                            .raw);
        }
        return from(with_attributes_of(page, ShortSection{})
                        .with(ShortSection::kIsSection, true)
                        .with(ShortSection::kBase, address >> ShortSection::kBase.lsb)
                        .raw);
    }
    /// This page's leaf, changed to map to the next page of the output space.
    [[nodiscard]] constexpr ShortDescriptor next_page() const {
        return from(raw + static_cast<std::uint32_t>(bytes(Size::k4K)));
    }
    /// An entry that leads to the table at `next`.
    template <class A>
    [[nodiscard]] static constexpr ShortDescriptor table(A next) {
        const auto address = static_cast<std::uint32_t>(next.value);
        return from(ShortTable{}
                        .with(ShortTable::kType, ShortType::kTable)
                        .with(ShortTable::kBase, address >> ShortTable::kBase.lsb)
                        .raw);
    }
};

/// What the tables of all formats with short descriptors have in common.
struct ShortFamily {
    using Family = ShortFamily;
    using Descriptor = ShortDescriptor;
    static constexpr unsigned kLastLevel = ShortDescriptor::kLastLevel;
    static constexpr unsigned kEntriesPerTable = 256;
    static constexpr std::uint64_t kTableBytes = 1024;
    /// Only supersections could reach beyond.
    static constexpr unsigned kOutputBits = 32;

    /// What one entry of a table at `level` spans.
    [[nodiscard]] static constexpr Size size_at(unsigned level) {
        return level == kLastLevel ? Size::k4K : Size::k1M;
    }
};
static_assert(ShortFamily::kEntriesPerTable * sizeof(ShortDescriptor) == ShortFamily::kTableBytes);
static_assert(ShortFamily::kEntriesPerTable * bytes(Size::k4K) == bytes(Size::k1M));

/// A leaf of the PL1&0 regime's stage 1. PXN is left out: for pages it is in the entry that leads
/// to their table, so all pages of 1 MB share it.
struct ShortAttributes {
    MemoryType memory = MemoryType::kNormalWriteBack;
    bool pl0 = false;
    bool writable = false;
    bool executable = false;
    bool not_global = false;  ///< The TLB tags it with the ASID.

    friend constexpr bool operator==(const ShortAttributes&, const ShortAttributes&) = default;
};

[[nodiscard]] constexpr ShortMemory short_memory(MemoryType memory) {
    switch (memory) {
        case MemoryType::kNormalWriteBack:
            return kShortWriteBack;
        case MemoryType::kNormalNonCacheable:
            return kShortNonCacheable;
        case MemoryType::kDevice:
            break;
    }
    return kShortDevice;
}

/// The attribute bits as in a page, with output and type still to be set.
[[nodiscard, gnu::always_inline]] constexpr ShortDescriptor encode(const ShortAttributes& a) {
    const ShortMemory memory = short_memory(a.memory);
    const auto access =
        ShortAccess{}.with(ShortAccess::kAccessFlag, true).with(ShortAccess::kPl0, a.pl0);
    // Cacheable memory is shared with the other core.
    const auto page = ShortPage{}
                          .with(ShortPage::kXn, !a.executable)
                          .with(ShortPage::kB, memory.b)
                          .with(ShortPage::kC, memory.c)
                          .with(ShortPage::kTex, memory.tex)
                          .with(ShortPage::kAp10, access.raw)
                          .with(ShortPage::kAp2, !a.writable)
                          .with(ShortPage::kS, a.memory == MemoryType::kNormalWriteBack)
                          .with(ShortPage::kNotGlobal, a.not_global);
    return ShortDescriptor::from(page.raw);
}

template <class Attributes>
[[nodiscard]] constexpr Attributes decode(ShortDescriptor page_attributes);

/// Kinds of memory that `encode` never writes are read back as the strictest one, device memory.
template <>
[[nodiscard]] constexpr ShortAttributes decode<ShortAttributes>(ShortDescriptor page_attributes) {
    const auto page = ShortPage::from(page_attributes.raw);
    const ShortMemory found{page.get(ShortPage::kTex), page.get(ShortPage::kC),
                            page.get(ShortPage::kB)};
    const MemoryType memory = found == kShortWriteBack      ? MemoryType::kNormalWriteBack
                              : found == kShortNonCacheable ? MemoryType::kNormalNonCacheable
                                                            : MemoryType::kDevice;
    return {.memory = memory,
            .pl0 = ShortAccess::from(page.get(ShortPage::kAp10)).get(ShortAccess::kPl0),
            .writable = !page.get(ShortPage::kAp2),
            .executable = !page.get(ShortPage::kXn),
            .not_global = page.get(ShortPage::kNotGlobal)};
}

}  // namespace hm::mmu
