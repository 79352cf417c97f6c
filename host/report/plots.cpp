#include "host/report/plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <string_view>

#include "host/base/files.hpp"
#include "host/base/process.hpp"
#include "host/base/text.hpp"
#include "host/report/machine_name.hpp"
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

/// As gnuplot takes it literally.
std::string gnuplot_literal(std::string_view text) {
    std::string safe = "'";
    for (const char c : text) {
        safe += c == '\'' ? "''" : std::string(1, c);
    }
    return safe + "'";
}

struct PlotPicture {
    std::string_view file;
    std::string_view title;
    std::string_view y_label;
    std::string_view style;
    PlotPointsOf points;
    bool (*shows)(const TimerCase&);
    int axes;  ///< pictures with the same number have the same axes
};

/// Of all the ways to wait and all loads, those that the paper's guest had, or came nearest to.
bool is_usual(const TimerCase& one) {
    return one.param("wait") == "wfi" &&
           (one.param("load") == "idle" || one.param("load") == "vm-compute");
}

const std::array<PlotPicture, 3>& pictures() {
    // A tail is a stair that goes down right of each delay, which the style fsteps draws.
    static const std::array<PlotPicture, 3> all{
        {{"figure5.svg", "Figure 5: response natively, on the axes of figure 6",
          "occurrences (logarithmic)", "impulses linewidth 3", histogram_points,
          [](const TimerCase& one) { return one.native() && one.param("wait") == "wfi"; }, 0},
         {"figure6.svg", "Figure 6: response as a guest, on the axes of figure 5",
          "occurrences (logarithmic)", "points pointsize 0.8", histogram_points,
          [](const TimerCase& one) { return !one.native() && is_usual(one); }, 0},
         {"tail.svg", "The wait for a slice, and for a core that is given at once",
          "wake-ups at least as late (logarithmic)", "fsteps linewidth 2", tail_points,
          [](const TimerCase& one) {
              return one.shares_core() && one.param("load") == "vm-compute";
          },
          1}}};
    return all;
}

/// What the axes of a picture must have room for.
struct PlotExtent {
    double least = std::numeric_limits<double>::max();
    double most = 0;
    double highest = 1;

    void take(const TimerCases& cases, const PlotPointsOf& points) {
        for (const TimerCase& one : cases) {
            least = std::min(least, one.plain->min);
            most = std::max(most, one.plain->max);
            for (const auto& [x, y] : points(*one.plain)) {
                highest = std::max(highest, y);
            }
        }
    }
    [[nodiscard]] bool wide() const { return least > 0 && most / least > kLinearSpan; }
    [[nodiscard]] std::string ranges() const {
        return fmt::format("set logscale y\nset yrange [0.7:{}]\n", highest * 2) +
               (wide() ? fmt::format("set logscale x\nset xrange [{}:{}]\n", least / 2, most * 2)
                       : fmt::format("set xrange [0:{}]\n", most * 1.2));
    }
};

/// "hypmeter 0.1.0 on QEMU virt, QEMU emulator version 7.2.22"
std::string plot_run_text(const Results& results) {
    const std::string emulator = host_text(results, "/qemu/version");
    return fmt::format("hypmeter {} on {}{}", results.version, machine_and_board(results),
                       emulator.empty() ? "" : ", " + emulator.substr(0, emulator.find(" (")));
}

Plot plot_of(const PlotPicture& picture, const TimerCases& cases, const PlotExtent& extent,
             const Results& results) {
    std::string data;
    std::string curves;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Row& row = *cases[i].plain;
        data += data_text(i, picture.points(row));
        curves += fmt::format(
            "{} $row{} using 1:2 with {} title {}", i == 0 ? "plot" : ",", i, picture.style,
            gnuplot_literal(fmt::format("{}, n = {}", cases[i].name(),
                                        short_number(static_cast<double>(row.count)))));
    }
    const std::string script = fmt::format(
        "set title {}.\"\\n\".{} noenhanced\nset xlabel {} noenhanced\n"
        "set ylabel {} noenhanced\n{}set grid\nset key outside right top noenhanced\n",
        gnuplot_literal(picture.title), gnuplot_literal(plot_run_text(results)),
        gnuplot_literal(fmt::format("delay from deadline to application ({}{})",
                                    cases.front().plain->unit,
                                    extent.wide() ? ", logarithmic" : "")),
        gnuplot_literal(picture.y_label), extent.ranges());
    return {std::string(picture.file), script + data + curves + "\nreset\n"};
}

TimerCases those_of(const TimerCases& cases, bool (*wanted)(const TimerCase&)) {
    TimerCases kept;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(kept), [&](const TimerCase& one) {
        return one.plain != nullptr && !one.plain->histogram.empty() && wanted(one);
    });
    return kept;
}

}  // namespace

std::vector<Plot> plots_of(const GroupedResults& run) {
    struct Drawn {
        const PlotPicture* picture;
        TimerCases cases;
    };
    std::vector<Drawn> drawn;
    std::map<int, PlotExtent> extents;
    for (const PlotPicture& picture : pictures()) {
        const TimerCases cases = those_of(run.rows.timer(), picture.shows);
        if (!cases.empty()) {
            extents[picture.axes].take(cases, picture.points);
            drawn.push_back({&picture, cases});
        }
    }
    std::vector<Plot> plots;
    plots.reserve(drawn.size());
    for (const auto& [picture, cases] : drawn) {
        plots.push_back(plot_of(*picture, cases, extents[picture->axes], run.results));
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
        script += "set output " + gnuplot_literal(plot.file) + "\n" + plot.script;
    }
    const std::filesystem::path file = folder / "plots.gp";
    if (!write_file(file, script)) {
        return fmt::format("cannot write \"{}\"", file.string());
    }
    std::string complaints;
    // The script names no folder, so that it draws again wherever the folder has gone.
    const std::string there = gnuplot_literal(std::filesystem::absolute(folder).string());
    const ProcessEnd end = run_process(
        {path, {"-e", "cd " + there, file.filename().string()}},
        ProcessLimits{std::chrono::seconds(60)}, [](std::string_view) {},
        [&complaints](std::string_view more) { complaints += more.substr(0, 1024); });
    if (end.ending != Ending::kExited || end.code != 0) {
        return fmt::format("gnuplot failed ({}): {}", describe(end),
                           complaints.substr(0, complaints.find('\n')));
    }
    return {};
}

}  // namespace hm::host
