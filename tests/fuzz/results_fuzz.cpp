// The reader of results.json, and every format that prints what it has read: one clear line, or
// tables that lose no count.

#include <map>
#include <sstream>
#include <string>

#include "host/judge/golden.hpp"
#include "host/log/results.hpp"
#include "host/report/cyclictest_format.hpp"
#include "host/report/histogram_format.hpp"
#include "host/report/lmbench_format.hpp"
#include "host/report/plots.hpp"
#include "host/report/tables.hpp"
#include "measure/keys.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using hm::fuzz::require;
using namespace hm::host;

void check_row(const Row& row) {
    std::uint64_t sum = 0;
    for (const auto& [low, count] : row.histogram) {
        require(low <= row.max, "no sample lies beyond the greatest");
        sum += count;
    }
    require(row.histogram.empty() || sum == row.count, "a histogram holds every sample");
    require(row.count != 0 && row.min <= row.mean && row.mean <= row.max, "a mean lies between");
}

/// A run's keys have values that the command line takes for them too.
void check_parameters(const Params& parameters) {
    using namespace hm::measure;
    for (const Params::Entry& parameter : parameters) {
        const auto key = index_of(kKeys, parameter.first);
        require(!key || parse_value(kKeys[*key], parameters.text(parameter.first)),
                "a key of a run has a value of its range");
    }
}

/// cyclictest's histogram has a column for each row, and in it every sample.
void check_cyclictest(const std::string& text, const GroupedRows& rows) {
    std::istringstream lines(text.substr(std::min(text.find("# Histogram\n"), text.size())));
    std::vector<std::uint64_t> sums;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::istringstream words(line);
        std::string bin;
        words >> bin;
        std::uint64_t count = 0;
        for (std::size_t i = 0; words >> count; ++i) {
            sums.resize(std::max(sums.size(), i + 1));
            sums[i] += count;
        }
    }
    std::size_t column = 0;
    for (const TimerCase& one : rows.timer()) {
        if (one.plain == nullptr) {
            continue;
        }
        require(one.plain->histogram.empty() ||
                    (column < sums.size() && sums[column] == one.plain->count),
                "cyclictest's columns lose no sample");
        ++column;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(hm::fuzz::text_of(data, size));
    const ReadResults read = read_results(text);
    if (!read.results) {
        require(!read.error.empty() && read.error.find('\n') == std::string::npos &&
                    read.error.size() < 300,
                "what is refused is refused in one line");
        return 0;
    }
    const Results& results = *read.results;
    check_parameters(results.parameters);
    for (const Row& row : results.rows) {
        check_row(row);
    }
    const std::string written = json_text(results);
    const ReadResults again = read_results(written);
    require(again.results && json_text(*again.results) == written &&
                again.results->rows == results.rows,
            "what was read is written and read again");
    const GroupedRows rows(results.rows);
    const GroupedResults run{results, rows};
    constexpr std::size_t kWidth = 80;
    // A full report forecasts chases by a model, which takes seconds.
    const bool forecasts = !rows.of("chase").empty();
    require(!results_text(run, forecasts ? Verbosity::kSummary : Verbosity::kFull, kWidth).empty(),
            "a run has its tables");
    check_cyclictest(cyclictest_text(run, kWidth), rows);
    static_cast<void>(histogram_text(run, kWidth));
    static_cast<void>(lmbench_text(run, kWidth));
    static_cast<void>(plots_of(run));
    const std::string golden = golden_text(results);
    const GoldenCheck check = judge_golden(results, golden, true);
    require(results.rows.empty() || (check.verdict && check.verdict->ok),
            "a run agrees with golden values that were made of it");
    static_cast<void>(judge_golden(results, text, false));
    return 0;
}
