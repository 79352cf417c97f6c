#include "host/report/page/path_diagram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"
#include "host/report/page/svg.hpp"
#include "host/rows/times.hpp"

namespace hm::host::page {
namespace {

constexpr double kWidth = 350;
constexpr double kNames = 116;  ///< the stamps' names
constexpr double kTop = 26;
constexpr double kStep = 36;
constexpr double kLaneWidth = 54;

constexpr std::array<const char*, 4> kLanes{"hardware", "HYP", "kernel", "program"};

/// Where a stamp is taken.
std::size_t lane_of(std::string_view stamp) {
    if (stamp == "deadline") {
        return 0;
    }
    if (stamp == "application" || stamp == "access" || stamp == "retired") {
        return 3;
    }
    return stamp.starts_with("guest-v") || stamp.starts_with("guest-a") ||
                   stamp.starts_with("guest-h") || stamp.starts_with("guest-w") ||
                   stamp.starts_with("guest-m") || stamp == "handler-done"
               ? 2
               : 1;
}

/// guest-return is the monitor's last stamp of a wake-up, and the guest's own of a fault.
std::size_t lane_in(std::string_view stamp, std::span<const std::string_view> stamps) {
    return stamp == "guest-return" && stamps.front() == "access" ? 2 : lane_of(stamp);
}

struct Stop {
    std::string_view stamp;
    const Row* layer;  ///< that leads here; null at the start
};

std::string_view from_of(const Row& row) {
    return std::string_view(row.layer).substr(0, row.layer.find(".."));
}
std::string_view to_of(const Row& row) {
    return std::string_view(row.layer).substr(row.layer.find("..") + 2);
}

/// From the first stamp on, always to the nearest one that a layer leads to.
std::vector<Stop> stops_of(const Path& path, std::span<const std::string_view> stamps) {
    std::vector<Stop> stops;
    for (std::size_t at = 0; at < stamps.size();) {
        std::size_t nearest = stamps.size();
        const Row* taken = nullptr;
        for (const Row* layer : path.layers) {
            if (layer->layer.find("..") == std::string::npos || from_of(*layer) != stamps[at]) {
                continue;
            }
            const auto place = static_cast<std::size_t>(
                std::find(stamps.begin(), stamps.end(), to_of(*layer)) - stamps.begin());
            if (place > at && place < nearest) {
                nearest = place;
                taken = layer;
            }
        }
        if (taken == nullptr) {
            break;
        }
        if (stops.empty()) {
            stops.push_back({stamps[at], nullptr});
        }
        stops.push_back({stamps[nearest], taken});
        at = nearest;
    }
    return stops;
}

Point place_of(std::size_t lane, std::size_t row) {
    return {kNames + kLaneWidth * (static_cast<double>(lane) + 0.4),
            kTop + 18 + kStep * static_cast<double>(row)};
}

void draw_stop(Svg& svg, const Path& path, const Stop& stop, Point from, Point to) {
    const std::string steps = bare_steps(stop.layer->steps);
    svg.arrow(from, to, "flow " + path.css);
    const double middle = (from.x + to.x) / 2;
    const Point label{middle + (from.x == to.x ? 8 : 0),
                      (from.y + to.y) / 2 + (from.x == to.x ? 4 : -4)};
    const bool some = path.events != 0 && stop.layer->count < path.events;
    const auto time = path.results == nullptr
                          ? std::nullopt
                          : in_nanoseconds(*path.results, stop.layer->unit, stop.layer->mean);
    const bool waits = stop.stamp == "scheduled" && stop.layer->delivery == "shared";
    svg.text(label,
             fmt::format("{}{}{}{}", time ? nanoseconds_text(time) : short_number(stop.layer->mean),
                         time ? " ns" : "", some ? "*" : "", waits ? " wait" : ""),
             "cost", from.x == to.x ? Anchor::kStart : Anchor::kMiddle);
    if (!steps.empty()) {
        svg.text({kWidth - 2, (from.y + to.y) / 2 + 4}, "(" + steps + ")", "note", Anchor::kEnd);
    }
}

}  // namespace

std::string draw_path(const Path& path, std::span<const std::string_view> stamps) {
    const std::vector<Stop> stops = stops_of(path, stamps);
    if (stops.empty()) {
        return {};
    }
    const double bottom = place_of(0, stops.size() - 1).y + 12;
    Svg svg(kWidth, bottom, "path of an event: " + path.title);
    for (std::size_t lane = 0; lane < kLanes.size(); ++lane) {
        const double x = place_of(lane, 0).x;
        svg.text({x, 14}, kLanes[lane], "mark", Anchor::kMiddle);
        svg.line({x, 22}, {x, bottom}, "grid");
    }
    bool some = false;
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const Point here = place_of(lane_in(stops[i].stamp, stamps), i);
        svg.text({0, here.y + 4}, stops[i].stamp, "note");
        if (i > 0) {
            draw_stop(svg, path, stops[i], place_of(lane_in(stops[i - 1].stamp, stamps), i - 1),
                      here);
            some = some || (path.events != 0 && stops[i].layer->count < path.events);
        }
        svg.dot(here, "dot " + path.css, stops[i].stamp);
    }
    return fmt::format("<div class=\"path\"><h4>{}</h4><p>{}{}</p>{}</div>\n", escaped(path.title),
                       escaped(path.sums), some ? " * only of those events that come this way" : "",
                       svg.element());
}

}  // namespace hm::host::page
