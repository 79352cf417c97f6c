#pragma once
// One run: the plan, each scenario in a fresh guest, the records.

#include "boot/hyp_mmu.hpp"
#include "measure/request.hpp"

namespace hm::session {

/// Runs what `request` asks for and writes the records. True where every scenario was ok.
[[nodiscard]] bool run_session(const measure::Request& request, const board::Ram& ram);

}  // namespace hm::session
