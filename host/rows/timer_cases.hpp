#pragma once
// The rows of the timer workload by case: one delivery under one set of conditions, with stamps and
// without.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/text.hpp"
#include "host/log/results.hpp"

namespace hm::host {

/// One delivery under one set of conditions. Rows that were not measured are null.
struct TimerCase {
    const Row* first = nullptr;        ///< the first row that belongs here
    std::size_t conditions = 0;        ///< hash of its conditions: where it differs, they do
    std::vector<const Row*> layers;    ///< stretches between two neighbouring stamps
    const Row* stamped = nullptr;      ///< end to end, with stamps
    const Row* plain = nullptr;        ///< end to end, without
    const Row* switched_in = nullptr;  ///< from HYP's vector to the guest's over a switch
    const Row* unattributed = nullptr;
    const Row* other_work = nullptr;  ///< what the other virtual machine got done meanwhile
    double missed = 0;                ///< periods, with stamps and without

    [[nodiscard]] std::string param(std::string_view key) const { return first->param(key); }
    [[nodiscard]] bool native() const { return first->native(); }
    /// Whether another virtual machine had its share of the core.
    [[nodiscard]] bool shares_core() const;
    /// The other virtual machine's slice in microseconds, 0 if there is none.
    [[nodiscard]] double slice_us() const;
    /// "injected", "shared 10 ms"
    [[nodiscard]] std::string delivery() const;
    /// "wfi idle injected", "wfi vm-compute shared 10 ms"
    [[nodiscard]] std::string name() const;
};

using TimerCases = std::vector<TimerCase>;

/// All of them, in the order in which they first came. They point into `rows`.
[[nodiscard]] TimerCases timer_cases(const std::vector<Row>& rows);

/// The parameters of a row without `stamps`, in which the rows of one case differ.
[[nodiscard]] Params conditions_of(const Params& params);

/// Whether these are the same for both.
[[nodiscard]] bool same_conditions(const TimerCase& a, const TimerCase& b);

/// "wait=wfi load=idle period_us=1000, in instructions": the conditions that all cases share.
/// `cases` is not empty.
[[nodiscard]] std::string conditions_text(const TimerCases& cases);

/// "injected", "shared 10 ms"
[[nodiscard]] std::string delivery_text(const std::string& delivery, const std::string& slice_us);

/// The native case to compare with: under the same conditions, or else the idle one that waits in
/// the same way, or else the idle one in WFI. Null if none was measured.
[[nodiscard]] const TimerCase* native_of(const TimerCases& cases, const TimerCase& one);

}  // namespace hm::host
