#include "host/report/impact_table.hpp"

#include <fmt/format.h>

#include <array>

#include "host/base/text.hpp"
#include "host/report/paper.hpp"

namespace hm::host {
namespace {

/// The paper's model of what a slower miss does to a program, with its ratio and with ours.
std::string slowdown_table(const std::vector<paper::Pair>& reads, std::size_t width) {
    constexpr std::array<double, 4> kMissRates{0.0001, 0.001, 0.005, 0.01};
    constexpr double kPaper = paper::kRandomRead.ratio;
    Table table{{"slowdown 1 (1 - m) + r m at a miss rate m of"}, {}};
    for (const double rate : kMissRates) {
        constexpr double kPercent = 100;
        table.header.push_back(number_text(rate * kPercent) + " %");
    }
    const auto add = [&](double ratio, std::string_view whose) {
        std::vector<std::string> row{fmt::format("r = {:.2f}, {}", ratio, whose)};
        for (const double rate : kMissRates) {
            row.push_back(fmt::format("{:.7g}", paper::slowdown(ratio, rate)));
        }
        table.rows.push_back(std::move(row));
    };
    add(kPaper, "the paper's");
    for (const paper::Pair& pair : reads) {
        add(pair.ratio(), "measured here, guest " + pair.guest->param("stage1"));
    }
    return render(table, width) +
           wrap(fmt::format("The paper prints {} at 1 %, where its formula gives {}.",
                            paper::kPrintedSlowdown, paper::slowdown(kPaper, kMissRates.back())),
                width);
}

}  // namespace

std::string impact_text(const GroupedResults& run, Verbosity, std::size_t width) {
    if (run.results.clock == "emulator" || run.rows.of("chase").empty()) {
        return {};
    }
    constexpr std::array kReads{&paper::kRandomRead, &paper::kSequentialRead};
    return paper::text_of(kReads, run, width) +
           slowdown_table(paper::beside(paper::kRandomRead, run), width);
}

}  // namespace hm::host
