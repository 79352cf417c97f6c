#pragma once
// The paper's figures 5 and 6: how long wake-ups took natively and as a guest, on the same axes.

#include "host/report/page/drawing.hpp"

namespace hm::host::page {

[[nodiscard]] Drawing draw_distributions(const GroupedResults& run, double width);

}  // namespace hm::host::page
