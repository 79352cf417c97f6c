#pragma once
// What the model of a core says of a run's chases, beside what was measured.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/model/model.hpp"
#include "host/report/section.hpp"

namespace hm::host {

/// The plain chases, and where the machine has time also those through larger blocks or fewer
/// levels, with the ends of the unknowns' ranges at which the model agrees with all of them. A
/// summary leaves it out.
[[nodiscard]] std::string forecasts_text(const GroupedResults& run, Verbosity verbosity,
                                         std::size_t width);

/// How much longer a random read takes as a guest, as the model predicts it.
struct ForeseenRead {
    Bounds ratio;             ///< nested to native
    std::uint64_t bytes = 0;  ///< of which the run read one line per page
    std::string_view core;    ///< "Cortex-A15"
};

/// Of the largest plain chases that a run has; nothing if it has none, or if the latencies of its
/// core are not known.
[[nodiscard]] std::optional<ForeseenRead> foreseen_read(const GroupedResults& run);

}  // namespace hm::host
