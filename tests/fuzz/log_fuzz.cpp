// The record parser. Each line of the input that begins with a brace becomes a record with its
// right CRC, and is cut as for a console that breaks lines where the input is of odd size; the
// others stand as they are. Whatever comes, in whatever pieces, the results that are
// written of it can be read again.

#include <fmt/format.h>

#include <span>
#include <string>

#include "host/judge/verdicts.hpp"
#include "host/log/log_parser.hpp"
#include "host/rows/grouped_rows.hpp"
#include "measure/crc32.hpp"
#include "measure/pieces.hpp"
#include "measure/record.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using hm::fuzz::require;
using namespace hm::host;

std::string log_of(std::string_view input) {
    const bool is_cut = input.size() % 2 != 0;
    std::string log;
    while (!input.empty()) {
        const std::size_t cut = std::min(input.find('\n'), input.size());
        const std::string_view line = input.substr(0, cut);
        if (line.starts_with('{')) {
            const std::uint32_t crc = hm::measure::crc32(std::as_bytes(std::span(line)));
            const std::string record = fmt::format("{}{}{}{:08x}\n", hm::measure::kRecordMarker,
                                                   line, hm::measure::kCrcMarker, crc);
            const auto put = [&log](char c) { log += c; };
            hm::measure::PieceWriter pieces(put);
            for (const char c : record) {
                is_cut ? pieces(c) : put(c);
            }
        } else {
            log += fmt::format("{}\n", line);
        }
        input.remove_prefix(std::min(cut + 1, input.size()));
    }
    return log;
}

RunLog parsed(std::string_view log, std::size_t piece) {
    LogParser parser;
    while (!log.empty()) {
        parser.feed(log.substr(0, piece));
        log.remove_prefix(std::min(piece, log.size()));
    }
    parser.finish();
    return parser.log();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = log_of(hm::fuzz::text_of(data, size));
    const RunLog log = parsed(text, std::string::npos);
    const RunLog pieces = parsed(text, 1 + size % 61);
    require(log.faults == pieces.faults && log.rows == pieces.rows && log.worst == pieces.worst,
            "a log says the same in whatever pieces it comes");
    require(log.begin || !log.faults.empty(), "a log without its beginning is faulty");

    Results results = results_of(log);
    const GroupedRows rows(results.rows);
    results.verdicts = judge(log, rows);
    require(log.faults.empty() || !results.ok(), "a run with a faulty log has failed");
    const std::string written = json_text(results);
    const ReadResults read = read_results(written);
    require(read.results.has_value(), "what is written of a run can be read");
    require(read.results->rows == results.rows && read.results->verdicts == results.verdicts,
            "what is read is what was written");
    require(json_text(*read.results) == written, "it is written again as it was");
    return 0;
}
