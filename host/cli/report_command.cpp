// hypmeter report: a recorded run again, in the format of one's choice.

#include <fmt/format.h>

#include "host/base/files.hpp"
#include "host/cli/commands.hpp"
#include "host/report/plots.hpp"
#include "host/report/report_formats.hpp"
#include "host/report/tables.hpp"

namespace hm::host {
namespace {

constexpr const char* kNoRows = "hypmeter: the run has no rows for this format\n";

int refuse(const Console& console, const std::string& line) {
    console.err << "hypmeter: " << line << std::endl;
    return kBadUsage;
}

/// The status of the run itself, and where to read on.
int status_of(const Results& results, const Console& console) {
    if (!results.ok()) {
        console.err << "hypmeter: this run failed; `--format text` says why\n";
        return kFailed;
    }
    return kAllOk;
}

int plot(const Results& results, const std::filesystem::path& folder, const Console& console) {
    const std::vector<Plot> plots = plots_of(results);
    if (plots.empty()) {
        console.err << kNoRows;
        return status_of(results, console);
    }
    const std::string error = draw(plots, folder, "gnuplot");
    if (!error.empty()) {
        console.err << "hypmeter: " << error << std::endl;
        return kFailed;
    }
    for (const Plot& drawn : plots) {
        console.out << (folder / drawn.file).string() << "\n";
    }
    return status_of(results, console);
}

}  // namespace

int report_command(const ReportOptions& options, const Console& console) {
    const std::filesystem::path path = options.folder / "results.json";
    const auto text = read_file(path);
    if (!text) {
        return refuse(console, fmt::format("cannot read \"{}\"", path.string()));
    }
    const ReadResults read = read_results(*text);
    if (!read.results) {
        return refuse(console, fmt::format("cannot use \"{}\": {}", path.string(), read.error));
    }
    const Results& results = *read.results;
    std::string report;
    switch (options.format) {
        case Format::kJson:
            report = *text;
            break;
        case Format::kText:
            report = results_text(results, Detail::kFull, console.width);
            break;
        case Format::kHistogram:
            report = histogram_text(results, console.width);
            break;
        case Format::kPlots:
            return plot(results, options.folder, console);
        case Format::kCyclictest:
            report = cyclictest_text(results);
            break;
        case Format::kLmbench:
            report = lmbench_text(results);
            break;
    }
    if (report.empty()) {
        console.err << kNoRows;
    }
    console.out << report << std::flush;
    return status_of(results, console);
}

}  // namespace hm::host
