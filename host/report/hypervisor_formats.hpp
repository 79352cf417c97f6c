#pragma once
// The table of hypervisors for people and for programs: a format is one row.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/text.hpp"
#include "host/judge/comparison.hpp"

namespace hm::host {

struct HypervisorFormat {
    std::string_view name;
    std::string (*text)(const std::vector<Side>& sides, const Comparison& comparison,
                        std::size_t width);
};

/// The first is the one for a terminal.
[[nodiscard]] std::span<const HypervisorFormat> hypervisor_formats();

/// Only the table, with every line whole.
[[nodiscard]] Table hypervisors_table(const std::vector<Side>& sides, const Comparison& comparison);

/// The same of a single run, which is of the guest alone.
[[nodiscard]] Table under_table(const Results& results);

}  // namespace hm::host
