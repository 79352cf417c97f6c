#include "host/report/forecast_section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "host/base/text.hpp"
#include "host/report/forecast_table.hpp"
#include "host/report/run_core.hpp"
#include "host/rows/chase_cells.hpp"

namespace hm::host {
namespace {

using measure::Stage1;
using measure::Stage2;
using measure::Translation;

/// A cell of a run: what was measured there, and what the model says.
struct Compared {
    Translation cell;
    double measured = 0;  ///< Ticks of a load.
    Outcomes outcomes;
};

/// The cells that tell most about the unknowns beside the plain ones: those with blocks of 2 MB,
/// and those whose stage 2 starts at level 2.
constexpr std::array kTelling{
    Translation{Stage1::kLong4K, Stage2::k2M}, Translation{Stage1::kLong4K, Stage2::k4KFromLevel2},
    Translation{Stage1::kLong4K, Stage2::k2MFromLevel2}, Translation{Stage1::kLong2M, Stage2::k2M}};

/// What `follow` gave for a chase already: a report may be printed in several forms, and the models
/// of reports differ only in their core and its clock, which decides no hit.
const Outcomes* follow_once(Forecaster& forecaster, const Chase& chase) {
    using Key = std::tuple<std::string_view, Stage1, Stage2, measure::ChaseOrder, std::uint64_t,
                           std::uint64_t, std::uint64_t, std::uint64_t>;
    static std::map<Key, std::optional<Outcomes>> known;
    const Chain& chain = chase.chain;
    const Key key{forecaster.model().core().name,
                  chase.translation.stage1,
                  chase.translation.stage2,
                  chase.order,
                  chain.base,
                  chain.bytes,
                  chain.stride,
                  chain.tables};
    auto place = known.find(key);
    if (place == known.end()) {
        place = known.emplace(key, forecaster.follow(chase)).first;
    }
    return place->second ? &*place->second : nullptr;
}

std::optional<Compared> compare(Forecaster& forecaster, const Scenarios& chases,
                                const Translation& translation, std::uint64_t bytes) {
    const auto cell = cell_at(chases, translation, bytes);
    const auto chain = cell ? chain_of(*cell->load, translation) : std::nullopt;
    const std::optional<double> measured = cell ? mean_of(cell->load, "load") : std::nullopt;
    if (!chain || !measured || !(*measured > 0)) {
        return std::nullopt;
    }
    const Outcomes* const outcomes =
        follow_once(forecaster, {translation, measure::ChaseOrder::kPageRandom, *chain});
    return outcomes != nullptr ? std::optional(Compared{translation, *measured, *outcomes})
                               : std::nullopt;
}

/// How far a corner is from the measured ratios to the native cell, at most: 0.1 is 10 %. Ratios,
/// since the RAM of the machine that ran may be faster or slower than the model's.
double misfit_of(const Forecaster& forecaster, const std::vector<Compared>& cells,
                 std::size_t corner) {
    const Compared& native = cells.front();
    double most = 0;
    for (const Compared& cell : cells) {
        const Bounds ratio = forecaster.ratio_at(cell.outcomes, native.outcomes, corner);
        const double measured = cell.measured / native.measured;
        const double nearest = std::clamp(measured, ratio.low, ratio.high);
        most = std::max(most, std::abs(measured / nearest - 1));
    }
    return most;
}

/// The ends of an unknown's range that occur among the corners which fit.
std::string ends_text(const Forecaster& forecaster, std::size_t index,
                      const std::vector<std::size_t>& corners) {
    const ParameterInfo& info = info_of(forecaster.unknowns()[index]);
    const Bounds& bounds = forecaster.model()[info.parameter];
    std::vector<std::string> found;
    for (const bool high : {false, true}) {
        if (std::any_of(corners.begin(), corners.end(),
                        [&](std::size_t corner) { return ((corner >> index & 1) != 0) == high; })) {
            const double value = high ? bounds.high : bounds.low;
            found.push_back(bounds_text(info, {value, value}));
        }
    }
    return fmt::format("{}", fmt::join(found, " or "));
}

std::string unknowns_text(const Forecaster& forecaster, const std::vector<std::size_t>& fitting,
                          std::size_t width) {
    Table table{{"unknown", "range", "fits"}, {}, 3};
    for (std::size_t i = 0; i < forecaster.unknowns().size(); ++i) {
        const ParameterInfo& info = info_of(forecaster.unknowns()[i]);
        table.rows.push_back({std::string(info.name),
                              bounds_text(info, forecaster.model()[info.parameter]),
                              ends_text(forecaster, i, fitting)});
    }
    return render(table, width);
}

std::string fit_text(const Forecaster& forecaster, const std::vector<Compared>& cells,
                     std::size_t width) {
    constexpr double kTolerance = 0.1;
    constexpr double kPercent = 100;
    if (cells.size() < 2) {
        return {};
    }
    const ModelledCore& core = forecaster.model().core();
    if (!forecaster.model().has_time()) {
        return wrap(fmt::format("The latencies of a {} are not known, so that no time rules a "
                                "combination of its unknowns out. `hypmeter predict --core {} "
                                "--settle` says which rows tell them apart by what they count.",
                                core.title, core.name),
                    width);
    }
    std::vector<std::size_t> fitting;
    double nearest = std::numeric_limits<double>::max();
    const std::size_t corners = cells.front().outcomes.corners();
    for (std::size_t corner = 0; corner < corners; ++corner) {
        const double far = misfit_of(forecaster, cells, corner);
        nearest = std::min(nearest, far);
        if (far <= kTolerance) {
            fitting.push_back(corner);
        }
    }
    const std::string what = fmt::format("{:g} % of the measured ratios to native of {} cells",
                                         kTolerance * kPercent, cells.size() - 1);
    if (fitting.empty()) {
        return wrap(
            fmt::format("None of {} combinations of the unknowns' ends comes within {}; the "
                        "nearest misses one by {:.0f} %.",
                        corners, what, nearest * kPercent),
            width);
    }
    return wrap(fmt::format("{} of {} combinations of the unknowns' ends come within {}:",
                            fitting.size(), corners, what),
                width) +
           unknowns_text(forecaster, fitting, width);
}

std::string compared_table(const Forecaster& forecaster, const std::vector<Compared>& cells,
                           bool has_time, std::size_t width) {
    Table table{{"stage 1", "stage 2", "from L2", "from RAM", "cycles", "measured", "to native",
                 "measured"},
                {},
                2};
    const Compared& native = cells.front();
    const bool predicts_time = forecaster.model().has_time();
    for (const Compared& cell : cells) {
        const Forecast forecast = forecaster.forecast(cell.outcomes);
        const bool is_native = &cell == &native;
        table.rows.push_back(
            {stage1_text(cell.cell), stage2_text(cell.cell), range_text(forecast.walk_l2, 2),
             range_text(forecast.walk_ram, 2), predicts_time ? range_text(forecast.cycles, 0) : "-",
             has_time ? short_number(cell.measured) : "-",
             is_native || !predicts_time
                 ? "-"
                 : range_text(forecaster.ratio(cell.outcomes, native.outcomes), 2),
             has_time && !is_native ? ratio_text(cell.measured, native.measured) : "-"});
    }
    return render(without_empty_columns(table), width);
}

/// The parameters for the machine that ran: its clock, if it has one.
Model model_of(const Results& results) {
    constexpr double kMega = 1e6;
    Model model(core_of(results));
    if (results.models_time() && results.ticks_hz.value_or(0) != 0) {
        const double mhz = static_cast<double>(*results.ticks_hz) / kMega;
        model.set(Parameter::kClockMhz, {mhz, mhz});
    }
    return model;
}

}  // namespace

std::string forecasts_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const Results& results = run.results;
    const Scenarios& chases = run.rows.of("chase");
    const bool has_time = results.models_time() && results.models_tlb;
    if (results.clock == "emulator" || verbosity == Verbosity::kSummary) {
        return {};
    }
    std::vector<Translation> wanted{measure::kPlainNative, measure::kPlainNested};
    const std::uint64_t plain = largest_in_all(chases, wanted);
    if (has_time) {
        wanted.insert(wanted.end(), kTelling.begin(), kTelling.end());
    }
    const std::uint64_t telling = largest_in_all(chases, wanted);
    const std::uint64_t bytes = telling != 0 ? telling : plain;
    Forecaster forecaster(model_of(results), kCoarseExtract);
    std::vector<Compared> cells;
    for (const Translation& translation : wanted) {
        if (auto compared = compare(forecaster, chases, translation, bytes)) {
            cells.push_back(*std::move(compared));
        }
    }
    if (cells.empty() || cells.front().cell != measure::kPlainNative) {
        return {};
    }
    return wrap(fmt::format("What a load would take on a {} at {:.0f} MHz, as a model "
                            "predicts, low..high over what is not known of it: one line per page "
                            "of {}",
                            forecaster.model().core().title,
                            forecaster.model()[Parameter::kClockMhz].low, bytes_text(bytes)),
                width) +
           compared_table(forecaster, cells, has_time, width) +
           (has_time
                ? fit_text(forecaster, cells, width)
                : wrap("`hypmeter predict` names the unknowns, and predicts other chases.", width));
}

std::optional<ForeseenRead> foreseen_read(const GroupedResults& run) {
    const Scenarios& chases = run.rows.of("chase");
    if (!model_of(run.results).has_time()) {
        return std::nullopt;
    }
    const std::uint64_t bytes =
        largest_in_all(chases, {measure::kPlainNative, measure::kPlainNested});
    Forecaster forecaster(model_of(run.results), kCoarseExtract);
    const auto native = compare(forecaster, chases, measure::kPlainNative, bytes);
    const auto nested = compare(forecaster, chases, measure::kPlainNested, bytes);
    return native && nested
               ? std::optional(ForeseenRead{forecaster.ratio(nested->outcomes, native->outcomes),
                                            bytes, forecaster.model().core().title})
               : std::nullopt;
}

}  // namespace hm::host
