#include "host/report/plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "host/base/files.hpp"
#include "host/base/process.hpp"
#include "host/rows/timer_cases.hpp"

namespace hm::host {
namespace {

using PlotPoints = std::vector<std::pair<double, double>>;
using PlotPointsOf = std::function<PlotPoints(const Row&)>;

/// Above this ratio of the longest delay to the shortest, a linear axis would hide the short ones.
constexpr double kLinearSpan = 100;

PlotPoints histogram_points(const Row& row) {
    PlotPoints points;
    for (const auto& [low, count] : row.histogram) {
        points.emplace_back(low, static_cast<double>(count));
    }
    return points;
}

/// How many wake-ups took at least so long.
PlotPoints tail_points(const Row& row) {
    PlotPoints points;
    auto left = static_cast<double>(row.count);
    for (const auto& [low, count] : row.histogram) {
        points.emplace_back(low, left);
        left -= static_cast<double>(count);
    }
    points.emplace_back(row.max, 1);
    return points;
}

std::string data_text(std::size_t number, const PlotPoints& points) {
    std::string text = fmt::format("$row{} << EOD\n", number);
    for (const auto& [x, y] : points) {
        text += fmt::format("{} {}\n", x, y);
    }
    return text + "EOD\n";
}

std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', ' ');
    return "'" + text + "'";
}

struct Picture {
    std::string file;
    std::string title;
    std::string y_label;
    std::string style;
    PlotPointsOf points;
};

Plot plot_of(const Picture& picture, const TimerCases& cases) {
    double least = cases.front().plain->min;
    double most = cases.front().plain->max;
    double highest = 1;
    std::string data;
    std::string curves;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Row& row = *cases[i].plain;
        least = std::min(least, row.min);
        most = std::max(most, row.max);
        const PlotPoints points = picture.points(row);
        for (const auto& [x, y] : points) {
            highest = std::max(highest, y);
        }
        data += data_text(i, points);
        curves += fmt::format("{} $row{} using 1:2 with {} title {}", i == 0 ? "plot" : ",", i,
                              picture.style, quoted(cases[i].name()));
    }
    const bool wide = least > 0 && most / least > kLinearSpan;
    std::string script = fmt::format(
        "set title {} noenhanced\nset xlabel {} noenhanced\nset ylabel {} noenhanced\n"
        "set logscale y\nset yrange [0.7:{}]\nset grid\nset key outside right top noenhanced\n",
        quoted(picture.title),
        quoted(fmt::format("delay from deadline to application ({}{})", cases.front().plain->unit,
                           wide ? ", logarithmic" : "")),
        quoted(picture.y_label), highest * 2);
    script += wide ? fmt::format("set logscale x\nset xrange [{}:{}]\n", least / 2, most * 2)
                   : fmt::format("set xrange [0:{}]\n", most * 1.2);
    return {picture.file, script + data + curves + "\nreset\n"};
}

TimerCases those_of(const TimerCases& cases, const std::function<bool(const TimerCase&)>& wanted) {
    TimerCases kept;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(kept), [&](const TimerCase& one) {
        return one.plain != nullptr && !one.plain->histogram.empty() && wanted(one);
    });
    return kept;
}

/// Of all the ways to wait and all loads, those that the paper's guest had, or came nearest to.
bool is_usual(const TimerCase& one) {
    return one.param("wait") == "wfi" &&
           (one.param("load") == "idle" || one.param("load") == "vm-compute");
}

}  // namespace

std::vector<Plot> plots_of(const GroupedResults& run) {
    const TimerCases& cases = run.rows.timer();
    const std::string machine = " (" + run.results.machine + ")";
    struct Wanted {
        Picture picture;
        std::function<bool(const TimerCase&)> rows;
    };
    const std::vector<Wanted> all{
        {{"figure5.svg", "Figure 5: response natively" + machine, "occurrences (logarithmic)",
          "impulses linewidth 3", histogram_points},
         [](const TimerCase& one) { return one.native() && one.param("wait") == "wfi"; }},
        {{"figure6.svg", "Figure 6: response as a guest" + machine, "occurrences (logarithmic)",
          "points pointsize 0.8", histogram_points},
         [](const TimerCase& one) { return !one.native() && is_usual(one); }},
        {{"tail.svg", "The wait for a slice" + machine, "wake-ups at least as late (logarithmic)",
          "steps linewidth 2", tail_points},
         [](const TimerCase& one) {
             return one.first->delivery == "shared" && one.param("load") == "vm-compute";
         }},
    };
    std::vector<Plot> plots;
    for (const Wanted& wanted : all) {
        const TimerCases rows = those_of(cases, wanted.rows);
        if (!rows.empty()) {
            plots.push_back(plot_of(wanted.picture, rows));
        }
    }
    return plots;
}

std::string draw(const std::vector<Plot>& plots, const std::filesystem::path& folder,
                 const std::string& program) {
    const std::string path = find_program(program);
    if (path.empty()) {
        return fmt::format("cannot plot: no program \"{}\" (Debian's package is gnuplot-nox)",
                           program);
    }
    std::string script = "set terminal svg size 1000,600 background 'white'\n";
    for (const Plot& plot : plots) {
        script += "set output " + quoted((folder / plot.file).string()) + "\n" + plot.script;
    }
    const std::filesystem::path file = folder / "plots.gp";
    if (!write_file(file, script)) {
        return fmt::format("cannot write \"{}\"", file.string());
    }
    std::string complaints;
    const ProcessEnd end = run_process(
        {path, {file.string()}}, ProcessLimits{std::chrono::seconds(60)}, [](std::string_view) {},
        [&complaints](std::string_view more) { complaints += more.substr(0, 1024); });
    if (end.ending != Ending::kExited || end.code != 0) {
        return fmt::format("gnuplot failed ({}): {}", describe(end),
                           complaints.substr(0, complaints.find('\n')));
    }
    return {};
}

}  // namespace hm::host
