#pragma once
// Instructions that one run counted beside the cycles that another measured, for people and for
// programs.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/judge/count_and_time.hpp"

namespace hm::host {

struct CountAndTimeFormat {
    std::string_view name;
    /// `all`: every row where a summary would do.
    std::string (*text)(const std::vector<Side>& sides, const std::vector<CountAndTime>& pairs,
                        bool all, std::size_t width);
};

/// The first is the one for a terminal. They have the names of hypervisor_formats().
[[nodiscard]] std::span<const CountAndTimeFormat> count_and_time_formats();

}  // namespace hm::host
