// The plots: their numbers are those of the rows, and gnuplot draws them wherever the folder is.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "host/base/process.hpp"
#include "host/report/plots.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

/// A curve as the script has it.
struct Curve {
    std::string style;
    std::vector<std::pair<double, double>> points;

    /// What gnuplot draws at `x`, between the curve's ends.
    [[nodiscard]] double height_at(double x) const {
        for (std::size_t i = 1; i < points.size(); ++i) {
            if (x <= points[i].first) {
                // fsteps changes its height first and then goes on; steps does it the other way.
                return style == "fsteps" ? points[i].second : points[i - 1].second;
            }
        }
        return 0;
    }
};

/// The curves of a script by their titles.
std::map<std::string, Curve> curves_of(const Plot& plot) {
    std::map<std::string, std::vector<std::pair<double, double>>> data;
    std::map<std::string, Curve> curves;
    std::istringstream lines(plot.script);
    std::string block;
    const std::regex begin(R"((\$row\d+) << EOD)");
    const std::regex curve(R"((\$row\d+) using 1:2 with (\w+)[^']*title '([^']*)')");
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, begin)) {
            block = match[1];
        } else if (line == "EOD") {
            block.clear();
        } else if (!block.empty()) {
            std::istringstream words(line);
            double x = 0;
            double y = 0;
            words >> x >> y;
            data[block].emplace_back(x, y);
        }
        for (std::sregex_iterator at(line.begin(), line.end(), curve), end; at != end; ++at) {
            curves[(*at)[3]] = {(*at)[2], data[(*at)[1]]};
        }
    }
    return curves;
}

Results all_timers() { return judged_results(parse_log(timer_log())); }

/// All fake timers, with several bins in each row.
Results with_bins() {
    Results results = all_timers();
    for (Row& row : results.rows) {
        if (row.layer == "deadline..application") {
            row.histogram = {
                {row.min, 400}, {row.min + 10, 1}, {row.min + 90, 590}, {row.min + 4000, 9}};
            row.max = row.min + 4003;
        }
    }
    return results;
}

const Row& plain_row(const Results& results, const std::string& delivery, const std::string& load,
                     const std::string& slice_us) {
    return *std::find_if(results.rows.begin(), results.rows.end(), [&](const Row& row) {
        return row.layer == "deadline..application" && row.param("stamps") == "0" &&
               row.delivery == delivery && row.param("load") == load &&
               row.param("wait") == "wfi" && row.param("slice_us") == slice_us;
    });
}

/// How many events of a row took at least so long, one by one.
double at_least(const Row& row, double delay) {
    double events = 0;
    for (const auto& [low, count] : row.histogram) {
        for (std::uint64_t i = 0; i < count; ++i) {
            events += low >= delay ? 1 : 0;
        }
    }
    return events;
}

/// The lines of a script that decide its axes.
std::string axes_of(const Plot& plot) {
    std::string axes;
    std::istringstream lines(plot.script);
    for (std::string line; std::getline(lines, line);) {
        if (line.find("range") != std::string::npos || line.find("logscale") != std::string::npos) {
            axes += line + "\n";
        }
    }
    return axes;
}

class HostPlots : public ScriptTest {};

TEST_F(HostPlots, AreFigures5And6AndTheTailsOfAllWhoShareTheCore) {
    const std::vector<Plot> plots = plots_of(Grouped(all_timers()));
    ASSERT_EQ(plots.size(), 3u);
    EXPECT_EQ(plots[0].file, "figure5.svg");
    EXPECT_EQ(plots[1].file, "figure6.svg");
    EXPECT_EQ(plots[2].file, "tail.svg");
    for (const Plot& plot : plots) {
        EXPECT_TRUE(has(plot.script, "set logscale y"));
        EXPECT_TRUE(has(plot.script, "delay from deadline to application (instructions"));
        EXPECT_TRUE(has(plot.script, "'hypmeter 0.1.0 on QEMU virt, Cortex-A15'"));
    }
    EXPECT_TRUE(curves_of(plots[0]).contains("wfi idle native, n = 1,000"));
    EXPECT_FALSE(has(plots[1].script, " native, n"));
    EXPECT_TRUE(curves_of(plots[1]).contains("wfi vm-compute boosted 10 ms, n = 1,000"));
    const auto tails = curves_of(plots[2]);
    EXPECT_EQ(tails.size(), 5u);
    for (const char* one :
         {"shared 1 ms", "shared 2 ms", "shared 5 ms", "shared 10 ms", "boosted 10 ms"}) {
        EXPECT_TRUE(tails.contains(std::string("wfi vm-compute ") + one + ", n = 1,000")) << one;
    }
    EXPECT_EQ(plots_of(Grouped(Results{})).size(), 0u);
}

TEST_F(HostPlots, FiguresFiveAndSixHaveTheSameAxesWithRoomForBoth) {
    const std::vector<Plot> plots = plots_of(Grouped(all_timers()));
    ASSERT_EQ(plots.size(), 3u);
    EXPECT_EQ(axes_of(plots[0]), axes_of(plots[1]));
    // From the shortest native delay, 50, to the longest of a guest, 10,000,500.
    EXPECT_TRUE(has(axes_of(plots[0]), "set xrange [25:20001000]")) << axes_of(plots[0]);
    EXPECT_TRUE(has(axes_of(plots[0]), "set yrange [0.7:2000]")) << axes_of(plots[0]);
}

TEST_F(HostPlots, EachFigureHasItsRowsBinsAndNothingElse) {
    const Results results = with_bins();
    const std::vector<Plot> plots = plots_of(Grouped(results));
    ASSERT_EQ(plots.size(), 3u);
    const std::vector<std::pair<double, double>> native{{50, 400}, {60, 1}, {140, 590}, {4050, 9}};
    EXPECT_EQ(curves_of(plots[0]).at("wfi idle native, n = 1,000").points, native);
    const std::vector<std::pair<double, double>> guest{{86, 400}, {96, 1}, {176, 590}, {4086, 9}};
    EXPECT_EQ(curves_of(plots[1]).at("wfi idle injected, n = 1,000").points, guest);
    EXPECT_EQ(curves_of(plots[1]).at("wfi vm-compute shared 2 ms, n = 1,000").points, guest);
}

TEST_F(HostPlots, ATailIsAsHighAtEachDelayAsThereAreWakeUpsAtLeastSoLate) {
    const Results results = with_bins();
    const Plot tail = plots_of(Grouped(results)).at(2);
    for (const auto& [title, delivery, slice] :
         {std::tuple{"wfi vm-compute shared 5 ms, n = 1,000", "shared", "5000"},
          std::tuple{"wfi vm-compute boosted 10 ms, n = 1,000", "boosted", "10000"}}) {
        const Row& row = plain_row(results, delivery, "vm-compute", slice);
        const Curve curve = curves_of(tail).at(title);
        EXPECT_EQ(curve.points.front(), std::pair(row.min, 1000.0));
        for (double delay = row.min + 0.5; delay < row.min + 4000; delay += 1) {
            ASSERT_EQ(curve.height_at(delay), at_least(row, delay)) << title << " at " << delay;
        }
        // Within the last bin it is known only that one event was the last.
        EXPECT_EQ(curve.points.back(), std::pair(row.max, 1.0));
    }
}

TEST_F(HostPlots, AreDrawnByGnuplotIntoTheFolderWhateverItsName) {
    const std::filesystem::path folder = path("it's 100% \"here\"");
    std::filesystem::create_directory(folder);
    EXPECT_EQ(draw(plots_of(Grouped(all_timers())), folder, "gnuplot"), "");
    for (const char* file : {"figure5.svg", "figure6.svg", "tail.svg"}) {
        EXPECT_TRUE(has(read("it's 100% \"here\"/" + std::string(file)), "</svg>")) << file;
    }
}

TEST_F(HostPlots, TheScriptDrawsThemAgainInTheFolderToWhichItWasMoved) {
    std::filesystem::create_directory(path("first"));
    ASSERT_EQ(draw(plots_of(Grouped(all_timers())), path("first"), "gnuplot"), "");
    std::filesystem::create_directory(path("second"));
    std::filesystem::copy_file(path("first/plots.gp"), path("second/plots.gp"));
    std::string said;
    const ProcessEnd end = run_process(
        {script("again", "cd $D/second && exec gnuplot plots.gp"), {}}, ProcessLimits{},
        [&said](std::string_view more) { said += more; },
        [&said](std::string_view more) { said += more; });
    EXPECT_EQ(end.ending, Ending::kExited);
    EXPECT_EQ(said, "");
    for (const char* file : {"figure5.svg", "figure6.svg", "tail.svg"}) {
        EXPECT_EQ(read("second/" + std::string(file)), read("first/" + std::string(file))) << file;
        EXPECT_TRUE(has(read("second/" + std::string(file)), "</svg>")) << file;
    }
}

TEST_F(HostPlots, AMissingOrFailingGnuplotIsOneLine) {
    const std::vector<Plot> plots = plots_of(Grouped(all_timers()));
    const std::string missing = draw(plots, path(""), "no-such-gnuplot");
    EXPECT_TRUE(has(missing, "no program \"no-such-gnuplot\""));
    EXPECT_TRUE(has(missing, "gnuplot-nox"));
    const std::string failed =
        draw(plots, path(""), script("gnuplot", "echo 'cannot open'; echo 'no font' >&2; exit 3"));
    EXPECT_EQ(failed, "gnuplot failed (exit status 3): no font");
    EXPECT_TRUE(has(draw(plots, path("none"), "sh"), "cannot write"));
}

}  // namespace
}  // namespace hm::host::testing
