#pragma once
// What exits cost here and under other hypervisors.

#include "host/report/page/drawing.hpp"

namespace hm::host::page {

[[nodiscard]] Drawing draw_anchors(const GroupedResults& run, double width);

}  // namespace hm::host::page
