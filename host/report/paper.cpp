#include "host/report/paper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/text.hpp"
#include "host/report/machine_name.hpp"
#include "host/rows/chase_cells.hpp"
#include "host/rows/rows.hpp"

namespace hm::host::paper {
namespace {

bool is_measured(const Figure& figure, const Row& row) {
    return row.workload == figure.workload && row.layer == figure.layer &&
           std::all_of(figure.words.begin(), figure.words.end(),
                       [&row](const Word& word) { return row.param(word.key) == word.value; });
}

bool is_in(const Row& row, const measure::Translation& cell, std::string_view delivery) {
    return row.regime == name_of(cell.regime()) && row.delivery == delivery &&
           translation_of(row) == cell;
}

std::optional<double> value_of(Statistic statistic, const Row& row) {
    switch (statistic) {
        case Statistic::kMean:
            return row.mean;
        case Statistic::kP95:
            return row.p95;
        case Statistic::kMax:
            return row.max;
    }
    return std::nullopt;
}

/// Whether both did the same, whatever the tables and whatever else had the core.
bool same_work(const Row& host, const Row& guest) {
    const auto rest = [](const Row& row) {
        Params params = row.params;
        for (const char* key : {"stage1", "slice_us", "dither_us", "load"}) {
            params.erase(key);
        }
        return params;
    };
    const std::string load = host.param("load");
    return rest(host) == rest(guest) && (load == guest.param("load") || load == "idle");
}

/// Whether nanoseconds can be compared: the clocks differ by less than a hundredth.
bool runs_as_fast(const Results& results) {
    constexpr double kHz = 1.7e9;
    constexpr double kTolerance = 0.01;
    return results.ticks_hz &&
           std::abs(static_cast<double>(*results.ticks_hz) - kHz) <= kTolerance * kHz;
}

std::string in_unit(const Figure& figure, const Results& results, double ticks) {
    constexpr double kNanosecondsPerMicrosecond = 1000;
    const std::optional<double> time = in_nanoseconds(results, ticks);
    // Responses are counted by the slower counter: their ratio is enough.
    return !time || figure.needs == Needs::kTime || !runs_as_fast(results)
               ? std::string("-")
               : fmt::format("{:.2f}",
                             figure.unit == "us" ? *time / kNanosecondsPerMicrosecond : *time);
}

/// "chase thrash 256 MB lpae-4K, nested"
std::string label_of_guest(const Pair& pair) {
    return fmt::format("{}, {}", label_of(*pair.guest), pair.guest->setting());
}

std::string ratio_of(double ratio) {
    constexpr double kNearOne = 0.05;
    return std::abs(ratio - 1) < kNearOne ? fmt::format("{:.3f}", ratio) : ratio_text(ratio, 1.0);
}

}  // namespace

std::string_view lacking(const Figure& figure, const Results& results) {
    if (results.clock == "emulator") {
        return "has only the emulator's own time";
    }
    if (results.clock != "cycles") {
        return "models no time";
    }
    if (!results.models_caches) {
        return "models no caches";
    }
    return figure.needs == Needs::kTimeAndTlbs && !results.models_tlb ? "models no TLBs" : "";
}

std::vector<Pair> beside(const Figure& figure, const GroupedResults& run) {
    std::vector<Pair> pairs;
    if (!lacking(figure, run.results).empty()) {
        return pairs;
    }
    for (const Cells& cells : figure.cells) {
        for (const Row& guest : run.rows.rows()) {
            if (!is_measured(figure, guest) || !is_in(guest, cells.guest, figure.delivery)) {
                continue;
            }
            for (const Row& host : run.rows.rows()) {
                const auto below = value_of(figure.statistic, host);
                const auto above = value_of(figure.statistic, guest);
                if (is_measured(figure, host) && is_in(host, cells.host, "native") &&
                    same_work(host, guest) && below && above && *below > 0) {
                    pairs.push_back({&host, &guest, *below, *above});
                }
            }
        }
    }
    return pairs;
}

std::string text_of(std::span<const Figure* const> figures, const GroupedResults& run,
                    std::size_t width) {
    Table table{{"beside the paper", "host", "guest", "ratio"}, {}};
    std::string without;
    std::string_view lack;
    for (const Figure* figure : figures) {
        const std::vector<Pair> pairs = beside(*figure, run);
        if (pairs.empty()) {
            without += fmt::format("{} {} ({} and {} {}, x {:.3g})",
                                   without.empty() ? "Nothing here stands beside the paper's" : ",",
                                   figure->name, number_text(figure->host),
                                   number_text(figure->guest), figure->unit, figure->ratio);
            lack = lacking(*figure, run.results);
            continue;
        }
        table.rows.push_back({fmt::format("Arndale, paper: {}, {}", figure->name, figure->unit),
                              fmt::format("{:.2f}", figure->host),
                              fmt::format("{:.2f}", figure->guest), ratio_of(figure->ratio)});
        for (const Pair& pair : pairs) {
            table.rows.push_back(
                {fmt::format("{}: {}", machine_name(run.results), label_of_guest(pair)),
                 in_unit(*figure, run.results, pair.host_value),
                 in_unit(*figure, run.results, pair.guest_value), ratio_of(pair.ratio())});
        }
    }
    std::string text = table.rows.empty() ? std::string() : render(table, width);
    if (!table.rows.empty() && !runs_as_fast(run.results)) {
        text += wrap(
            "This core does not run at the 1.7 GHz of the paper's Arndale: only ratios compare.",
            width);
    }
    if (!without.empty()) {
        text += wrap(fmt::format("{}: {}.", without,
                                 lack.empty() ? std::string("this run has not measured the same")
                                              : fmt::format("this machine {}", lack)),
                     width);
    }
    return text;
}

}  // namespace hm::host::paper
