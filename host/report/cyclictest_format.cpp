#include "host/report/cyclictest_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/report/cyclictest_bins.hpp"
#include "host/report/machine_name.hpp"

namespace hm::host {
namespace {

using Threads = std::vector<CyclictestThread>;

/// As `-h` would be set. A delay of milliseconds, which waits for a slice, is an overflow.
constexpr long long kMostBins = 20'000;

/// What a reader of cyclictest's own words could not know. None of the words that scripts look for
/// may stand here.
std::string heading_text(const Results& results, const CyclictestData& data) {
    std::string text = fmt::format(
        "# hypmeter {} on {}: timer rows without stamps, in the form of cyclictest\n"
        "# unit of all delays: {}; from 256 ticks of the clock on, a bin holds up to 0.8 % more\n",
        results.version, machine_and_board(results), data.unit);
    for (std::size_t i = 0; i < data.threads.size(); ++i) {
        text += fmt::format("# column {}: {}\n", i + 2, data.threads[i].name);
    }
    return text;
}

/// "# Max Latencies: 00012 00034", a number for each thread.
template <class Value>
std::string summary_line(const char* name, int digits, const Threads& threads, Value value) {
    std::string line = fmt::format("# {}:", name);
    for (const CyclictestThread& one : threads) {
        line += fmt::format(" {:0{}}", value(one), digits);
    }
    return line + "\n";
}

/// Every bin, the empty ones too: what draws bars takes the next line for the next bin.
std::string bins_text(const Threads& threads, long long bins) {
    std::string text = "# Histogram\n";
    for (long long bin = 0; bin < bins; ++bin) {
        text += fmt::format("{:06} ", bin);
        for (std::size_t column = 0; column < threads.size(); ++column) {
            const auto found = threads[column].bins.find(bin);
            text += fmt::format("{}{:06}", column == 0 ? "" : "\t",
                                found == threads[column].bins.end() ? 0 : found->second);
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string cyclictest_text(const GroupedResults& run, std::size_t) {
    const CyclictestData data = cyclictest_data(run);
    const Threads& threads = data.threads;
    if (threads.empty()) {
        return {};
    }
    const long long bins =
        std::min(kMostBins, 1 + std::ranges::max(threads, {}, &CyclictestThread::max).max);
    const auto overflows = [bins](const CyclictestThread& one) {
        std::uint64_t count = 0;
        for (auto bin = one.bins.lower_bound(bins); bin != one.bins.end(); ++bin) {
            count += bin->second;
        }
        return count;
    };
    std::string text = heading_text(run.results, data) + bins_text(threads, bins);
    text += summary_line("Total", 9, threads,
                         [&](const auto& one) { return one.count - overflows(one); });
    text += summary_line("Min Latencies", 5, threads, [](const auto& one) { return one.min; });
    text += summary_line("Avg Latencies", 5, threads,
                         [](const auto& one) { return std::llround(one.mean); });
    text += summary_line("Max Latencies", 5, threads, [](const auto& one) { return one.max; });
    text += summary_line("Histogram Overflows", 5, threads, overflows);
    text += "# Histogram Overflow at cycle number:\n";
    for (std::size_t i = 0; i < threads.size(); ++i) {
        text += fmt::format("# Thread {}:\n", i);
    }
    return text;
}

}  // namespace hm::host
