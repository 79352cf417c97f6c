#pragma once
// The virtual interrupts of one virtual CPU: which list register presents which of them, and which
// wait for a list register. This is plain state: its functions are given GICH_ELRSR and return
// which list register to write; they touch no device. ARM IHI 0048B, chapter 5.
//
// `elrsr` is GICH_ELRSR0 as read: a set bit means that the list register is empty. Bits of list
// registers that do not exist must be clear.

#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#include "drivers/gic/gic_layout.hpp"

namespace hm::hyp {

using gic::IntId;
using gic::ListRegister;
using gic::LrState;

/// How the end of a virtual interrupt reaches the physical one.
enum class Link : std::uint8_t {
    kHardware,     ///< LR.HW = 1: the guest's EOI deactivates the physical interrupt of the same ID
    kMaintenance,  ///< LR.HW = 0: the EOI raises a maintenance interrupt, and the monitor
                   ///< deactivates
    kNone,         ///< LR.HW = 0: there is no physical interrupt
};

/// A store that the caller has to make: GICH_LR[index] = word.
struct LrWrite {
    std::uint32_t index = 0;
    ListRegister word{};
    friend constexpr bool operator==(const LrWrite&, const LrWrite&) = default;
};

enum class Injection : std::uint8_t {
    kWrite,   ///< the caller makes the write
    kListed,  ///< a list register holds it already: there is nothing to write
    kQueued,  ///< no list register is free: it waits until plan_refill
};

struct InjectionPlan {
    Injection what = Injection::kQueued;
    LrWrite write{};  ///< for kListed its index is that of the list register that holds it
};

/// Only SGIs and PPIs (IDs 0-31), so that a set of interrupts is one word, and up to 31 list
/// registers. An interrupt waits, or is in a list register, or neither, but never both.
struct Vgic {
    static constexpr std::uint32_t kInterrupts = 32;
    static constexpr std::uint32_t kMaxListRegisters = 31;
    /// A list register that does not exist, and so is never free: the home of interrupts that wait.
    static constexpr std::uint8_t kNowhere = kMaxListRegisters;
    static constexpr std::uint8_t kNobody = kInterrupts;

    std::uint32_t waiting = 0;                       ///< interrupts without a list register, by ID
    std::array<std::uint8_t, kInterrupts> home{};    ///< by ID: the list register it was last in
    std::array<std::uint8_t, kInterrupts> occupant;  ///< by list register: the ID last put there
    std::array<ListRegister, kInterrupts> words{};   ///< by ID: the word that presents it, pending

    constexpr Vgic() : occupant{} { occupant.fill(kNobody); }
};

/// The word that presents `id` as pending. `priority` is the distributor's byte; list registers
/// keep its upper five bits (5.3.8).
[[nodiscard]] constexpr ListRegister pending_word(IntId id, Link link, std::uint32_t priority,
                                                  bool group1) {
    const auto word = ListRegister{}
                          .with(ListRegister::kVirtualId, id)
                          .with(ListRegister::kPriority, priority >> 3)
                          .with(ListRegister::kState, LrState::kPending)
                          .with(ListRegister::kGroup1, group1);
    switch (link) {
        case Link::kHardware:
            return word.with(ListRegister::kHardware, true).with(ListRegister::kPhysicalId, id);
        case Link::kMaintenance:
            return word.with(ListRegister::kEoiMaintenance, true);
        case Link::kNone:
            break;
    }
    return word;
}

/// Sets how `id` (below 32) is presented from its next injection on. Building the word here keeps
/// the injection itself short.
constexpr void configure(Vgic& vgic, IntId id, Link link, std::uint32_t priority, bool group1) {
    vgic.words[id] = pending_word(id, link, priority, group1);
}

/// What GICH_ELRSR0 reads where all of `count` (up to 31) list registers are empty.
[[nodiscard]] constexpr std::uint32_t list_register_mask(std::uint32_t count) {
    return (std::uint32_t{1} << count) - 1;
}

/// The list register that holds `id` now: pending, active, or ended and awaiting its maintenance
/// (before which its physical interrupt is active and cannot come).
[[nodiscard]] constexpr std::optional<std::uint32_t> holder_of(const Vgic& vgic, IntId id,
                                                               std::uint32_t elrsr) {
    const std::uint32_t home = vgic.home[id];
    const bool empty = ((elrsr >> home) & 1) != 0;
    return !empty && vgic.occupant[home] == id ? std::optional(home) : std::nullopt;
}

/// For an interrupt that no list register holds: takes the lowest free one, or lets it wait.
[[nodiscard]] constexpr InjectionPlan plan_in_any_free(Vgic& vgic, IntId id, std::uint32_t elrsr) {
    const std::uint32_t bit = std::uint32_t{1} << id;
    if (elrsr == 0) {
        vgic.waiting |= bit;
        vgic.home[id] = Vgic::kNowhere;
        return {Injection::kQueued, {}};
    }
    const auto index = static_cast<std::uint32_t>(std::countr_zero(elrsr));
    vgic.waiting &= ~bit;
    vgic.home[id] = static_cast<std::uint8_t>(index);
    vgic.occupant[index] = static_cast<std::uint8_t>(id);
    return {Injection::kWrite, {index, vgic.words[id]}};
}

/// Presents `id` (below 32, configured) to the guest. If the list register that it was last in is
/// free, it goes there again: this needs no search, neither for a free one nor for a copy of the
/// interrupt. The timer takes this path, 11 ARM instructions from reading ELRSR to writing the list
/// register.
[[nodiscard]] constexpr InjectionPlan plan_injection(Vgic& vgic, IntId id, std::uint32_t elrsr) {
    const std::uint32_t home = vgic.home[id];
    if (((elrsr >> home) & 1) != 0) [[likely]] {
        vgic.occupant[home] = static_cast<std::uint8_t>(id);
        return {Injection::kWrite, {home, vgic.words[id]}};
    }
    if (vgic.occupant[home] == id) {
        return {Injection::kListed, {home, {}}};
    }
    return plan_in_any_free(vgic, id, elrsr);
}

/// The new word of a list register that holds `current` and whose interrupt came again (after
/// Injection::kListed): a software interrupt that is active becomes pending too. Empty if it is
/// pending already, since the two become one, and for a linked interrupt, whose state hardware
/// keeps: pending-and-active is forbidden with HW = 1 (5.3.8).
[[nodiscard]] constexpr std::optional<ListRegister> pended_again(ListRegister current) {
    const bool active = current.get(ListRegister::kState) == LrState::kActive;
    if (!active || current.get(ListRegister::kHardware)) {
        return std::nullopt;
    }
    return current.with(ListRegister::kState, LrState::kPendingAndActive);
}

/// The new word of a list register that holds `current` and whose interrupt must not be taken any
/// more: it is no longer pending, but stays active if it was. If a linked interrupt leaves the list
/// register this way, the caller deactivates the physical one, because no EOI will.
[[nodiscard]] constexpr ListRegister no_longer_pending(ListRegister current) {
    switch (current.get(ListRegister::kState)) {
        case LrState::kPending:
            return ListRegister{};
        case LrState::kPendingAndActive:
            return current.with(ListRegister::kState, LrState::kActive);
        default:
            return current;
    }
}

/// Whether GICH_HCR.UIE has to be set. It asks for a maintenance interrupt when at most one list
/// register is in use; the monitor then refills them.
[[nodiscard]] constexpr bool wants_underflow_interrupt(const Vgic& vgic) {
    return vgic.waiting != 0;
}

/// Moves one waiting interrupt, the one with the highest priority and then the lowest ID, into a
/// free list register. The caller makes the write, reads ELRSR again and calls again, until nothing
/// is returned.
[[nodiscard]] std::optional<LrWrite> plan_refill(Vgic& vgic, std::uint32_t elrsr);

/// Drops the interrupts in `mask` that wait, and returns them.
constexpr std::uint32_t withdraw_waiting(Vgic& vgic, std::uint32_t mask) {
    const std::uint32_t withdrawn = vgic.waiting & mask;
    vgic.waiting &= ~mask;
    return withdrawn;
}

/// An interrupt that the guest has ended and whose list register asks for maintenance.
struct Ended {
    IntId id = 0;     ///< of the physical interrupt, which the monitor deactivates
    LrWrite clear{};  ///< frees the list register
    friend constexpr bool operator==(const Ended&, const Ended&) = default;
};

/// The first interrupt of GICH_EISR0 (`eisr`); empty when that is zero. The caller clears the
/// lowest set bit of `eisr` and calls again. Until it is cleared, such a list register is not empty
/// (5.3.6).
[[nodiscard]] constexpr std::optional<Ended> next_ended(const Vgic& vgic, std::uint32_t eisr) {
    if (eisr == 0) {
        return std::nullopt;
    }
    const auto index = static_cast<std::uint32_t>(std::countr_zero(eisr));
    return Ended{vgic.occupant[index], {index, ListRegister{}}};
}

}  // namespace hm::hyp
