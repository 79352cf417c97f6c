#include "host/report/page/wait_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/report/page/chart.hpp"
#include "host/rows/timer_cases.hpp"

namespace hm::host::page {
namespace {

constexpr double kMost = 1.1;  ///< in slices

/// The slice in ticks of the counter, if delays are counted in them.
std::optional<double> slice_of(const Results& results, const TimerCase& one) {
    constexpr double kMicrosecondsPerSecond = 1e6;
    const auto counter_hz = results.parameters.number("counter_hz");
    const double slice = counter_hz ? one.slice_us() * *counter_hz / kMicrosecondsPerSecond : 0;
    return slice > 0 ? std::optional(slice) : std::nullopt;
}

/// The part of all wake-ups that took at least so long, as a stair that goes down behind each
/// delay.
std::vector<std::pair<double, double>> tail_of(const Row& row, double slice) {
    const auto all = static_cast<double>(row.count);
    double left = all;
    std::vector<std::pair<double, double>> points{{0, 1}};
    for (const auto& [low, count] : row.histogram) {
        const double at = std::min(low / slice, kMost);
        points.emplace_back(at, left / all);
        left -= static_cast<double>(count);
        points.emplace_back(at, std::max(left, 0.0) / all);
    }
    points.emplace_back(std::min(row.max / slice, kMost), points.back().second);
    return points;
}

std::string slice_text(double part) { return fmt::format("{:g}", part); }
std::string percent_of(double part) { return fmt::format("{:g} %", part * 100); }

}  // namespace

Drawing draw_waits(const GroupedResults& run, double width) {
    Chart chart;
    chart.title = "The wait for a slice beside theory";
    chart.x_name = "delay, in slices of the other virtual machine";
    chart.y_name = "wake-ups at least as late";
    chart.x_range = {0, kMost};
    chart.y_range = {0, 1};
    chart.x_text = slice_text;
    chart.y_text = percent_of;
    constexpr std::size_t kColours = 4;
    std::size_t shared = 0;
    bool boosted = false;
    TimerCases cases = run.rows.timer();
    std::stable_sort(cases.begin(), cases.end(), [](const TimerCase& a, const TimerCase& b) {
        return a.slice_us() < b.slice_us();
    });
    for (const TimerCase& one : cases) {
        const auto slice = slice_of(run.results, one);
        const bool waits = one.first->delivery == "shared";
        if (!one.shares_core() || one.plain == nullptr || one.plain->count == 0 || !slice ||
            one.param("load") != "vm-compute" || one.param("wait") != "wfi" ||
            (!waits && boosted)) {
            continue;
        }
        boosted = boosted || !waits;
        chart.series.push_back(
            {fmt::format("{}, n = {}", one.delivery(), one.plain->count),
             waits ? fmt::format("s{}", shared % kColours) : std::string("c-boosted"),
             tail_of(*one.plain, *slice)});
        shared += waits ? 1 : 0;
    }
    if (chart.series.empty()) {
        return {};
    }
    // On top of the others, which it would else vanish below.
    chart.series.push_back({"theory", "c-theory", {{0, 1}, {0, 0.5}, {1, 0}, {kMost, 0}}});
    return {draw_chart(chart, width),
            "Theory: a deadline comes at any time of two slices. Half of them find the guest "
            "running; the other half wait for what is left of the other's slice, anything from "
            "nothing to all of it. Boosted wake-ups stop that slice, and do not wait."};
}

}  // namespace hm::host::page
