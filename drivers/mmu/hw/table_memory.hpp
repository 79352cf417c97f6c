#pragma once
// Translation tables in real memory, for drivers/mmu's builder and walker. Addresses of tables are
// used as pointers: the code that works on tables must have them mapped at their own addresses.

#include <cstdint>
#include <optional>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/mmu/frame_pool.hpp"
#include "drivers/mmu/memory.hpp"

namespace hm::mmu {

/// TLB maintenance of the PL1&0 regime, by the guest's kernel on its own entries (all ASIDs; ARM
/// DDI 0406C.d, B3.10.5).
struct InvalidatePl1 {
    /// The kernel maps only pages where it has unmapped pages. To say so saves 1.4 KB, by which its
    /// image would reach into one more page, and its counts would move.
    static constexpr bool kMapsNoBlocksOverPages = true;
    static void page(std::uint32_t va) { cpu::operate<cpu::kTlbimvaa>(va); }
    static void regime() { cpu::operate<cpu::kTlbiall>(); }
};

/// TLB maintenance of HYP's own regime (B3.10.5).
struct InvalidateHyp {
    static constexpr bool kMapsNoBlocksOverPages = false;
    static void page(std::uint32_t va) { cpu::operate<cpu::kTlbimvah>(va); }
    static void regime() { cpu::operate<cpu::kTlbiallh>(); }
};

/// TLB maintenance of stage 2: TLBIALL in HYP drops the entries of both stages for the current
/// VMID. ARMv7 has no maintenance by IPA (B3.10.5), so one page costs as much as all.
struct InvalidateStage2 {
    static constexpr bool kMapsNoBlocksOverPages = false;
    static void page(std::uint32_t) { regime(); }
    static void regime() { cpu::operate<cpu::kTlbiall>(); }
};

/// Reads the descriptors of tables, no matter who made them. Owns nothing.
template <class Family, class Table>
class HardwareReader {
  public:
    using Word = typename Family::Descriptor::Word;

    /// One single-copy atomic load.
    [[nodiscard]] static Word read(Table table, unsigned index) {
        Word word;
        if constexpr (sizeof(Word) == 8) {
            asm volatile("ldrd %Q0, %R0, [%1]" : "=r"(word) : "r"(slot(table, index)) : "memory");
        } else {
            asm volatile("ldr %0, [%1]" : "=r"(word) : "r"(slot(table, index)) : "memory");
        }
        return word;
    }

    /// Where in memory the descriptor lies.
    [[nodiscard]] static std::uint32_t slot(Table table, unsigned index) {
        return static_cast<std::uint32_t>(table.value) + index * sizeof(Word);
    }
};

/// `Input` is what the tables translate, `Table` the space that their addresses are in.
template <class Input, class Table, class Invalidate, class Family = LongFamily>
class HardwareTables {
  public:
    using Word = typename Family::Descriptor::Word;
    using Pool = FramePool<Table, Family::kTableBytes>;

    static constexpr bool kMapsNoBlocksOverPages = Invalidate::kMapsNoBlocksOverPages;

    explicit constexpr HardwareTables(Pool& pool) : pool_(pool) {}

    [[nodiscard]] Word read(Table table, unsigned index) const {
        return Reader::read(table, index);
    }

    void store(Table table, unsigned index, Word descriptor) {
        const std::uint32_t slot = Reader::slot(table, index);
        if constexpr (sizeof(Word) == 8) {
            asm volatile("strd %Q0, %R0, [%1]" : : "r"(descriptor), "r"(slot) : "memory");
        } else {
            asm volatile("str %0, [%1]" : : "r"(descriptor), "r"(slot) : "memory");
        }
    }

    /// The DSB makes stores visible to walks (B3.10.1). Software of the regime also needs an ISB
    /// before it uses a page. After a fault, the exception return is one; code that maps for its
    /// own use adds one.
    void complete() { asm volatile("dsb ishst" : : : "memory"); }

    void write(Table table, unsigned index, Word descriptor) {
        store(table, index, descriptor);
        complete();
    }

    [[nodiscard]] std::optional<Table> allocate() {
        const std::optional<Table> frame = pool_.allocate();
        if (frame) {
            clear(*frame);
        }
        return frame;
    }
    void release(Table frame) { released_badly_ |= !pool_.release(frame); }
    [[nodiscard]] std::uint64_t available() const { return pool_.available(); }

    /// The DSBs make the new descriptors visible before TLB entries are dropped, and the entries
    /// dropped before what follows (B3.10.1, the example).
    void invalidate(const Maintenance<Input>& what) {
        cpu::dsb_inner_shareable();
        if (what.kind == Maintenance<Input>::Kind::kRegime) {
            Invalidate::regime();
        } else {
            for (std::uint64_t i = 0; i < what.operations(); ++i) {
                Invalidate::page(static_cast<std::uint32_t>(what.range.begin.value +
                                                            (i << shift(what.granule))));
            }
        }
        cpu::dsb_inner_shareable();
        cpu::isb();
    }

    /// Zeroes a frame that will be a table.
    static void clear(Table frame) {
        constexpr unsigned kAtOnce = 8;  // keeps the loop short: a demand fault may wait for it
        auto* const words =
            reinterpret_cast<std::uint64_t*>(static_cast<std::uintptr_t>(frame.value));
        for (unsigned i = 0; i < Family::kTableBytes / sizeof(*words); i += kAtOnce) {
#pragma GCC unroll 8
            for (unsigned j = 0; j < kAtOnce; ++j) {
                words[i + j] = 0;
            }
        }
    }

    /// Whether a frame was given back that was not taken: a bug in the builder.
    [[nodiscard]] bool released_badly() const { return released_badly_; }

  private:
    using Reader = HardwareReader<Family, Table>;

    Pool& pool_;
    bool released_badly_ = false;
};

}  // namespace hm::mmu
