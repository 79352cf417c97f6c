#include "host/cli/report_words.hpp"

#include <fmt/format.h>

namespace hm::host {

CLI::App* add_report(CLI::App& app, Words& words) {
    CLI::App* report = app.add_subcommand("report", "Print a recorded run again");
    report->add_option("DIR", words.folder, "Folder of the run, its results.json, or a log")
        ->required();
    report->add_option("--format", words.format, names_of(formats()))->capture_default_str();
    report
        ->add_option("--beside", words.beside,
                     "Runs of the guest alone (`run --under`) to show in the table of other "
                     "hypervisors, instead of quoted figures")
        ->take_all();
    add_examples(*report, {"hypmeter report results", "hypmeter report results --format json",
                           "hypmeter report results --beside native xen"});
    return report;
}

Options check_report(const Words& words) {
    const OutputFormat* const format = find_format(words.format);
    if (format == nullptr) {
        return UsageError{fmt::format("unknown format \"{}\"", words.format),
                          fmt::format("formats: {}\n", names_of(formats()))};
    }
    if (!words.beside.empty() && format->name != "text" && format->name != "html") {
        return UsageError{"--beside is only for formats with a table of other hypervisors",
                          "formats: text, html\n"};
    }
    return ReportOptions{words.folder, format, {words.beside.begin(), words.beside.end()}};
}

}  // namespace hm::host
