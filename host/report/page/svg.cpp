#include "host/report/page/svg.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hm::host::page {
namespace {

/// A length with at most one decimal; a number that is none would make the whole picture invalid.
std::string length(double value) {
    const double tenths = std::isfinite(value) ? std::round(value * 10) / 10 : 0;
    return fmt::format("{:g}", tenths == 0 ? 0 : tenths);
}

std::string points_text(const std::vector<Point>& points) {
    std::string text;
    for (const Point& point : points) {
        text += (text.empty() ? "" : " ") + length(point.x) + "," + length(point.y);
    }
    return text;
}

constexpr std::string_view name_of(Anchor anchor) {
    return anchor == Anchor::kStart ? "start" : anchor == Anchor::kMiddle ? "middle" : "end";
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

Svg::Svg(double width, double height, std::string_view title)
    : width_(width), height_(height), title_(title) {}

void Svg::line(Point from, Point to, std::string_view css) {
    shapes_ +=
        fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", escaped(css),
                    length(from.x), length(from.y), length(to.x), length(to.y));
}

void Svg::arrow(Point from, Point to, std::string_view css) {
    constexpr double kHead = 7;
    constexpr double kHalf = 3.5;
    const double span = std::hypot(to.x - from.x, to.y - from.y);
    if (span < kHead) {
        return;
    }
    const double along_x = (to.x - from.x) / span;
    const double along_y = (to.y - from.y) / span;
    const Point neck{to.x - along_x * kHead, to.y - along_y * kHead};
    line(from, neck, css);
    area({to,
          {neck.x - along_y * kHalf, neck.y + along_x * kHalf},
          {neck.x + along_y * kHalf, neck.y - along_x * kHalf}},
         fmt::format("{} head", css));
}

void Svg::box(Point corner, double width, double height, std::string_view css) {
    shapes_ +=
        fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>\n",
                    escaped(css), length(corner.x), length(corner.y), length(std::fmax(width, 0)),
                    length(std::fmax(height, 0)));
}

void Svg::curve(const std::vector<Point>& points, std::string_view css) {
    if (points.size() > 1) {
        shapes_ += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", escaped(css),
                               points_text(points));
    }
}

void Svg::area(const std::vector<Point>& points, std::string_view css) {
    if (points.size() > 2) {
        shapes_ += fmt::format("<polygon class=\"{}\" points=\"{}\"/>\n", escaped(css),
                               points_text(points));
    }
}

void Svg::dot(Point at, std::string_view css, std::string_view tip) {
    shapes_ +=
        fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3\"><title>{}</title></circle>\n",
                    escaped(css), length(at.x), length(at.y), escaped(tip));
}

void Svg::text(Point at, std::string_view text, std::string_view css, Anchor anchor) {
    shapes_ +=
        fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n",
                    escaped(css), length(at.x), length(at.y), name_of(anchor), escaped(text));
}

std::string Svg::element() const {
    return fmt::format(
        "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
        "aria-label=\"{2}\">\n<title>{2}</title>\n{3}</svg>\n",
        length(width_), length(height_), escaped(title_), shapes_);
}

}  // namespace hm::host::page
