#pragma once
// A guest that shares the core with another.

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// Layers, the wait for a slice, and what it costs the other virtual machine that the owner of an
/// interrupt goes first.
[[nodiscard]] std::string sharing_text(const GroupedResults& run, Verbosity verbosity,
                                       std::size_t width);

}  // namespace hm::host
