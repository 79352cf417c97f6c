#include "host/cli/report_command.hpp"

#include <fmt/format.h>

#include "host/base/text.hpp"
#include "host/cli/recorded_run.hpp"
#include "host/cli/run_files.hpp"

namespace hm::host {
namespace {

/// Reads the runs to stand beside `run`, or says in one line why they cannot.
std::string read_beside(const std::vector<std::filesystem::path>& places, const Results& run,
                        std::vector<Results>& beside) {
    if (!places.empty() && run.alone()) {
        return "the run is of the guest alone: `hypmeter compare` puts such runs side by side";
    }
    for (const std::filesystem::path& place : places) {
        const std::string name = printable(place.string());
        if (results_files(place).size() > 1) {
            return fmt::format("\"{}\" has several runs: name one, as \"{}\"", name,
                               printable(repeat_folder(place, 1).string()));
        }
        RecordedRun read = read_run(place);
        if (!read.results) {
            return read.error;
        }
        if (!read.results->alone()) {
            return fmt::format("\"{}\" is no run of the guest alone, as `run --under` makes it",
                               name);
        }
        if (read.results->clock != run.clock) {
            return fmt::format(
                "\"{}\" cannot stand beside the run: its clock is \"{}\", not \"{}\"", name,
                read.results->clock, run.clock);
        }
        if (!read.results->ok()) {
            return fmt::format("\"{}\" failed: `hypmeter report` says why", name);
        }
        beside.push_back(*std::move(read.results));
    }
    return {};
}

}  // namespace

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
    std::vector<Results> beside;
    if (const std::string why = read_beside(options.beside, *run.results, beside); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    if (!run.note.empty()) {
        console.err << "hypmeter: " << run.note << std::endl;
    }
    const GroupedRows rows(run.results->rows);
    const Formatted formatted =
        options.format->print({{*run.results, rows, beside}, run.json, run.folder, console.width});
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
