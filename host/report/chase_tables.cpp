#include "host/report/chase_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "host/base/text.hpp"
#include "host/model/model.hpp"
#include "host/report/run_core.hpp"
#include "host/rows/chase_cells.hpp"
#include "measure/setting.hpp"

namespace hm::host {
namespace {

/// One curve: all that a chase may be but its size.
using Curve = std::tuple<std::size_t, std::uint64_t, bool, bool>;  // order, stride, TLB flushed,
                                                                   // pages scattered

/// A chase of one size in the plain cell of each regime.
struct Point {
    const ScenarioRows* native = nullptr;
    const ScenarioRows* stage2 = nullptr;
    const ScenarioRows* nested = nullptr;
};
using Points = std::map<std::uint64_t, Point>;  // by bytes
using Curves = std::map<Curve, Points>;

std::size_t place_of(const std::string& order) {
    return static_cast<std::size_t>(
        std::find(measure::kChaseOrderNames.begin(), measure::kChaseOrderNames.end(), order) -
        measure::kChaseOrderNames.begin());
}

Curves curves_of(const Scenarios& chases) {
    Curves curves;
    for (const ScenarioRows& scenario : chases) {
        const auto translation = translation_of(scenario.first());
        const ScenarioRows* Point::*regime = translation == measure::kPlainNative   ? &Point::native
                                             : translation == measure::kPlainStage2 ? &Point::stage2
                                             : translation == measure::kPlainNested ? &Point::nested
                                                                                    : nullptr;
        if (regime == nullptr || scenario.find("load") == nullptr) {
            continue;
        }
        const Curve curve{place_of(scenario.param("order")), scenario.number("stride"),
                          scenario.param("tlb") == "flushed",
                          scenario.param("placement") == "scattered"};
        curves[curve][scenario.number("bytes")].*regime = &scenario;
    }
    return curves;
}

/// The sizes that a summary shows: the greatest that fit the core's caches, the first that its TLB
/// cannot hold, and the greatest of all.
Points telling(const Points& all, const Model& core) {
    constexpr std::uint64_t kPage = 4096;
    const auto number = [&core](Parameter parameter) {
        return static_cast<std::uint64_t>(core[parameter].low);
    };
    Points kept;
    for (const std::uint64_t cache : {number(Parameter::kL1Bytes), number(Parameter::kL2Bytes)}) {
        if (auto above = all.upper_bound(cache); above != all.begin()) {
            kept.insert(*std::prev(above));
        }
    }
    if (const auto beyond = all.upper_bound(number(Parameter::kL2TlbEntries) * kPage);
        beyond != all.end()) {
        kept.insert(*beyond);
    }
    kept.insert(*all.rbegin());
    return kept;
}

/// Of each order the densest curve that finds the TLB warm, and the last size of it flushed, and of
/// it with scattered pages.
Curves summary_of(const Curves& all, const Model& core) {
    Curves kept;
    for (const auto& [curve, points] : all) {
        const auto& [order, stride, flushed, scattered] = curve;
        const auto denser = [&, of = order, cold = flushed, apart = scattered](const auto& other) {
            return std::get<0>(other.first) == of && std::get<2>(other.first) == cold &&
                   std::get<3>(other.first) == apart;
        };
        if (std::none_of(kept.begin(), kept.end(), denser)) {
            kept[curve] = flushed || scattered ? Points{*points.rbegin()} : telling(points, core);
        }
    }
    return kept;
}

std::string label_of(const Curve& curve, const Point& point, std::uint64_t bytes) {
    const ScenarioRows& any = *(point.native != nullptr   ? point.native
                                : point.nested != nullptr ? point.nested
                                                          : point.stage2);
    return fmt::format("{} {}{}{}", any.param("order"), bytes_text(bytes),
                       std::get<2>(curve) ? ", TLB flushed" : "",
                       std::get<3>(curve) ? ", scattered" : "");
}

std::string curves_table(const Results& results, const Curves& curves, std::size_t width) {
    Table table{
        {"load (mean)", "stride", "native", "stage2", "nested", "ratio", "native ns", "nested ns"},
        {},
        2};
    for (const auto& [curve, points] : curves) {
        for (const auto& [bytes, point] : points) {
            const auto native = mean_of(point.native, "load");
            const auto nested = mean_of(point.nested, "load");
            const std::uint64_t stride = std::get<1>(curve);
            table.rows.push_back(
                {label_of(curve, point, bytes), stride == 0 ? std::string("-") : bytes_text(stride),
                 cell_text(native), cell_text(mean_of(point.stage2, "load")), cell_text(nested),
                 ratio_text(nested, native), cell_text(in_nanoseconds(results, native)),
                 cell_text(in_nanoseconds(results, nested))});
        }
    }
    return render(without_empty_columns(table), width);
}

/// The least and the greatest of all laps of all chases.
struct Range {
    double least = 0;
    double most = 0;
    std::size_t chases = 0;

    /// Whether all chases cost the same.
    [[nodiscard]] bool alike() const {
        constexpr double kSame = 1.01;
        return most <= least * kSame;
    }
};

Range range_of(const Scenarios& chases) {
    Range range;
    for (const ScenarioRows& scenario : chases) {
        if (const Row* load = scenario.find("load")) {
            range.least = range.chases == 0 ? load->min : std::min(range.least, load->min);
            range.most = std::max(range.most, load->max);
            ++range.chases;
        }
    }
    return range;
}

/// Where nothing distinguishes one chase from another, a sentence says it for all.
std::string no_times_text(const Range& range, std::size_t width) {
    if (!range.alike()) {
        return wrap(
            "This machine models no caches, TLBs or walks: if chases differ here, they "
            "ran different instructions.",
            width);
    }
    const std::string least = short_number(range.least);
    const std::string said =
        range.least != range.most
            ? fmt::format("{} to {} instructions", least, short_number(range.most))
            : least + (range.least == 1 ? " instruction" : " instructions");
    return wrap(fmt::format("This machine models no caches, TLBs or walks: each of {} chases costs "
                            "the same, {} per load. Shown instead is what a walk must read, as "
                            "predicted, and what can be counted.",
                            range.chases, said),
                width);
}

}  // namespace

std::string loads_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const Results& results = run.results;
    const Scenarios& chases = run.rows.of("chase");
    const Curves curves = curves_of(chases);
    const auto with_load =
        std::find_if(chases.begin(), chases.end(),
                     [](const ScenarioRows& scenario) { return scenario.find("load") != nullptr; });
    if (with_load == chases.end()) {
        return {};
    }
    const std::string unit = with_load->find("load")->unit;
    const bool counts = results.clock == "instructions";
    const Range range = range_of(chases);
    std::string text = counts ? no_times_text(range, width) : std::string();
    if (curves.empty() || (counts && range.alike() && verbosity == Verbosity::kSummary)) {
        return text;
    }
    const std::optional<double> loop = with_load->mean("loop");
    return text +
           wrap(fmt::format("Loads by size, in {}{}", unit,
                            loop ? fmt::format("; the loop around them, {}, is taken off",
                                               short_number(*loop))
                                 : ""),
                width) +
           curves_table(results,
                        verbosity == Verbosity::kSummary
                            ? summary_of(curves, Model(core_of(results)))
                            : curves,
                        width);
}

}  // namespace hm::host
