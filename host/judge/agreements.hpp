#pragma once
// Figures of one run that were found in different ways and must agree: the ticks that an event took
// longer because of HYP, and the instructions that the performance monitor counted in HYP.

#include <vector>

#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"

namespace hm::host {

/// A verdict for each kind of event of which a run has both figures. They agree exactly, so this
/// holds only if the clock counts instructions.
void judge_agreements(const RunLog& log, std::vector<Verdict>& verdicts);

}  // namespace hm::host
