#pragma once
// The paper's figure 7: the path of an interrupt, natively and as a guest.

#include "host/report/page/drawing.hpp"

namespace hm::host::page {

[[nodiscard]] Drawing draw_interrupt(const GroupedResults& run, double width);

}  // namespace hm::host::page
