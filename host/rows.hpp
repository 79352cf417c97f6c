#pragma once
// Looking rows up: what a row is about, and which rows of two worlds belong together.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host/results.hpp"

namespace hm::host {

/// Layers that count instructions retired instead of clock ticks: in HYP, and in PL1 and PL0. A
/// suffix of the first tells events of a kind that is rare, as "-with-new-table".
inline constexpr std::string_view kMonitorLayer = "hyp-instructions";
inline constexpr std::string_view kGuestLayer = "pl-instructions";
/// From a timer's deadline to the application that waited for it.
inline constexpr std::string_view kEndToEnd = "deadline..application";

/// Over a switch to the owner of an interrupt, from where HYP took it to the guest's vector:
/// several layers together.
inline constexpr std::string_view kSwitchedIn = "hyp-vector..guest-vector";

/// "chase sequential 8 MB", "pagefault pages=256": workload and parameters, without the layer.
[[nodiscard]] std::string label_of(const Row& row);

/// Whether the row counts instructions in HYP, of whatever kind of event.
[[nodiscard]] inline bool counts_monitor(const Row& row) {
    return row.layer.starts_with(kMonitorLayer);
}

/// Whether both rows have the same workload, parameters and layer.
[[nodiscard]] bool same_subject(const Row& a, const Row& b);

/// The same subject in both worlds; null where it was not measured there.
struct RowPair {
    const Row* native = nullptr;
    const Row* guest = nullptr;

    /// Either of the two; a pair has at least one.
    [[nodiscard]] const Row& any() const { return native != nullptr ? *native : *guest; }
};

/// Pairs of the rows that `wanted` accepts, subjects in the order in which they first came. Where
/// several guests measured a subject, the one that is nested/injected stands for them. The pairs
/// point into `rows`.
[[nodiscard]] std::vector<RowPair> pair_rows(const std::vector<Row>& rows,
                                             const std::function<bool(const Row&)>& wanted);

}  // namespace hm::host
