#include "host/report/figure2.hpp"

#include "host/base/text.hpp"
#include "host/report/boot_tables.hpp"
#include "host/report/chase_tables.hpp"
#include "host/report/fault_tables.hpp"
#include "host/report/forecast_section.hpp"
#include "host/report/impact_table.hpp"
#include "host/report/matrix_tables.hpp"
#include "host/report/miss_table.hpp"
#include "host/report/parity_table.hpp"

namespace hm::host {
namespace {

std::string honesty_text(const GroupedResults& run, std::size_t width) {
    const Results& results = run.results;
    if (run.rows.of("chase").empty() || results.clock == "instructions") {
        return {};  // the section of the loads says it
    }
    if (results.clock == "emulator") {
        return wrap(
            "These times are the emulator's own: its software TLB does walk both stages "
            "where it misses, but that says nothing about any machine, and nothing here is "
            "compared with the paper.",
            width);
    }
    return results.models_tlb && results.models_caches
               ? std::string()
               : wrap(
                     "This machine does not model both caches and TLBs, so what a load costs here "
                     "says nothing about a board.",
                     width);
}

}  // namespace

std::string figure2_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    std::string text;
    for (const std::string& section :
         {honesty_text(run, width) + loads_text(run, verbosity, width),
          matrix_text(run, verbosity, width),
          misses_text(run, verbosity, width) + impact_text(run, verbosity, width),
          forecasts_text(run, verbosity, width), faults_text(run, verbosity, width),
          boot_text(run, verbosity, width), parity_text(run, verbosity, width)}) {
        text += (text.empty() || section.empty() ? "" : "\n") + section;
    }
    return text.empty() ? text : wrap("Figure 2: what an address costs", width) + text;
}

}  // namespace hm::host
