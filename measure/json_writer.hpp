#pragma once
// JSON written character by character into a sink, without a buffer.

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "measure/char_sink.hpp"

namespace hm::measure {

/// The integers that JSON writes as numbers: neither bool nor characters.
template <class T>
concept JsonInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                      !std::same_as<T, signed char>;

/// Writes one JSON value. The caller opens and closes objects and arrays in order, and gives every
/// member of an object its key; the writer places commas and escapes strings.
class JsonWriter {
  public:
    explicit JsonWriter(CharSink sink) : sink_(sink) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    /// The name of the member whose value comes next. Texts that are known at compile time are
    /// passed as pointers: a length with each would take more of the image than counting it again.
    JsonWriter& key(const char* name);

    /// A string. Bytes outside printable ASCII become the Unicode characters with these numbers, so
    /// that the output is always valid JSON on one line.
    JsonWriter& string(std::string_view text);
    JsonWriter& string(const char* text);

    JsonWriter& boolean(bool value);

    /// A member with its value, in one call: records consist of these.
    JsonWriter& member(const char* name, std::string_view value);
    JsonWriter& member(const char* name, const char* value);
    JsonWriter& member(const char* name, std::uint32_t value);
    JsonWriter& member(const char* name, std::uint64_t value);
    JsonWriter& member(const char* name, bool value);

    template <JsonInteger Integer>
    JsonWriter& number(Integer value) {
        const auto bits = static_cast<std::uint64_t>(value);
        if constexpr (std::is_signed_v<Integer>) {
            return value < 0 ? write_integer(true, ~bits + 1) : write_integer(false, bits);
        } else {
            return write_integer(false, bits);
        }
    }

    /// The number `value / scale`, exactly and without trailing zeros; `scale` is a power of ten.
    JsonWriter& decimal(std::uint64_t value, std::uint64_t scale);

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    JsonWriter& write_integer(bool negative, std::uint64_t magnitude);
    void separate();
    void put_escaped(char c);
    void put_digits(std::uint64_t value);

    CharSink sink_;
    bool comma_before_next_ = false;
};

}  // namespace hm::measure
