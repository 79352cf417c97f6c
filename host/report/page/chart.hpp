#pragma once
// A chart with two axes: curves, bands and vertical lines with names, and a legend below.

#include <string>
#include <utility>
#include <vector>

#include "host/report/page/axis.hpp"
#include "host/report/page/svg.hpp"

namespace hm::host::page {

/// A curve through its points, or a band between two.
struct Series {
    std::string name;  ///< in the legend
    std::string css;   ///< of the style sheet
    std::vector<std::pair<double, double>> points;
    /// For a band: its lower edge, at the same places.
    std::vector<std::pair<double, double>> lower = {};
    bool dots = false;  ///< each point is a measurement of its own
};

/// Something on the x axis that the reader should know of.
struct Landmark {
    double at;
    std::string name;
};

struct Chart {
    std::string title;  ///< for those who cannot see it
    std::string x_name;
    std::string y_name;
    ScaleKind x_kind = ScaleKind::kLinear;
    ScaleKind y_kind = ScaleKind::kLinear;
    std::pair<double, double> x_range;
    std::pair<double, double> y_range;
    std::string (*x_text)(double value) = mark_text;
    std::string (*y_text)(double value) = mark_text;
    std::vector<Series> series;
    std::vector<Landmark> landmarks = {};
};

/// The element of a picture that is `width` wide.
[[nodiscard]] std::string draw_chart(const Chart& chart, double width);

}  // namespace hm::host::page
