#pragma once
// What is known of Cortex-A7.

#include "host/model/modelled_core.hpp"

namespace hm::host {

extern const ModelledCore kCortexA7;

}  // namespace hm::host
