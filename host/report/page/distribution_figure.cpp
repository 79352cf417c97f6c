#include "host/report/page/distribution_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/text.hpp"
#include "host/report/page/axis.hpp"
#include "host/report/page/svg.hpp"
#include "host/rows/timer_cases.hpp"

namespace hm::host::page {
namespace {

constexpr double kStrip = 62;
constexpr double kBars = 34;  ///< the highest bar of a strip
/// Above this ratio of the longest delay to the shortest, a linear axis would hide the short ones.
constexpr double kLinearSpan = 100;

/// The waits and loads that the paper's guest had, or came nearest to.
TimerCases shown_cases(const TimerCases& cases) {
    TimerCases shown;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(shown), [](const TimerCase& one) {
        const std::string load = one.param("load");
        return one.plain != nullptr && !one.plain->histogram.empty() &&
               one.param("wait") == "wfi" && (load == "idle" || load == "vm-compute");
    });
    std::stable_sort(shown.begin(), shown.end(), [](const TimerCase& a, const TimerCase& b) {
        return std::pair(!a.native(), a.slice_us()) < std::pair(!b.native(), b.slice_us());
    });
    return shown;
}

std::string css_of(const TimerCase& one) {
    const std::string& delivery = one.first->delivery;
    return one.native()                  ? "c-native"
           : delivery == "injected-soft" ? "c-soft"
           : delivery == "direct"        ? "c-direct"
           : delivery == "shared"        ? "c-shared"
           : delivery == "boosted"       ? "c-boosted"
                                         : "c-guest";
}

std::string label_text(const TimerCase& one) {
    const Row& row = *one.plain;
    return fmt::format("n = {}, {} to {}", short_number(static_cast<double>(row.count)),
                       short_number(row.min), short_number(row.max));
}

void draw_strip(Svg& svg, const TimerCase& one, const Axis& x, double highest, double base) {
    const Row& row = *one.plain;
    const std::string css = css_of(one);
    svg.line({x.from(), base}, {x.to(), base}, "axis");
    svg.text({x.from() + 2, base - kBars - 10}, one.delivery(), "strong");
    svg.text({x.to(), base - kBars - 10}, label_text(one), "note", Anchor::kEnd);
    for (const auto& [low, count] : row.histogram) {
        // One event is a tenth of the height already: the worst are what matters here.
        const double share = 1 + std::log10(static_cast<double>(std::max<std::uint64_t>(count, 1)));
        const double height = kBars * share / (1 + std::log10(std::max(highest, 1.0)));
        svg.line({x.at(low), base}, {x.at(low), base - height}, "bar " + css);
    }
}

}  // namespace

Drawing draw_distributions(const GroupedResults& run, double width) {
    const TimerCases cases = shown_cases(run.rows.timer());
    if (cases.empty()) {
        return {};
    }
    double least = cases.front().plain->min;
    double most = 0;
    double highest = 1;
    for (const TimerCase& one : cases) {
        least = std::min(least, one.plain->min);
        most = std::max(most, one.plain->max);
        for (const auto& [low, count] : one.plain->histogram) {
            highest = std::max(highest, static_cast<double>(count));
        }
    }
    const bool wide = least > 0 && most / least > kLinearSpan;
    const Axis x = wide ? Axis(ScaleKind::kLog10, least / 1.5, most * 1.5, 4, width - 4)
                        : Axis(ScaleKind::kLinear, 0, std::max(most, 1.0) * 1.1, 4, width - 4);
    const double bottom = kStrip * static_cast<double>(cases.size());
    Svg svg(width, bottom + 46, "Delays from deadline to application, natively and as a guest");
    for (const double mark : x.marks(width < kNarrowWidth ? 6 : 10)) {
        svg.line({x.at(mark), 0}, {x.at(mark), bottom}, "grid");
        svg.text({std::clamp(x.at(mark), 12.0, width - 16), bottom + 16}, mark_text(mark), "mark",
                 Anchor::kMiddle);
    }
    for (std::size_t i = 0; i < cases.size(); ++i) {
        draw_strip(svg, cases[i], x, highest, kStrip * static_cast<double>(i + 1));
    }
    svg.text({width / 2, bottom + 36},
             fmt::format("{}, {}{}",
                         width < kNarrowWidth ? "delay" : "delay from deadline to application",
                         cases.front().plain->unit, wide ? " (logarithmic)" : ""),
             "name", Anchor::kMiddle);
    return {svg.element(),
            "The height of a bar is the logarithm of how often a delay came, with the same scale "
            "everywhere; the lowest is one event."};
}

}  // namespace hm::host::page
