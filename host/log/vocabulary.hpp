#pragma once
// The words and numbers that fields of a log or a results file may hold: whether they mean
// something, not only whether their type is right.

#include <cstdint>
#include <string_view>

#include "host/log/params.hpp"

namespace hm::host {

/// No figure reaches it: below, every whole number has a double (2^53).
inline constexpr double kLimit = 9007199254740992.0;

inline constexpr std::uint64_t kMostHz = 100'000'000'000;
/// 40 bits of physical address.
inline constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 40;

/// Whether `text` can name a workload, a layer, a unit or a parameter: 1 to 128 letters, digits and
/// signs that such names have. '?', which replaces what a terminal would obey, is none of them.
[[nodiscard]] bool is_word(std::string_view text);

/// Whether `text` names steps of the paper's figures, as "(4)-(5)", or is empty.
[[nodiscard]] bool names_steps(std::string_view text);

/// Whether `text` is the name of a measure::Clock, or empty, as in a run that never began.
[[nodiscard]] bool names_clock(std::string_view text);

/// Whether a parameter of a row can have this value.
[[nodiscard]] bool can_be_of_row(const Params::Entry& param);

/// The same for a parameter of a run: keys in their ranges (measure/keys.hpp), and what the
/// machine adds to them.
[[nodiscard]] bool can_be_of_run(const Params::Entry& parameter);

/// Whether a register of the core can be called so and hold this.
[[nodiscard]] bool can_be_register(const Params::Entry& named);

}  // namespace hm::host
