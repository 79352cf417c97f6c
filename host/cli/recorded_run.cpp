#include "host/cli/recorded_run.hpp"

#include <fmt/format.h>

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

/// What the target's own words prove; a log says nothing of the machine.
void read_log(const std::string& text, RecordedRun& run) {
    LogParser parser;
    parser.feed(text);
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
    const auto text = read_file(file);
    if (!text) {
        run.error = fmt::format("cannot read \"{}\"", file.string());
        return run;
    }
    if (text->starts_with('{') || file.filename().string().starts_with(kResultsName)) {
        read_results_file(*text, run);
    } else {
        read_log(*text, run);
    }
    if (!run.error.empty()) {
        run.error = fmt::format("cannot use \"{}\": {}", file.string(), run.error);
    }
    return run;
}

}  // namespace hm::host
