#include "host/report/masked_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "measure/masked.hpp"

namespace hm::host {
namespace {

std::string words_of(double cause) {
    const auto known = std::find_if(measure::kMaskedCauses.begin(), measure::kMaskedCauses.end(),
                                    [cause](const measure::NamedCause& one) {
                                        return static_cast<double>(one.cause) == cause;
                                    });
    return known != measure::kMaskedCauses.end() ? std::string(known->words)
                                                 : fmt::format("exception class {}", cause);
}

}  // namespace

std::string masked_text(const GroupedResults& run, Verbosity, std::size_t width) {
    const Scenarios& scenarios = run.rows.of("masked");
    Table table{{"what the monitor serves", "longest", "exit"}, {}};
    std::string unit;
    for (const ScenarioRows& scenario : scenarios) {
        const Row* longest = scenario.find("longest-masked");
        const Row* cause = scenario.find("longest-masked-cause");
        if (longest != nullptr && cause != nullptr) {
            unit = longest->unit;
            table.rows.push_back(
                {scenario.param("serves"), number_text(longest->max), words_of(cause->max)});
        }
    }
    return table.rows.empty()
               ? std::string()
               : wrap(fmt::format("Interrupts masked in HYP: the longest stretch, in {}", unit),
                      width) +
                     render(table, width) +
                     wrap(
                         "From the first reading of PMCCNTR in the vector to the last. It is what "
                         "the monitor adds to the worst case of an interrupt that comes meanwhile.",
                         width);
}

}  // namespace hm::host
