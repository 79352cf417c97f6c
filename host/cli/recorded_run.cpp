#include "host/cli/recorded_run.hpp"

#include <fmt/format.h>

#include <fstream>

#include "host/base/files.hpp"
#include "host/judge/verdicts.hpp"
#include "host/log/log_parser.hpp"
#include "host/machine/drafts.hpp"
#include "host/rows/grouped_rows.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

fs::path draft_of(const fs::path& folder, const char* name) {
    return folder / (std::string(name) + kDraftSuffix);
}

/// What an unfinished run left in `folder`, the more complete first; empty if there is nothing.
fs::path draft_in(const fs::path& folder) {
    for (const fs::path& draft : {draft_of(folder, kResultsName), draft_of(folder, kUartName)}) {
        if (std::error_code ignored; fs::is_regular_file(draft, ignored)) {
            return draft;
        }
    }
    return {};
}

std::string next_piece(std::ifstream& file) {
    constexpr std::size_t kPiece = std::size_t{1} << 18;
    std::string piece(kPiece, '\0');
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(file.gcount()));
    return piece;
}

/// What the target's own words prove; a log says nothing of the machine. It is read in pieces: a
/// log may be longer than what it says of rows.
void read_log(std::string start, std::ifstream& file, RecordedRun& run) {
    LogParser parser;
    while (!start.empty()) {
        parser.feed(start);
        start = next_piece(file);
    }
    parser.finish();
    const RunLog& log = parser.log();
    if (!log.begin) {
        run.error = "it is neither a results file nor a log with the records of a run";
        return;
    }
    run.results = results_of(log);
    run.results->verdicts = judge(log, GroupedRows(run.results->rows));
    run.json = json_text(*run.results);
}

void read_results_file(const std::string& text, RecordedRun& run) {
    ReadResults read = read_results(text);
    run.results = std::move(read.results);
    run.error = std::move(read.error);
    run.json = text;
}

}  // namespace

RecordedRun read_run(const fs::path& place) {
    RecordedRun run;
    fs::path file = place;
    run.folder = place.parent_path();
    if (std::error_code ignored; !fs::is_regular_file(place, ignored)) {
        run.folder = place;
        file = place / kResultsName;
        const fs::path draft = draft_in(place);
        if (!draft.empty() && fs::exists(file, ignored)) {
            run.note = fmt::format(
                "a later run in \"{}\" has not ended, or was interrupted; `hypmeter report` with "
                "\"{}\" prints what there is of it",
                place.string(), draft.string());
        } else if (!draft.empty()) {
            run.note = fmt::format(
                "the run in \"{}\" has not ended, or was interrupted; this is "
                "what there is of it",
                place.string());
            file = draft;
        }
    }
    std::error_code error;
    std::ifstream stream;
    if (fs::is_regular_file(file, error)) {
        stream.open(file, std::ios::binary);
    }
    std::string start = next_piece(stream);
    if (!stream.is_open() || stream.bad()) {
        run.error = fmt::format("cannot read \"{}\"", file.string());
        return run;
    }
    if (start.starts_with('{') || file.filename().string().starts_with(kResultsName)) {
        read_results_file(read_file(file).value_or(""), run);
    } else {
        read_log(std::move(start), stream, run);
    }
    if (!run.error.empty()) {
        run.error = fmt::format("cannot use \"{}\": {}", file.string(), run.error);
    }
    return run;
}

}  // namespace hm::host
