#pragma once
// The wait for a slice beside theory.

#include "host/report/page/drawing.hpp"

namespace hm::host::page {

[[nodiscard]] Drawing draw_waits(const GroupedResults& run, double width);

}  // namespace hm::host::page
