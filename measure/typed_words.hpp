#pragma once
// Room for one small value of a type that writer and reader agree on, in a structure that both
// share.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace hm::measure {

template <std::size_t kWords>
class TypedWords {
  public:
    template <class T>
    static constexpr bool kHolds = std::is_trivially_copyable_v<T>&& std::is_standard_layout_v<T> &&
                                   sizeof(T) % 4 == 0 && alignof(T) <= 4 && sizeof(T) <= 4 * kWords;

    constexpr TypedWords() = default;

    /// Keeps a copy of `value`; the words behind it are zero.
    template <class T>
    requires(kHolds<T> && !std::is_same_v<T, TypedWords>) constexpr TypedWords(
        const T& value) {  // NOLINT(google-explicit-constructor)
        const auto words = std::bit_cast<std::array<std::uint32_t, sizeof(T) / 4>>(value);
        for (std::size_t i = 0; i < words.size(); ++i) {
            words_[i] = words[i];
        }
    }

    /// The value, which must have been written as a T.
    template <class T>
    requires kHolds<T>
    [[nodiscard]] constexpr T as() const {
        std::array<std::uint32_t, sizeof(T) / 4> words{};
        for (std::size_t i = 0; i < words.size(); ++i) {
            words[i] = words_[i];
        }
        return std::bit_cast<T>(words);
    }

    friend constexpr bool operator==(const TypedWords&, const TypedWords&) = default;

  private:
    std::array<std::uint32_t, kWords> words_{};
};

}  // namespace hm::measure
