#pragma once
// What is known of Cortex-A15.

#include "host/model/modelled_core.hpp"

namespace hm::host {

extern const ModelledCore kCortexA15;

}  // namespace hm::host
