#pragma once
// What a load costs by the size of the memory that a chase goes through.

#include "host/report/page/drawing.hpp"

namespace hm::host::page {

/// What was measured, where the machine has caches and TLBs, and the range that the model of a
/// Cortex-A15 gives.
[[nodiscard]] Drawing draw_latency(const GroupedResults& run, double width);

}  // namespace hm::host::page
