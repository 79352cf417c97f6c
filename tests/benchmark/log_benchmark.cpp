// How fast the tool reads a log and makes a report of it, and what memory that takes. The shapes
// are those of real logs (suites quick and paper), and of one with long histograms.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "host/judge/verdicts.hpp"
#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"
#include "host/report/tables.hpp"
#include "host/rows/grouped_rows.hpp"
#include "tests/benchmark/heap.hpp"
#include "tests/benchmark/made_log.hpp"

namespace {

using namespace hm::host;
using hm::benchmark::heap;
using hm::benchmark::made_log;
using hm::benchmark::Shape;

/// As `report FILE` reads a log: in pieces.
void read(LogParser& parser, std::string_view log) {
    constexpr std::size_t kPiece = std::size_t{1} << 18;
    while (!log.empty()) {
        parser.feed(log.substr(0, kPiece));
        log.remove_prefix(std::min(kPiece, log.size()));
    }
    parser.finish();
}

const std::string& log_of(const benchmark::State& state) {
    static std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, std::string> made;
    std::string& log = made[{state.range(0), state.range(1), state.range(2)}];
    if (log.empty()) {
        log = made_log({static_cast<std::size_t>(state.range(0)), 8,
                        static_cast<std::size_t>(state.range(1)),
                        static_cast<std::size_t>(state.range(2))});
    }
    return log;
}

void parse(benchmark::State& state) {
    const std::string& log = log_of(state);
    const std::size_t before = heap.now;
    heap.peak = before;
    std::size_t rows = 0;
    for (auto _ : state) {
        LogParser parser;
        read(parser, log);
        if (!parser.log().faults.empty()) {
            state.SkipWithError(parser.log().faults.front().c_str());
            break;
        }
        rows = parser.log().rows.size();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(log.size()) *
                            static_cast<std::int64_t>(state.iterations()));
    state.counters["log_bytes"] = static_cast<double>(log.size());
    state.counters["rows"] = static_cast<double>(rows);
    state.counters["heap_bytes"] = static_cast<double>(heap.peak - before);
}

/// From the log to all that a run prints and keeps.
void parse_and_report(benchmark::State& state) {
    const std::string& log = log_of(state);
    for (auto _ : state) {
        LogParser parser;
        read(parser, log);
        Results results = results_of(parser.log());
        const GroupedRows rows(results.rows);
        results.verdicts = judge(parser.log(), rows);
        constexpr std::size_t kWidth = 80;
        benchmark::DoNotOptimize(json_text(results));
        benchmark::DoNotOptimize(results_text({results, rows}, Verbosity::kFull, kWidth));
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(log.size()) *
                            static_cast<std::int64_t>(state.iterations()));
}

/// As `report FOLDER` and `compare` read results.json.
void read_file_of_results(benchmark::State& state) {
    LogParser parser;
    read(parser, log_of(state));
    const std::string file = json_text(results_of(parser.log()));
    for (auto _ : state) {
        if (!read_results(file).results) {
            state.SkipWithError("it cannot be read");
            break;
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(file.size()) *
                            static_cast<std::int64_t>(state.iterations()));
}

void shapes(benchmark::internal::Benchmark* of) {
    of->ArgNames({"scenarios", "buckets", "remarks"});
    of->Args({200, 10, 4});    // suite quick
    of->Args({1000, 10, 4});   // suite paper
    of->Args({200, 1000, 4});  // long histograms
    of->Args({200, 10, 300});  // the first with much that is not kept
    of->Unit(benchmark::kMillisecond);
}

BENCHMARK(parse)->Apply(shapes);
BENCHMARK(parse_and_report)->Apply(shapes);
BENCHMARK(read_file_of_results)->Apply(shapes);

}  // namespace

BENCHMARK_MAIN();
