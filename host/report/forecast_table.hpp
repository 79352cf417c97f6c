#pragma once
// What the model of a core says of chases, and what it is made of: tables for people.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/model/forecast.hpp"

namespace hm::host {

/// One chase as the model sees it.
struct Foreseen {
    Chase chase;
    Forecast forecast;
    /// Cycles of a load compared with the same chase natively, through the same kind of stage-1
    /// tables; nothing for a native one, or where the core's latencies are not known.
    std::optional<Bounds> ratio;
};

/// The same chases on a core.
struct CoreForeseen {
    const ModelledCore* core;
    std::vector<Foreseen> chases;
};

/// "lpae-4K", or "none" if the stage is off.
[[nodiscard]] std::string stage1_text(const measure::Translation& cell);
[[nodiscard]] std::string stage2_text(const measure::Translation& cell);

/// "1.30..2.41", or one number if both ends are printed the same.
[[nodiscard]] std::string range_text(const Bounds& bounds, int decimals);

/// One line a chase, all for each load: misses of the L2 TLB, where the descriptors of their walks
/// are found, cycles, ratio. Without a clock there are no times.
[[nodiscard]] std::string forecast_table(const std::vector<Foreseen>& chases,
                                         std::optional<double> clock_mhz, std::size_t width);

/// The same for programs: an object with the clock, and all counts and times as [low, high].
[[nodiscard]] std::string forecast_json(const std::vector<Foreseen>& chases, const Model& model);

/// One line a chase, with a column for each core beside each other; the chases are the same.
[[nodiscard]] std::string side_by_side_table(const std::vector<CoreForeseen>& cores,
                                             std::size_t width);

/// The parameters that are not known, and what the nested ratio is with each at either end.
[[nodiscard]] std::string unknowns_table(const Forecaster& forecaster, const Outcomes& nested,
                                         const Outcomes& native, std::size_t width);

/// All parameters with their values and sources.
[[nodiscard]] std::string parameters_text(const Model& model, std::size_t width);

}  // namespace hm::host
