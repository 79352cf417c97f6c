#pragma once
// The monitor's console.

#include <cstdint>
#include <optional>
#include <string_view>

#include "measure/char_sink.hpp"

namespace hm::board {

/// Makes the board's UART ready.
void start_console();

/// A character that was received, if there is one.
[[nodiscard]] std::optional<char> get();

/// One character; a newline becomes carriage return and newline.
void put(char c);

[[nodiscard]] measure::CharSink console();

inline void print(std::string_view text) { measure::put_text(console(), text); }
void print_hex(std::uint64_t value);

/// Waits until everything has left.
void drain_console();

}  // namespace hm::board
