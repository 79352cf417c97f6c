#pragma once
// What can be asked for, for people: the tables of measure/keys.hpp.

#include <cstddef>
#include <string>

namespace hm::host {

/// Workloads, suites and keys with meaning, range and defaults: what `hypmeter list` prints.
[[nodiscard]] std::string catalogue_text(std::size_t width);

/// Only the keys.
[[nodiscard]] std::string keys_text(std::size_t width);

}  // namespace hm::host
