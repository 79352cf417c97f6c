#pragma once
// The guest's address space: everything at its own address, in long-descriptor tables; also in
// short-descriptor tables, if the timed part uses them.

#include <cstdint>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/hw/table_memory.hpp"
#include "measure/translation.hpp"

namespace hm::guest {

using LongMemory = mmu::HardwareTables<mmu::Va, mmu::Ipa, mmu::InvalidatePl1>;
using LongBuilder = mmu::Builder<mmu::Stage1, LongMemory>;
using ShortMemory = mmu::HardwareTables<mmu::Va, mmu::Ipa, mmu::InvalidatePl1, mmu::ShortFamily>;
using ShortBuilder = mmu::Builder<mmu::ShortStage1, ShortMemory>;

/// How a range is mapped.
enum class Layout : std::uint8_t {
    kPages,      ///< pages of 4 KB, at their own address
    kBlocks,     ///< blocks of the timed part's size, at their own address
    kScattered,  ///< pages of 4 KB, to one another's addresses (measure::chase::scattered_page)
};

class AddressSpace {
  public:
    /// The tables lie from `tables` on, which is aligned to 16 KB.
    AddressSpace(measure::Stage1 kind, mmu::Ipa tables);

    /// The first address after the memory that is kept for tables.
    [[nodiscard]] std::uint32_t end() const;

    /// Makes the roots. False if there is no room.
    [[nodiscard]] bool prepare();

    /// Maps a range that is a multiple of 4 KB, or of the timed part's blocks. False if there are
    /// too few tables. Does nothing without stage 1.
    [[nodiscard]] bool map(mmu::Va begin, std::uint32_t bytes,
                           const mmu::Stage1Attributes& attributes, Layout layout = Layout::kPages);

    /// Memory that is mapped in blocks must be a multiple of this.
    [[nodiscard]] std::uint32_t block_bytes() const {
        return static_cast<std::uint32_t>(bytes(block_));
    }

    /// Turns MMU and caches on, with long descriptors; without stage 1, only the caches.
    void turn_on();

    /// Changes to the tables of the timed part, and back; with the MMU off in between if they are
    /// short.
    void begin_timed_part();
    void end_timed_part();

    /// Root of the timed part's tables, and the memory that they take.
    [[nodiscard]] mmu::Ipa root() const;
    [[nodiscard]] std::uint32_t table_bytes() const;

    /// The long-descriptor tables, for faults.
    [[nodiscard]] LongBuilder& tables() { return long_tables_; }

  private:
    /// Maps a range, in leaves of `size` where the format has them.
    [[nodiscard]] bool map_to(mmu::Ipa target, mmu::Va begin, std::uint32_t bytes,
                              const mmu::Stage1Attributes& attributes, mmu::Size size);
    [[nodiscard]] bool is_off() const { return kind_ == measure::Stage1::kOff; }
    [[nodiscard]] bool is_short() const { return measure::is_short(kind_); }

    measure::Stage1 kind_;
    mmu::Size block_;
    mmu::FramePool<mmu::Ipa> long_frames_;
    LongMemory long_memory_;
    LongBuilder long_tables_;
    ShortMemory::Pool short_frames_;
    ShortMemory short_memory_;
    ShortBuilder short_tables_;
};

}  // namespace hm::guest
