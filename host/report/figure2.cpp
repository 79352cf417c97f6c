// The sections of figure 2 in their order, and what its numbers are.

#include "host/base/text.hpp"
#include "host/report/memory_tables.hpp"

namespace hm::host {
namespace {

std::string honesty_text(const Results& results, const Runs& chases, std::size_t width) {
    if (chases.empty() || results.clock == "instructions") {
        return {};  // where the loads stand, that section says it
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

std::string figure2_text(const Results& results, Detail detail, std::size_t width) {
    const Runs chases = runs_of(results.rows, "chase");
    std::string text;
    for (const std::string& section :
         {honesty_text(results, chases, width) + loads_text(results, chases, detail, width),
          matrix_text(results, chases, detail, width), misses_text(results, chases, width),
          faults_text(results, detail, width), boot_text(results, detail, width),
          parity_text(results, width)}) {
        text += (text.empty() || section.empty() ? "" : "\n") + section;
    }
    return text.empty() ? text : wrap("Figure 2: what an address costs", width) + text;
}

}  // namespace hm::host
