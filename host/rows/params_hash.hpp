#pragma once
// A number for the parameters of a row: most rows are told apart by it, and not compared.

#include <cstddef>
#include <string_view>

#include "host/log/params.hpp"

namespace hm::host {

/// Of all parameters but `without`: where it differs, they do.
[[nodiscard]] std::size_t hash_of(const Params& params, std::string_view without = {});

}  // namespace hm::host
