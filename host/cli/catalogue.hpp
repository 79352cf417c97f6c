#pragma once
// What can be asked for, for people: the tables of measure/keys.hpp.

#include <cstddef>
#include <string>

#include "measure/keys.hpp"

namespace hm::host {

/// Workloads, suites and keys with meaning, range and defaults: what `hypmeter list` prints.
[[nodiscard]] std::string catalogue_text(std::size_t width);

/// One key with meaning, range and default.
[[nodiscard]] std::string key_line(const measure::KeyInfo& key, std::size_t width = 80);

/// Only the keys.
[[nodiscard]] std::string keys_text(std::size_t width);

}  // namespace hm::host
