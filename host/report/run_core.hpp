#pragma once
// Which of the modelled cores a run's machine has.

#include "host/log/results.hpp"
#include "host/model/modelled_core.hpp"

namespace hm::host {

/// By MIDR; a Cortex-A15 where the machine does not report it, or has another core.
[[nodiscard]] const ModelledCore& core_of(const Results& results);

}  // namespace hm::host
