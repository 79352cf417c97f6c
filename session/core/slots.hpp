#pragma once
// Who has which memory of the machine while guests run.

#include <cstdint>
#include <optional>

#include "session/core/guest_slot.hpp"

namespace hm::session {

/// The second VM, the second core's load and the records that are kept lie at the end of memory, or
/// below the gigabyte where that reaches so far.
struct Slots {
    GuestSlot measured;
    /// For a guest whose stage 2 is a block of 1 GB: in a whole gigabyte of memory above the
    /// guests' base, in which nothing else lies, as far from its beginning as the guest's IPA is
    /// from that of its own. Nothing if the machine has none.
    std::optional<GuestSlot> gigabyte;
    GuestSlot companion;
    StreamLoad stream;
    std::uint32_t records = 0;  ///< PA of the memory for records
    std::uint32_t record_bytes = 0;

    /// The slot of the guest that `scenario` measures; null if the machine has none.
    [[nodiscard]] const GuestSlot* of(const measure::Scenario& scenario) const;

    /// All the memory that this guest may see: its slot, or the whole gigabyte.
    [[nodiscard]] mmu::Range<mmu::Pa> memory_of(const measure::Scenario& scenario) const;
};

/// No two overlap, but that the measured slot may hold the gigabyte: a guest has either.
/// `keeps_records`: whether memory is kept for them. Where there is too little memory, a part has
/// no bytes.
[[nodiscard]] Slots slots_in(const Platform& platform, const board::Ram& ram, bool keeps_records);

}  // namespace hm::session
