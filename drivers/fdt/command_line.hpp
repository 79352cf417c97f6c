#pragma once
// A kernel command line: words apart by blanks, each `key=value` or a key alone.

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace hm::fdt {

/// One word of a command line; `value` is empty where the word is a key alone.
struct Argument {
    std::string_view key;
    std::string_view value;
};

enum class NumberError : std::uint8_t { kNone, kNotANumber, kTooSmall, kTooLarge };

/// In a few words, as the end of a sentence: "period ...".
[[nodiscard]] std::string_view describe(NumberError error);

/// A number that was asked for in text; `value` counts only where `error` is kNone.
struct Number {
    NumberError error = NumberError::kNone;
    std::uint64_t value = 0;

    [[nodiscard]] constexpr bool ok() const { return error == NumberError::kNone; }
};

/// All of `text` as a number from `min` to `max`: decimal, or hexadecimal behind 0x, and then
/// perhaps k or K, M or G for 2^10, 2^20 or 2^30 times as much.
[[nodiscard]] Number parse_number(std::string_view text, std::uint64_t min = 0,
                                  std::uint64_t max = std::numeric_limits<std::uint64_t>::max());

/// The words of a command line in order; refers to its text, which must outlive it.
class CommandLine {
  public:
    class Iterator {
      public:
        const Argument& operator*() const { return argument_; }
        Iterator& operator++();
        bool operator==(const Iterator& other) const {
            return argument_.key.data() == other.argument_.key.data();
        }

      private:
        friend class CommandLine;
        Iterator() = default;
        explicit Iterator(std::string_view text) : rest_(text) { ++*this; }

        std::string_view rest_;
        Argument argument_;
    };

    explicit CommandLine(std::string_view text) : text_(text) {}

    [[nodiscard]] Iterator begin() const { return Iterator(text_); }
    [[nodiscard]] static Iterator end() { return {}; }

    /// The value of the last word with `key`, so that what is appended overrides; absent without
    /// one.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view key) const;

  private:
    std::string_view text_;
};

}  // namespace hm::fdt
