#include "host/report/formats.hpp"

#include <algorithm>
#include <array>

#include "host/judge/golden.hpp"
#include "host/report/csv_format.hpp"
#include "host/report/cyclictest_format.hpp"
#include "host/report/cyclictest_json_format.hpp"
#include "host/report/histogram_format.hpp"
#include "host/report/junit_format.hpp"
#include "host/report/lmbench_format.hpp"
#include "host/report/markdown_format.hpp"
#include "host/report/page/html_format.hpp"
#include "host/report/plots.hpp"
#include "host/report/tables.hpp"
#include "host/report/tap_format.hpp"
#include "host/report/trace_format.hpp"

namespace hm::host {
namespace {

template <std::string (*text)(const GroupedResults&, std::size_t)>
Formatted print(const FormatInput& input) {
    return {text(input.run, input.width), ""};
}

/// Draws the plots into the run's folder, and prints their paths.
Formatted print_plots(const FormatInput& input) {
    const std::vector<Plot> plots = plots_of(input.run);
    if (plots.empty()) {
        return {};
    }
    Formatted formatted{"", draw(plots, input.folder, "gnuplot")};
    for (const Plot& drawn : plots) {
        formatted.text += (input.folder / drawn.file).string() + "\n";
    }
    return formatted;
}

constexpr std::array<OutputFormat, 14> kFormats{{
    {"json",
     [](const FormatInput& input) {
         return Formatted{std::string(input.json), ""};
     }},
    {"text",
     [](const FormatInput& input) {
         return Formatted{results_text(input.run, Verbosity::kFull, input.width), ""};
     }},
    {"html", print<page::html_text>},
    {"histogram", print<histogram_text>},
    {"plots", print_plots},
    {"trace", print<trace_text>},
    {"junit", print<junit_text>},
    {"tap", print<tap_text>},
    {"csv", print<csv_text>},
    {"markdown", print<markdown_text>},
    {"cyclictest", print<cyclictest_text>},
    {"cyclictest-json", print<cyclictest_json_text>},
    {"lmbench", print<lmbench_text>},
    {"golden",
     [](const FormatInput& input) {
         const Results& results = input.run.results;
         if (results.stamps_without_isb()) {
             return Formatted{"", "stamps without ISB: these are no golden values"};
         }
         return Formatted{results.rows.empty() ? std::string() : golden_text(results), ""};
     }},
}};

}  // namespace

std::span<const OutputFormat> formats() { return kFormats; }

const OutputFormat* find_format(std::string_view name) {
    const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                    [name](const OutputFormat& one) { return one.name == name; });
    return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace hm::host
