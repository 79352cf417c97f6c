#pragma once
// Which rows of a run would tell what is not known of a core.

#include <cstddef>
#include <string>
#include <vector>

#include "host/model/settle.hpp"

namespace hm::host {

/// A line for each unknown that decides what hits, and for each latency of which nothing is known.
[[nodiscard]] std::string settle_text(const Forecaster& forecaster,
                                      const std::vector<Probed>& probed, std::size_t width);

}  // namespace hm::host
