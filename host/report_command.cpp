// hypmeter report: a recorded run again, in the format of one's choice.

#include <fmt/format.h>

#include "host/commands.hpp"
#include "host/files.hpp"
#include "host/report_formats.hpp"
#include "host/tables.hpp"

namespace hm::host {
namespace {

int refuse(const Console& console, const std::string& line) {
    console.err << "hypmeter: " << line << std::endl;
    return kBadUsage;
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
            report = results_text(results, console.width);
            break;
        case Format::kCyclictest:
            report = cyclictest_text(results);
            break;
        case Format::kLmbench:
            report = lmbench_text(results);
            break;
    }
    if (report.empty()) {
        console.err << "hypmeter: the run has no rows for this format\n";
    }
    console.out << report << std::flush;
    if (!results.ok()) {
        console.err << "hypmeter: this run failed; `--format text` says why\n";
        return kFailed;
    }
    return kAllOk;
}

}  // namespace hm::host
