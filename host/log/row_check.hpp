#pragma once
// Whether a row can be: its words known, and its numbers those of a set of samples, whatever wrote
// them.

#include <string>
#include <string_view>

#include "host/log/results.hpp"

namespace hm::host {

/// The first field of `row` that its other fields contradict, or whose value no target writes;
/// empty if there is none.
[[nodiscard]] std::string_view wrong_field(const Row& row);

/// The same of one of the worst events.
[[nodiscard]] std::string_view wrong_field(const Worst& worst);

/// The same of a way of a RAM of the TLBs.
[[nodiscard]] std::string_view wrong_field(const TlbWay& way);

/// What two rows of one run never share: workload, setting, parameters and layer, as one text.
[[nodiscard]] std::string identity_of(const Row& row);

/// The same of worst events, by workload, setting, parameters and rank.
[[nodiscard]] std::string identity_of(const Worst& worst);

/// The same of ways of RAMs, by workload, setting, parameters, RAM and way.
[[nodiscard]] std::string identity_of(const TlbWay& way);

}  // namespace hm::host
