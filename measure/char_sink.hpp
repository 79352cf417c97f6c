#pragma once
// A destination for single characters: a UART, a buffer, a checksum.

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace hm::measure {

class CharSink;

/// Anything that can be called with a char, except a CharSink: a copy of a sink refers to the
/// sink's target, never to the sink.
template <class T>
concept CharTarget = std::invocable<T&, char> && !std::same_as<std::remove_const_t<T>, CharSink>;

/// Refers to anything that can be called with a char, whatever its type. So code that writes
/// characters is compiled once, not once for each destination. It must not outlive its target.
class CharSink {
  public:
    template <CharTarget Target>
    constexpr CharSink(Target& target)  // NOLINT: every callable is meant to convert.
        : target_(const_cast<std::remove_const_t<Target>*>(&target)),
          put_([](void* to, char c) { (*static_cast<Target*>(to))(c); }) {}

    void operator()(char c) const { put_(target_, c); }

  private:
    void* target_;
    void (*put_)(void* target, char c);
};

/// Sends every character of `text` to `sink`.
inline void put_text(CharSink sink, std::string_view text) {
    for (const char c : text) {
        sink(c);
    }
}

/// The same for a text that ends with a zero.
inline void put_text(CharSink sink, const char* text) {
    for (; *text != 0; ++text) {
        sink(*text);
    }
}

/// Sends the low `digits` hexadecimal digits of `value`, in lower case.
inline void put_hex(CharSink sink, std::uint32_t value, unsigned digits) {
    for (unsigned left = digits; left > 0; --left) {
        sink("0123456789abcdef"[(value >> (4 * (left - 1))) & 0xf]);
    }
}

/// Sends an address, or any word: 0x and eight digits, or ten if it has more than 32 bits.
inline void put_address(CharSink sink, std::uint64_t value) {
    put_text(sink, "0x");
    if (value >> 32 != 0) {
        put_hex(sink, static_cast<std::uint32_t>(value >> 32), 2);
    }
    put_hex(sink, static_cast<std::uint32_t>(value), 8);
}

}  // namespace hm::measure
