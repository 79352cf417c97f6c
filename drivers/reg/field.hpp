#pragma once
// Typed registers and descriptors: words that are accessed only through named fields.

#include <cstdint>
#include <type_traits>

namespace hm::reg {

/// Bits `kMsb` down to `kLsb` of a word, read and written as a `V` (an integer, bool or enum).
template <unsigned kMsb, unsigned kLsb = kMsb,
          class V = std::conditional_t<kMsb == kLsb, bool, std::uint32_t>>
struct Field {
    static_assert(kMsb >= kLsb && kMsb < 64);
    using Value = V;
    static constexpr unsigned msb = kMsb;
    static constexpr unsigned lsb = kLsb;
    static constexpr unsigned width = kMsb - kLsb + 1;
};

/// Base of every register or descriptor layout. `Derived` names its fields as
/// `static constexpr Field<...> kName{}`.
template <class Derived, class WordT = std::uint32_t>
struct Layout {
    using Word = WordT;
    Word raw = 0;

    template <class F>
    static constexpr Word mask(F) {
        static_assert(F::msb < sizeof(Word) * 8);
        constexpr Word ones = static_cast<Word>(~Word{0}) >> (sizeof(Word) * 8 - F::width);
        return ones << F::lsb;
    }

    template <class F>
    [[nodiscard]] constexpr typename F::Value get(F field) const {
        // What lies in the low half of a word of 64 bits needs no look at the other half, which the
        // compiler would take.
        using Half = std::conditional_t<(F::msb < 32), std::uint32_t, Word>;
        return static_cast<typename F::Value>(static_cast<Half>(raw & mask(field)) >> F::lsb);
    }

    /// A copy with `field` set to `value`; bits of `value` beyond the field's width are dropped.
    template <class F>
    [[nodiscard]] constexpr Derived with(F field, typename F::Value value) const {
        Derived changed{};
        changed.raw = (raw & static_cast<Word>(~mask(field))) |
                      ((static_cast<Word>(value) << F::lsb) & mask(field));
        return changed;
    }

    [[nodiscard]] static constexpr Derived from(Word word) {
        Derived value{};
        value.raw = word;
        return value;
    }

    friend constexpr bool operator==(const Layout& a, const Layout& b) { return a.raw == b.raw; }
};

}  // namespace hm::reg
