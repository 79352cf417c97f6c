#pragma once
// Whether the numbers of a row can be those of a set of samples, whatever wrote them.

#include <string_view>

#include "host/log/results.hpp"

namespace hm::host {

/// The first field of `row` that its other fields contradict, or whose value no target writes;
/// empty if there is none.
[[nodiscard]] std::string_view wrong_field(const Row& row);

/// The same of one of the worst events.
[[nodiscard]] std::string_view wrong_field(const Worst& worst);

/// No figure reaches it: below, every whole number has a double (2^53).
inline constexpr double kLimit = 9007199254740992.0;

}  // namespace hm::host
