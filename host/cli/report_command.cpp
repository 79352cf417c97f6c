#include "host/cli/report_command.hpp"

#include <fmt/format.h>

#include "host/base/text.hpp"
#include "host/cli/recorded_run.hpp"
#include "host/cli/run_files.hpp"

namespace hm::host {

int report_command(const ReportOptions& options, const Console& console) {
    if (const std::size_t runs = results_files(options.folder).size(); runs > 1) {
        return refuse(console, kBadUsage,
                      fmt::format("\"{}\" has {} runs: report one, as \"{}\", or `compare`",
                                  printable(options.folder.string()), runs,
                                  printable(repeat_folder(options.folder, 1).string())));
    }
    const RecordedRun run = read_run(options.folder);
    if (!run.results) {
        return refuse(console, kBadUsage, run.error);
    }
    if (!run.note.empty()) {
        console.err << "hypmeter: " << run.note << std::endl;
    }
    const GroupedRows rows(run.results->rows);
    const Formatted formatted =
        options.format->print({{*run.results, rows}, run.json, run.folder, console.width});
    if (!formatted.error.empty()) {
        return refuse(console, kFailed, formatted.error);
    }
    if (formatted.text.empty()) {
        return refuse(console, kFailed,
                      fmt::format("the run has no rows for this format{}",
                                  run.results->ok() ? "" : ", and it failed"));
    }
    console.out << formatted.text << std::flush;
    if (!run.results->ok()) {
        return refuse(console, kFailed, "this run failed; `--format text` says why");
    }
    return kAllOk;
}

}  // namespace hm::host
