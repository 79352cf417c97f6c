#include "host/report/page/latency_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include "host/base/text.hpp"
#include "host/model/forecast.hpp"
#include "host/report/machine_name.hpp"
#include "host/report/page/chart.hpp"
#include "host/report/run_core.hpp"
#include "host/rows/chase_cells.hpp"

namespace hm::host::page {
namespace {

using measure::Translation;
using Points = std::vector<std::pair<double, double>>;

struct Regime {
    const char* name;
    const char* css;
    Translation translation;
    bool modelled;
};
constexpr std::array<Regime, 3> kRegimes{
    {{"native", "c-native", measure::kPlainNative, true},
     {"stage 2 only", "c-direct", measure::kPlainStage2, false},
     {"guest, both stages", "c-guest", measure::kPlainNested, true}}};

/// Chases of one line per page, or of all lines in an order that misses in the TLB, in this cell:
/// the means of a load by size.
Points measured_points(const Scenarios& chases, const Translation& translation,
                       std::string_view order) {
    std::map<double, double> by_size;
    for (const ScenarioRows& one : chases) {
        if (one.param("order") == order && one.param("tlb") != "flushed" &&
            one.param("placement") != "scattered" && translation_of(one.first()) == translation) {
            if (const auto load = one.mean("load")) {
                by_size[static_cast<double>(one.number("bytes"))] = *load;
            }
        }
    }
    return {by_size.begin(), by_size.end()};
}

/// The largest chase of one line per page in this cell that says where its memory lies.
std::optional<Chain> largest_chain(const Scenarios& chases, const Translation& translation) {
    std::optional<Chain> largest;
    for (const ScenarioRows& one : chases) {
        if (one.param("order") != "page-random" || one.param("placement") == "scattered" ||
            translation_of(one.first()) != translation) {
            continue;
        }
        const auto chain = chain_of(one, translation);
        if (chain && (!largest || chain->bytes > largest->bytes)) {
            largest = chain;
        }
    }
    return largest;
}

struct Ends {
    Points low;
    Points high;
};

/// The model's range of cycles for a chase of one line per page, from 64 KB to the largest that
/// ran, all at the same place.
Ends modelled(const Model& model, const Chain& largest, const Translation& translation) {
    // Drawn at two widths, computed once.
    using Key =
        std::tuple<std::string_view, std::uint64_t, std::uint64_t, std::uint64_t, measure::Stage2>;
    static std::map<Key, Ends> known;
    const Key key{model.core().name, largest.base, largest.bytes, largest.tables,
                  translation.stage2};
    if (const auto found = known.find(key); found != known.end()) {
        return found->second;
    }
    // A binary order below and above each reach of a TLB or cache, where the curve bends.
    constexpr std::array<std::uint64_t, 10> kKilobytes{64,   128,  256,   1024,  2048,
                                                       4096, 8192, 32768, 65536, 262144};
    Ends ends;
    Forecaster forecaster(model, kCoarseExtract);
    for (const std::uint64_t kilobytes : kKilobytes) {
        const std::uint64_t bytes = kilobytes << 10;
        if (bytes > largest.bytes) {
            break;
        }
        Chain chain = largest;
        chain.bytes = bytes;
        const auto outcomes =
            forecaster.follow({translation, measure::ChaseOrder::kPageRandom, chain});
        if (outcomes) {
            const Bounds cycles = forecaster.forecast(*outcomes).cycles;
            ends.low.emplace_back(static_cast<double>(bytes), cycles.low);
            ends.high.emplace_back(static_cast<double>(bytes), cycles.high);
        }
    }
    return known.emplace(key, ends).first->second;
}

std::string size_text(double bytes) { return bytes_text(static_cast<std::uint64_t>(bytes)); }

void widen(std::pair<double, double>& range, double value) {
    range.first = std::min(range.first, value);
    range.second = std::max(range.second, value);
}

/// Up to which size a chase of one line per page finds its pages in a TLB, or its lines in a cache.
std::vector<Landmark> reaches(const Model& model) {
    constexpr double kPage = 4096;
    constexpr double kCacheLine = 64;
    struct Reach {
        const char* name;
        Parameter parameter;
        double holds;  ///< the parameter counts bytes of so many, or entries
    };
    constexpr std::array<Reach, 4> kReaches{{{"L1 TLB", Parameter::kL1TlbEntries, 1},
                                             {"L2 TLB", Parameter::kL2TlbEntries, 1},
                                             {"L1 cache", Parameter::kL1Bytes, kCacheLine},
                                             {"L2 cache", Parameter::kL2Bytes, kCacheLine}}};
    std::vector<Landmark> landmarks;
    for (const Reach& reach : kReaches) {
        const double bytes = model[reach.parameter].low / reach.holds * kPage;
        landmarks.push_back({bytes, fmt::format("{} holds {}", reach.name, size_text(bytes))});
    }
    return landmarks;
}

std::string note_of(const Model& model, const GroupedResults& run, bool measures) {
    constexpr double kMhzPerGhz = 1000;
    const std::string_view core = model.core().title;
    std::string model_says =
        model.has_time()
            ? fmt::format(
                  "Bands: what a model of a {} at {:.1f} GHz predicts for one line per "
                  "page in random order, between the ends of all that is not known of that "
                  "core.",
                  core, model[Parameter::kClockMhz].low / kMhzPerGhz)
            : fmt::format("No model is drawn: the latencies of a {} are not known.", core);
    if (measures) {
        return model_says + " Dots: what was measured on " + machine_name(run.results) + ".";
    }
    for (const ScenarioRows& one : run.rows.of("chase")) {
        if (const Row* load = one.find("load")) {
            return fmt::format(
                "{} Nothing measured is drawn, since this machine models no caches and no TLBs: a "
                "load costs the same at every size, here {} {}.",
                model_says, short_number(load->mean), load->unit);
        }
    }
    return model_says;
}

}  // namespace

Drawing draw_latency(const GroupedResults& run, double width) {
    const Scenarios& chases = run.rows.of("chase");
    const bool measures = run.results.models_time() && run.results.models_tlb;
    const Model model(core_of(run.results));
    Chart chart;
    chart.title = "Cycles of a load by the size of the memory";
    chart.x_name = "memory that the chase goes through";
    chart.y_name = "cycles of a load";
    chart.x_kind = ScaleKind::kLog2;
    chart.y_kind = ScaleKind::kLog10;
    chart.x_text = size_text;
    chart.x_range = {65536, 131072};
    chart.y_range = {3, 10};
    for (const Regime& regime : kRegimes) {
        const auto chain = largest_chain(chases, regime.translation);
        if (regime.modelled && model.has_time() && chain) {
            const Ends ends = modelled(model, *chain, regime.translation);
            chart.series.push_back(
                {std::string("model: ") + regime.name, regime.css, ends.high, ends.low});
        }
        if (!measures) {
            continue;
        }
        for (const char* order : {"page-random", "thrash"}) {
            Points points = measured_points(chases, regime.translation, order);
            if (!points.empty()) {
                chart.series.push_back({fmt::format("{}, {}", regime.name, order),
                                        regime.css,
                                        std::move(points),
                                        {},
                                        true});
            }
        }
    }
    if (std::all_of(chart.series.begin(), chart.series.end(),
                    [](const Series& one) { return one.points.size() < 2; })) {
        return {};
    }
    for (const Series& one : chart.series) {
        for (const Points& points : {one.points, one.lower}) {
            for (const auto& [x, y] : points) {
                widen(chart.x_range, x);
                widen(chart.y_range, y);
            }
        }
    }
    for (const Landmark& reach : reaches(model)) {
        if (reach.at <= chart.x_range.second) {
            chart.landmarks.push_back(reach);
        }
    }
    return {draw_chart(chart, width), note_of(model, run, measures)};
}

}  // namespace hm::host::page
