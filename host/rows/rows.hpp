#pragma once
// What a row is about, and which rows of two worlds belong together.

#include <string>
#include <string_view>

#include "host/log/results.hpp"

namespace hm::host {

/// Layers that count instructions retired instead of clock ticks: in HYP, and in PL1 and PL0. A
/// suffix of the first names a rare kind of event, as "-with-new-table".
inline constexpr std::string_view kMonitorLayer = "hyp-instructions";
inline constexpr std::string_view kGuestLayer = "pl-instructions";
/// From a timer's deadline to the application that waited for it.
inline constexpr std::string_view kEndToEnd = "deadline..application";

/// Over a switch to the owner of an interrupt, from HYP's vector to the guest's: several layers
/// together.
inline constexpr std::string_view kSwitchedIn = "hyp-vector..guest-vector";

/// "chase page-random 8 MB lpae-4K", "pagefault stage1 sequential pages=256": workload and
/// parameters, without the layer.
[[nodiscard]] std::string label_of(const Row& row);

/// The same without the workload; "-" if there are no parameters.
[[nodiscard]] std::string params_text(const Row& row);

/// Whether the row counts instructions in HYP, of whatever kind of event.
[[nodiscard]] inline bool counts_monitor(const Row& row) {
    return row.layer.starts_with(kMonitorLayer);
}

/// Whether both rows have the same Row::setting().
[[nodiscard]] inline bool same_setting(const Row& a, const Row& b) {
    return a.regime == b.regime && a.stage2 == b.stage2 && a.delivery == b.delivery;
}

/// Whether both rows have the same workload, parameters and layer.
[[nodiscard]] bool same_subject(const Row& a, const Row& b);

}  // namespace hm::host
