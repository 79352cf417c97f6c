#include "host/report/page/chart.hpp"

#include <algorithm>

#include "host/base/text.hpp"

namespace hm::host::page {
namespace {

constexpr double kNarrow = 500;
constexpr double kLeft = 52;
constexpr double kRight = 24;
constexpr double kLine = 18;
constexpr double kLetter = 6.6;  ///< the width of a letter of the legend, about

struct Area {
    double width;
    double height;  ///< of the axes
    double top;
    [[nodiscard]] double bottom() const { return top + height; }
};

void draw_axes(Svg& svg, const Chart& chart, const Area& area, const Axis& x, const Axis& y) {
    const bool narrow = area.width < kNarrow;
    for (const double value : y.marks(6)) {
        svg.line({x.from(), y.at(value)}, {x.to(), y.at(value)}, "grid");
        svg.text({x.from() - 6, y.at(value) + 4}, chart.y_text(value), "mark", Anchor::kEnd);
    }
    for (const double value : x.marks(narrow ? 5 : 9)) {
        svg.line({x.at(value), area.top}, {x.at(value), area.bottom()}, "grid");
        svg.text({x.at(value), area.bottom() + 16}, chart.x_text(value), "mark", Anchor::kMiddle);
    }
    svg.line({x.from(), area.bottom()}, {x.to(), area.bottom()}, "axis");
    svg.line({x.from(), area.top}, {x.from(), area.bottom()}, "axis");
    svg.text({(x.from() + x.to()) / 2, area.bottom() + 36}, chart.x_name, "name", Anchor::kMiddle);
    svg.text({4, 14}, chart.y_name, "name");
}

std::vector<Point> placed(const std::vector<std::pair<double, double>>& points, const Axis& x,
                          const Axis& y) {
    std::vector<Point> places;
    places.reserve(points.size());
    for (const auto& [at, value] : points) {
        places.push_back({x.at(at), y.at(value)});
    }
    return places;
}

void draw_series(Svg& svg, const Chart& chart, const Series& one, const Axis& x, const Axis& y) {
    std::vector<Point> upper = placed(one.points, x, y);
    if (!one.lower.empty()) {
        std::vector<Point> around = upper;
        const std::vector<Point> lower = placed(one.lower, x, y);
        around.insert(around.end(), lower.rbegin(), lower.rend());
        svg.area(around, "band " + one.css);
        svg.curve(lower, "edge " + one.css);
        svg.curve(upper, "edge " + one.css);
        return;
    }
    svg.curve(upper, "curve " + one.css);
    for (std::size_t i = 0; one.dots && i < upper.size(); ++i) {
        svg.dot(upper[i], "dot " + one.css,
                one.name + ": " + chart.x_text(one.points[i].first) + ", " +
                    short_number(one.points[i].second));
    }
}

/// Where each entry of the legend begins: as many on a line as there is room for.
std::vector<Point> legend_places(const Chart& chart, const Area& area) {
    std::vector<Point> places;
    double x = kLeft;
    double y = area.bottom() + 58;
    for (const Series& one : chart.series) {
        const double wide = 30 + kLetter * static_cast<double>(one.name.size());
        if (x > kLeft && x + wide > area.width) {
            x = kLeft;
            y += kLine;
        }
        places.push_back({x, y});
        x += wide;
    }
    return places;
}

}  // namespace

std::string draw_chart(const Chart& chart, double width) {
    // Landmarks have their names above the axes, each on a line of its own.
    const double top = 30 + 15 * static_cast<double>(chart.landmarks.size());
    const Area area{width, width < kNarrow ? 220.0 : 300.0, top};
    const std::vector<Point> legend = legend_places(chart, area);
    Svg svg(width, (legend.empty() ? area.bottom() + 40 : legend.back().y) + 8, chart.title);
    const Axis x(chart.x_kind, chart.x_range.first, chart.x_range.second, kLeft, width - kRight);
    const Axis y(chart.y_kind, chart.y_range.first, chart.y_range.second, area.bottom(), area.top);
    draw_axes(svg, chart, area, x, y);
    for (std::size_t i = 0; i < chart.landmarks.size(); ++i) {
        const double at = x.at(chart.landmarks[i].at);
        const double line = 32 + 15 * static_cast<double>(i);
        svg.line({at, line + 3}, {at, area.bottom()}, "landmark");
        const bool right = at > width * 0.6;
        svg.text({at + (right ? -4 : 4), line}, chart.landmarks[i].name, "note",
                 right ? Anchor::kEnd : Anchor::kStart);
    }
    for (const Series& one : chart.series) {
        draw_series(svg, chart, one, x, y);
    }
    for (std::size_t i = 0; i < legend.size(); ++i) {
        const Series& one = chart.series[i];
        if (one.lower.empty()) {
            svg.line({legend[i].x, legend[i].y - 4}, {legend[i].x + 18, legend[i].y - 4},
                     "curve " + one.css);
        } else {
            svg.box({legend[i].x, legend[i].y - 10}, 18, 10, "band " + one.css);
        }
        svg.text({legend[i].x + 23, legend[i].y}, one.name, "mark");
    }
    return svg.element();
}

}  // namespace hm::host::page
