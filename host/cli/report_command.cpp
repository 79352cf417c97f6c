#include "host/cli/report_command.hpp"

#include <fmt/format.h>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/cli/run_files.hpp"

namespace hm::host {

int report_command(const ReportOptions& options, const Console& console) {
    const std::filesystem::path path = options.folder / "results.json";
    if (const std::size_t runs = results_files(options.folder).size(); runs > 1) {
        return refuse(console, kBadUsage,
                      fmt::format("\"{}\" has {} runs: report one, as \"{}\", or `compare`",
                                  printable(options.folder.string()), runs,
                                  printable(repeat_folder(options.folder, 1).string())));
    }
    const auto text = read_file(path);
    if (!text) {
        return refuse(console, kBadUsage, fmt::format("cannot read \"{}\"", path.string()));
    }
    const ReadResults read = read_results(*text);
    if (!read.results) {
        return refuse(console, kBadUsage,
                      fmt::format("cannot use \"{}\": {}", path.string(), read.error));
    }
    const GroupedRows rows(read.results->rows);
    const Formatted formatted =
        options.format->print({{*read.results, rows}, *text, options.folder, console.width});
    if (!formatted.error.empty()) {
        return refuse(console, kFailed, formatted.error);
    }
    if (formatted.text.empty()) {
        console.err << "hypmeter: the run has no rows for this format\n";
    }
    console.out << formatted.text << std::flush;
    if (!read.results->ok()) {
        return refuse(console, kFailed, "this run failed; `--format text` says why");
    }
    return kAllOk;
}

}  // namespace hm::host
