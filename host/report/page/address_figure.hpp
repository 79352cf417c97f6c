#pragma once
// The paper's figure 2: how an address is translated, natively and as a guest, and what a page
// fault costs on the way.

#include "host/report/page/drawing.hpp"

namespace hm::host::page {

/// The stages of a translation as arrows.
[[nodiscard]] Drawing draw_translation(const GroupedResults& run, double width);

/// The paths of page faults.
[[nodiscard]] Drawing draw_faults(const GroupedResults& run, double width);

}  // namespace hm::host::page
