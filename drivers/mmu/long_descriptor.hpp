#pragma once
// Long-descriptor translation tables (ARM DDI 0406C, B3.6.1 and B3.6.2): the layouts of their
// entries, and the attributes of a leaf as plain structs.

#include <cstdint>

#include "drivers/mmu/address.hpp"
#include "drivers/mmu/memory_type.hpp"
#include "drivers/reg/field.hpp"

namespace hm::mmu {

/// What all descriptors of both stages share.
struct LongDescriptor : reg::Layout<LongDescriptor, std::uint64_t> {
    static constexpr reg::Field<0> kValid{};
    /// A table, not a block, at levels 1 and 2; set in every page of level 3.
    static constexpr reg::Field<1> kTableOrPage{};
    /// Both at once.
    static constexpr reg::Field<1, 0> kType{};
    /// Bits 39:12 of the next table's address or of the output.
    static constexpr reg::Field<39, 12, std::uint64_t> kFrame{};
    /// Hardware does not manage it (B3.7): an entry without it faults on its first use.
    static constexpr reg::Field<10> kAccessFlag{};
    static constexpr unsigned kLastLevel = 3;

    [[nodiscard]] constexpr bool is_valid() const { return get(kValid); }
    [[nodiscard]] constexpr bool is_table(unsigned level) const {
        constexpr std::uint32_t kTable = 0b11;
        return get(kType) == kTable && level < kLastLevel;
    }
    /// Bits 1:0 = 0b01 are reserved at level 3 and fault as an invalid entry does.
    [[nodiscard]] constexpr bool is_leaf(unsigned level) const {
        return is_valid() && get(kTableOrPage) == (level == kLastLevel);
    }

    [[nodiscard]] constexpr bool is_accessed(unsigned) const { return get(kAccessFlag); }

    template <class A>
    [[nodiscard]] constexpr A next_table() const {
        return {get(kFrame) << kFrame.lsb};
    }
    template <class A>
    [[nodiscard]] constexpr A output(unsigned) const {
        return {get(kFrame) << kFrame.lsb};
    }

    /// The attributes of this leaf, laid out as in a page. The layout is the same at all levels.
    [[nodiscard]] constexpr LongDescriptor page_attributes(unsigned) const { return *this; }
    /// A leaf of `level` that maps to `output`; the other bits are those of this word.
    template <class A>
    [[nodiscard]] constexpr LongDescriptor leaf(A output, unsigned level) const {
        return with(kFrame, output.value >> kFrame.lsb)
            .with(kValid, true)
            .with(kTableOrPage, level == kLastLevel);
    }
    /// This page's leaf, changed to map to the next page of the output space. The output address is
    /// at its own bits in the word, so an addition is enough.
    [[nodiscard]] constexpr LongDescriptor next_page() const {
        return from(raw + bytes(Size::k4K));
    }
    /// An entry that leads to the table at `next`. Its hierarchical attributes (NSTable, APTable,
    /// XNTable, PXNTable: bits 63:59) stay 0: only leaves say what is allowed.
    template <class A>
    [[nodiscard]] static constexpr LongDescriptor table(A next) {
        return LongDescriptor{}
            .with(kValid, true)
            .with(kTableOrPage, true)
            .with(kFrame, next.value >> kFrame.lsb);
    }
};

/// What the tables of all formats with long descriptors have in common.
struct LongFamily {
    using Family = LongFamily;
    using Descriptor = LongDescriptor;
    static constexpr unsigned kLastLevel = LongDescriptor::kLastLevel;
    static constexpr unsigned kEntriesPerTable = 512;
    static constexpr std::uint64_t kTableBytes = kFrameBytes;
    static constexpr unsigned kOutputBits = 40;

    /// What one entry of a table at `level` (1 to 3) spans.
    [[nodiscard]] static constexpr Size size_at(unsigned level) {
        return static_cast<Size>(39 - 9 * level);
    }
};
static_assert(LongFamily::kEntriesPerTable * sizeof(LongDescriptor) == LongFamily::kTableBytes);
static_assert(LongFamily::size_at(1) == Size::k1G && LongFamily::size_at(2) == Size::k2M &&
              LongFamily::size_at(3) == Size::k4K);

/// SH[1:0] (B3.6.2).
enum class Shareability : std::uint8_t { kNone = 0, kOuter = 2, kInner = 3 };

/// Cacheable memory is shared with the other core; everything else goes to the bus, where all see
/// it.
[[nodiscard]] constexpr Shareability shareability(MemoryType memory) {
    return memory == MemoryType::kNormalWriteBack ? Shareability::kInner : Shareability::kOuter;
}

/// Leaves of stage 1, both of the PL1&0 regime and of HYP.
struct Stage1Leaf : reg::Layout<Stage1Leaf, std::uint64_t> {
    static constexpr reg::Field<4, 2, MemoryType> kAttrIndx{};
    static constexpr reg::Field<5> kNonSecure{};  ///< UNK/SBZP in non-secure state.
    static constexpr reg::Field<6> kAp1{};        ///< PL0 may access too; SBO in HYP's tables.
    static constexpr reg::Field<7> kAp2{};        ///< Read-only.
    static constexpr reg::Field<9, 8, Shareability> kSh{};
    static constexpr reg::Field<10> kAccessFlag{};
    static constexpr reg::Field<11> kNotGlobal{};   ///< SBZ in HYP's tables.
    static constexpr reg::Field<52> kContiguous{};  ///< Never set: entries change one at a time.
    static constexpr reg::Field<53> kPxn{};         ///< SBZ in HYP's tables.
    static constexpr reg::Field<54> kXn{};
};

/// Leaves of stage 2.
struct Stage2Leaf : reg::Layout<Stage2Leaf, std::uint64_t> {
    /// MemAttr[3:0] (B3.6.2): the memory type itself, not an index.
    enum class MemAttr : std::uint8_t {
        kStronglyOrdered = 0b0000,
        kDevice = 0b0001,
        kNormalNonCacheable = 0b0101,
        kNormalWriteBack = 0b1111,
    };
    static constexpr reg::Field<5, 2, MemAttr> kMemAttr{};
    static constexpr reg::Field<6> kHapRead{};   ///< HAP[0].
    static constexpr reg::Field<7> kHapWrite{};  ///< HAP[1].
    static constexpr reg::Field<9, 8, Shareability> kSh{};
    static constexpr reg::Field<10> kAccessFlag{};
    static constexpr reg::Field<52> kContiguous{};  ///< Never set: entries change one at a time.
    static constexpr reg::Field<54> kXn{};
};

/// Who may execute from a page of the PL1&0 regime.
enum class Execute : std::uint8_t {
    kNever,    ///< XN = 1, PXN = 1.
    kPl0Only,  ///< XN = 0, PXN = 1.
    kAll,      ///< XN = 0, PXN = 0.
};

/// A leaf of the PL1&0 regime's stage 1. AP[2:1] has one bit for writing and one for PL0 (B3.7.1),
/// so PL0 has either no access or the same as PL1.
struct Stage1Attributes {
    MemoryType memory = MemoryType::kNormalWriteBack;
    bool pl0 = false;
    bool writable = false;
    Execute execute = Execute::kNever;
    bool not_global = false;  ///< The TLB tags it with the ASID.

    friend constexpr bool operator==(const Stage1Attributes&, const Stage1Attributes&) = default;
};

/// A leaf of HYP's own stage 1: one privilege level, no ASIDs.
struct HypAttributes {
    MemoryType memory = MemoryType::kNormalWriteBack;
    bool writable = false;
    bool executable = false;

    friend constexpr bool operator==(const HypAttributes&, const HypAttributes&) = default;
};

/// A leaf of stage 2.
struct Stage2Attributes {
    MemoryType memory = MemoryType::kNormalWriteBack;
    bool read = false;
    bool write = false;
    bool executable = false;

    friend constexpr bool operator==(const Stage2Attributes&, const Stage2Attributes&) = default;
};

/// `encode` gives the attribute bits of a leaf, with its output and type still to be set. `decode`
/// reads them back from any valid leaf.
[[nodiscard, gnu::always_inline]] constexpr LongDescriptor encode(const Stage1Attributes& a) {
    const auto leaf = Stage1Leaf{}
                          .with(Stage1Leaf::kAttrIndx, a.memory)
                          .with(Stage1Leaf::kAp1, a.pl0)
                          .with(Stage1Leaf::kAp2, !a.writable)
                          .with(Stage1Leaf::kSh, shareability(a.memory))
                          .with(Stage1Leaf::kAccessFlag, true)
                          .with(Stage1Leaf::kNotGlobal, a.not_global)
                          .with(Stage1Leaf::kPxn, a.execute != Execute::kAll)
                          .with(Stage1Leaf::kXn, a.execute == Execute::kNever);
    return LongDescriptor::from(leaf.raw);
}

[[nodiscard, gnu::always_inline]] constexpr LongDescriptor encode(const HypAttributes& a) {
    const auto leaf = Stage1Leaf{}
                          .with(Stage1Leaf::kAttrIndx, a.memory)
                          .with(Stage1Leaf::kAp1, true)
                          .with(Stage1Leaf::kAp2, !a.writable)
                          .with(Stage1Leaf::kSh, shareability(a.memory))
                          .with(Stage1Leaf::kAccessFlag, true)
                          .with(Stage1Leaf::kXn, !a.executable);
    return LongDescriptor::from(leaf.raw);
}

[[nodiscard]] constexpr Stage2Leaf::MemAttr mem_attr(MemoryType memory) {
    switch (memory) {
        case MemoryType::kNormalWriteBack:
            return Stage2Leaf::MemAttr::kNormalWriteBack;
        case MemoryType::kNormalNonCacheable:
            return Stage2Leaf::MemAttr::kNormalNonCacheable;
        case MemoryType::kDevice:
            break;
    }
    return Stage2Leaf::MemAttr::kDevice;
}

[[nodiscard, gnu::always_inline]] constexpr LongDescriptor encode(const Stage2Attributes& a) {
    const auto leaf = Stage2Leaf{}
                          .with(Stage2Leaf::kMemAttr, mem_attr(a.memory))
                          .with(Stage2Leaf::kHapRead, a.read)
                          .with(Stage2Leaf::kHapWrite, a.write)
                          .with(Stage2Leaf::kSh, shareability(a.memory))
                          .with(Stage2Leaf::kAccessFlag, true)
                          .with(Stage2Leaf::kXn, !a.executable);
    return LongDescriptor::from(leaf.raw);
}

template <class Attributes>
[[nodiscard]] constexpr Attributes decode(LongDescriptor descriptor);

template <>
[[nodiscard]] constexpr Stage1Attributes decode<Stage1Attributes>(LongDescriptor descriptor) {
    const auto leaf = Stage1Leaf::from(descriptor.raw);
    const Execute execute = leaf.get(Stage1Leaf::kXn)    ? Execute::kNever
                            : leaf.get(Stage1Leaf::kPxn) ? Execute::kPl0Only
                                                         : Execute::kAll;
    return {.memory = leaf.get(Stage1Leaf::kAttrIndx),
            .pl0 = leaf.get(Stage1Leaf::kAp1),
            .writable = !leaf.get(Stage1Leaf::kAp2),
            .execute = execute,
            .not_global = leaf.get(Stage1Leaf::kNotGlobal)};
}

template <>
[[nodiscard]] constexpr HypAttributes decode<HypAttributes>(LongDescriptor descriptor) {
    const auto leaf = Stage1Leaf::from(descriptor.raw);
    return {.memory = leaf.get(Stage1Leaf::kAttrIndx),
            .writable = !leaf.get(Stage1Leaf::kAp2),
            .executable = !leaf.get(Stage1Leaf::kXn)};
}

/// Kinds of memory that `encode` never writes are read back as the strictest one, device memory.
template <>
[[nodiscard]] constexpr Stage2Attributes decode<Stage2Attributes>(LongDescriptor descriptor) {
    const auto leaf = Stage2Leaf::from(descriptor.raw);
    MemoryType memory = MemoryType::kDevice;
    if (leaf.get(Stage2Leaf::kMemAttr) == Stage2Leaf::MemAttr::kNormalWriteBack) {
        memory = MemoryType::kNormalWriteBack;
    } else if (leaf.get(Stage2Leaf::kMemAttr) == Stage2Leaf::MemAttr::kNormalNonCacheable) {
        memory = MemoryType::kNormalNonCacheable;
    }
    return {.memory = memory,
            .read = leaf.get(Stage2Leaf::kHapRead),
            .write = leaf.get(Stage2Leaf::kHapWrite),
            .executable = !leaf.get(Stage2Leaf::kXn)};
}

}  // namespace hm::mmu
