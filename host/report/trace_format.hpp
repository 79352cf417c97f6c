#pragma once
// The worst wake-ups of a run as a timeline, in the JSON that Perfetto and Chrome's tracing open
// (Google's "Trace Event Format": complete events, ph X, with microseconds).

#include <cstddef>
#include <string>

#include "host/report/section.hpp"

namespace hm::host {

/// A process for each timer row with stamps, with a track for each that had the core. An event lies
/// where its period began. Of a row of at most eight events, all are there. Empty if no event of
/// the run has stamps.
[[nodiscard]] std::string trace_text(const GroupedResults& run, std::size_t width);

}  // namespace hm::host
