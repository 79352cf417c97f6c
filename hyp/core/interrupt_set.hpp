#pragma once
// A set of interrupts of a virtual CPU: those of its own (IDs 0 to 31) and those that all virtual
// CPUs share, one bit each, by ID. Two words, because a shift of 64 bits is a call on ARMv7.

#include <array>
#include <bit>
#include <cstdint>

#include "drivers/gic/gic_layout.hpp"

namespace hm::hyp {

using gic::IntId;

class InterruptSet {
  public:
    constexpr InterruptSet() = default;
    constexpr InterruptSet(std::uint32_t own, std::uint32_t shared) : words_{own, shared} {}

    [[nodiscard]] constexpr std::uint32_t own() const { return words_[0]; }
    [[nodiscard]] constexpr std::uint32_t shared() const { return words_[1]; }
    [[nodiscard]] constexpr bool empty() const { return (words_[0] | words_[1]) == 0; }
    [[nodiscard]] constexpr bool contains(IntId id) const {
        return (words_[id / 32] >> (id % 32) & 1) != 0;
    }
    constexpr void insert(IntId id) { words_[id / 32] |= std::uint32_t{1} << (id % 32); }
    constexpr void erase(IntId id) { words_[id / 32] &= ~(std::uint32_t{1} << (id % 32)); }

    /// The lowest ID; the set is not empty.
    [[nodiscard]] constexpr IntId first() const {
        return static_cast<IntId>(words_[0] != 0 ? std::countr_zero(words_[0])
                                                 : 32 + std::countr_zero(words_[1]));
    }
    /// Without that one.
    constexpr void erase_first() {
        std::uint32_t& word = words_[0] != 0 ? words_[0] : words_[1];
        word &= word - 1;
    }
    /// Whether there are more than `count`.
    [[nodiscard]] constexpr bool more_than(std::uint32_t count) const {
        InterruptSet rest = *this;
        for (; count != 0 && !rest.empty(); --count) {
            rest.erase_first();
        }
        return !rest.empty();
    }

    friend constexpr InterruptSet operator|(InterruptSet a, InterruptSet b) {
        return {a.own() | b.own(), a.shared() | b.shared()};
    }
    friend constexpr InterruptSet operator&(InterruptSet a, InterruptSet b) {
        return {a.own() & b.own(), a.shared() & b.shared()};
    }
    friend constexpr InterruptSet without(InterruptSet a, InterruptSet b) {
        return {a.own() & ~b.own(), a.shared() & ~b.shared()};
    }
    friend constexpr bool operator==(InterruptSet, InterruptSet) = default;

  private:
    std::array<std::uint32_t, 2> words_{};
};

}  // namespace hm::hyp
