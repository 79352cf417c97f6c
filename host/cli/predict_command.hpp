#pragma once
// hypmeter predict: what chases cost on the model of a core.

#include "host/base/console.hpp"
#include "host/cli/options.hpp"

namespace hm::host {

/// The exit status.
[[nodiscard]] int predict_command(const PredictOptions& options, const Console& console);

}  // namespace hm::host
