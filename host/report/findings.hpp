#pragma once
// What a run says to each question of its answer (answer.hpp). A finding without a sentence means
// that the run has not measured it.

#include "host/report/answer.hpp"

namespace hm::host {

/// From the deadline to the application that waits for it, with nothing else running.
[[nodiscard]] Finding interrupt_finding(const GroupedResults& run);

/// (A), (B), (C) and (B)+(C) of the paper's figure 2.
[[nodiscard]] Finding fault_finding(const GroupedResults& run);

/// As measured where the machine models TLBs, else what the model of a core predicts.
[[nodiscard]] Finding read_finding(const GroupedResults& run);

/// With memory mapped on demand, and before.
[[nodiscard]] Finding boot_finding(const GroupedResults& run);

/// The longest wait of an interrupt whose owner does not run.
[[nodiscard]] Finding sharing_finding(const GroupedResults& run);

/// To the monitor and back.
[[nodiscard]] Finding call_finding(const GroupedResults& run);

}  // namespace hm::host
