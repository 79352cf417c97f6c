// As cyclictest prints with -h: the lines of its threads, and their histograms side by side.

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "host/report/report_formats.hpp"
#include "host/rows/timer_runs.hpp"

namespace hm::host {
namespace {

long long rounded(double value) { return std::llround(value); }

/// What a reader of cyclictest's own words could not know. None of the words that scripts look for
/// may stand here.
std::string heading_text(const Results& results, const TimerRuns& runs) {
    std::string text = fmt::format(
        "# hypmeter {} on {}: timer rows without stamps, in the form of cyclictest\n"
        "# unit of all delays: {}; a bin is named by its least value\n",
        results.version, results.board, runs.front().plain->unit);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        text += fmt::format("# column {} (T:{}): {}\n", i + 2, i, runs[i].name());
    }
    return text;
}

/// cyclictest's line of a thread. Threads have no number here, and their last delay is not kept.
std::string thread_text(std::size_t thread, const TimerRun& run) {
    const Row& row = *run.plain;
    const std::string period = run.param("period_us");
    return fmt::format("T:{:2} ({:5}) P:{:2} I:{} C:{:7} Min:{:7} Act:{:5} Avg:{:5} Max:{:8}\n",
                       thread, 0, 99, period.empty() ? "0" : period, row.count, rounded(row.min), 0,
                       rounded(row.mean), rounded(row.max));
}

/// "# Max Latencies: 00012 00034", a number for each thread.
template <class Value>
std::string summary_line(const char* name, int digits, const TimerRuns& runs, Value value) {
    std::string line = fmt::format("# {}:", name);
    for (const TimerRun& run : runs) {
        line += fmt::format(" {:0{}}", value(*run.plain), digits);
    }
    return line + "\n";
}

std::string bins_text(const TimerRuns& runs) {
    std::map<double, std::vector<std::uint64_t>> bins;
    for (std::size_t column = 0; column < runs.size(); ++column) {
        for (const auto& [low, count] : runs[column].plain->histogram) {
            auto& bin = bins[low];
            bin.resize(runs.size());
            bin[column] += count;
        }
    }
    std::string text = "# Histogram\n";
    for (const auto& [low, counts] : bins) {
        text += fmt::format("{:06}", rounded(low));
        for (std::size_t column = 0; column < runs.size(); ++column) {
            text += fmt::format("{}{:06}", column == 0 ? ' ' : '\t', counts[column]);
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::string cyclictest_text(const Results& results) {
    TimerRuns runs = timer_runs(results.rows);
    std::erase_if(runs, [](const TimerRun& run) { return run.plain == nullptr; });
    if (runs.empty()) {
        return {};
    }
    std::string text = heading_text(results, runs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        text += thread_text(i, runs[i]);
    }
    text += bins_text(runs);
    text += summary_line("Total", 9, runs, [](const Row& row) { return row.count; });
    text += summary_line("Min Latencies", 5, runs, [](const Row& row) { return rounded(row.min); });
    text +=
        summary_line("Avg Latencies", 5, runs, [](const Row& row) { return rounded(row.mean); });
    text += summary_line("Max Latencies", 5, runs, [](const Row& row) { return rounded(row.max); });
    text += summary_line("Histogram Overflows", 5, runs, [](const Row&) { return 0; });
    text += "# Histogram Overflow at cycle number:\n";
    for (std::size_t i = 0; i < runs.size(); ++i) {
        text += fmt::format("# Thread {}:\n", i);
    }
    return text;
}

}  // namespace hm::host
