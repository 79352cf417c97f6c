#include "host/report/cyclictest_format.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "host/rows/timer_cases.hpp"

namespace hm::host {
namespace {

long long rounded(double value) { return std::llround(value); }

/// What a reader of cyclictest's own words could not know. None of the words that scripts look for
/// may stand here.
std::string heading_text(const Results& results, const TimerCases& cases) {
    std::string text = fmt::format(
        "# hypmeter {} on {}: timer rows without stamps, in the form of cyclictest\n"
        "# unit of all delays: {}; a bin is named by its least value\n",
        results.version, results.board, cases.front().plain->unit);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        text += fmt::format("# column {} (T:{}): {}\n", i + 2, i, cases[i].name());
    }
    return text;
}

/// cyclictest's line of a thread. Threads have no number here, and their last delay is not kept.
std::string thread_text(std::size_t thread, const TimerCase& one) {
    const Row& row = *one.plain;
    const std::string period = one.param("period_us");
    return fmt::format("T:{:2} ({:5}) P:{:2} I:{} C:{:7} Min:{:7} Act:{:5} Avg:{:5} Max:{:8}\n",
                       thread, 0, 99, period.empty() ? "0" : period, row.count, rounded(row.min), 0,
                       rounded(row.mean), rounded(row.max));
}

/// "# Max Latencies: 00012 00034", a number for each thread.
template <class Value>
std::string summary_line(const char* name, int digits, const TimerCases& cases, Value value) {
    std::string line = fmt::format("# {}:", name);
    for (const TimerCase& one : cases) {
        line += fmt::format(" {:0{}}", value(*one.plain), digits);
    }
    return line + "\n";
}

std::string bins_text(const TimerCases& cases) {
    std::map<double, std::vector<std::uint64_t>> bins;
    for (std::size_t column = 0; column < cases.size(); ++column) {
        for (const auto& [low, count] : cases[column].plain->histogram) {
            auto& bin = bins[low];
            bin.resize(cases.size());
            bin[column] += count;
        }
    }
    std::string text = "# Histogram\n";
    for (const auto& [low, counts] : bins) {
        text += fmt::format("{:06}", rounded(low));
        for (std::size_t column = 0; column < cases.size(); ++column) {
            text += fmt::format("{}{:06}", column == 0 ? ' ' : '\t', counts[column]);
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::string cyclictest_text(const GroupedResults& run, std::size_t) {
    TimerCases cases = run.rows.timer();
    std::erase_if(cases, [](const TimerCase& one) { return one.plain == nullptr; });
    if (cases.empty()) {
        return {};
    }
    std::string text = heading_text(run.results, cases);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        text += thread_text(i, cases[i]);
    }
    text += bins_text(cases);
    text += summary_line("Total", 9, cases, [](const Row& row) { return row.count; });
    text +=
        summary_line("Min Latencies", 5, cases, [](const Row& row) { return rounded(row.min); });
    text +=
        summary_line("Avg Latencies", 5, cases, [](const Row& row) { return rounded(row.mean); });
    text +=
        summary_line("Max Latencies", 5, cases, [](const Row& row) { return rounded(row.max); });
    text += summary_line("Histogram Overflows", 5, cases, [](const Row&) { return 0; });
    text += "# Histogram Overflow at cycle number:\n";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        text += fmt::format("# Thread {}:\n", i);
    }
    return text;
}

}  // namespace hm::host
