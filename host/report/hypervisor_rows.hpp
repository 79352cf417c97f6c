#pragma once
// What the guest alone measured under each hypervisor, operation by operation.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/judge/comparison.hpp"

namespace hm::host {

/// What one operation takes under each hypervisor.
struct Operation {
    std::string name;
    const ComparedRow* row;
};

/// Rows of work that no hypervisor has a part in: the least and the greatest ratio of their means
/// to the base's, for each hypervisor that has any of them.
struct OwnWork {
    std::string name;
    std::size_t rows = 0;  ///< of the base
    std::vector<std::optional<std::pair<double, double>>> ratios;
};

/// The layers of a timer with stamps that waits in one way, in their order.
struct WaitLayers {
    std::string wait;
    std::vector<Operation> layers;
};

/// Points into the comparison that it is made from.
struct HypervisorRows {
    std::vector<std::string> names;  ///< of the hypervisors, no two alike
    std::size_t base = 0;            ///< the one that ratios refer to: native, or else the first
    std::vector<Operation> operations;
    std::vector<WaitLayers> layers;
    std::vector<OwnWork> own_work;

    /// The mean of an operation as a ratio to the base's.
    [[nodiscard]] std::optional<double> ratio(const Operation& operation, std::size_t side) const;
};

/// Whether each side was measured by the guest alone.
[[nodiscard]] bool all_alone(const std::vector<Side>& sides);

/// Whether two sides ran under the same hypervisor, so that they may be equal.
[[nodiscard]] bool any_repeated(const std::vector<Side>& sides);

[[nodiscard]] HypervisorRows hypervisor_rows(const std::vector<Side>& sides,
                                             const Comparison& comparison);

/// A statistic of row_statistics() by its name.
[[nodiscard]] std::optional<double> statistic_of(const Operation& operation, std::size_t side,
                                                 std::string_view name);

/// What a row of the guest alone is called in the table, or nothing if it is in none: "GICD_CTLR
/// read", "timer, from WFI".
[[nodiscard]] std::string operation_name(const Row& row);

}  // namespace hm::host
