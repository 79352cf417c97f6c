#pragma once
// Who has which memory of the machine while guests run.

#include <optional>
#include <span>

#include "boot/hyp_mmu.hpp"
#include "boot/second_core.hpp"
#include "session/hw/guest_slot.hpp"

namespace hm::session {

/// A second VM, the second core's load and the records that are kept lie at the end of memory.
struct Slots {
    GuestSlot measured;
    /// For a guest whose stage 2 is a block of 1 GB: in a whole gigabyte of memory without the
    /// monitor in it, as far from its beginning as the guest's IPA is from that of its own. Nothing
    /// where the machine has none.
    std::optional<GuestSlot> gigabyte;
    GuestSlot companion;
    boot::second_core::Load stream;
    std::span<char> records;

    /// The measured guest's slot; null where the machine has none for it.
    [[nodiscard]] const GuestSlot* of(const measure::Scenario& scenario) const;
};

/// `keeps_records`: else no memory is kept for them.
[[nodiscard]] Slots slots_in(const board::Ram& ram, bool keeps_records);

}  // namespace hm::session
