#include "host/report/tables.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "host/base/text.hpp"
#include "host/report/anchors.hpp"
#include "host/report/answer.hpp"
#include "host/report/exits_table.hpp"
#include "host/report/figure2.hpp"
#include "host/report/hypervisor_text.hpp"
#include "host/report/masked_table.hpp"
#include "host/report/notes.hpp"
#include "host/report/other_workloads.hpp"
#include "host/report/set_usage_table.hpp"
#include "host/report/sharing_tables.hpp"
#include "host/report/timer_tables.hpp"
#include "host/report/tlb_table.hpp"
#include "host/report/worst_table.hpp"

namespace hm::host {
namespace {

constexpr std::array<std::string_view, 4> kMemory{"pagefault", "chase", "boot", "parity"};
constexpr std::array<std::string_view, 1> kTimer{"timer"};
constexpr std::array<std::string_view, 3> kCalls{"hypercall", "demand", "turn"};
constexpr std::array<std::string_view, 1> kMasked{"masked"};

std::string others_text(const GroupedResults& run, Verbosity verbosity, std::size_t width);

/// Every row of the guest alone, where all are wanted.
std::string every_row_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    return verbosity == Verbosity::kFull
               ? other_workloads_text(run, {}, "Every row", verbosity, width)
               : std::string();
}

/// The table of tables, in the order in which they are printed. A workload that wants a table of
/// its own brings one file and one row; the rows of any other are printed by `others_text`.
constexpr std::array kSections{Section{figure2_text, kMemory, true},
                               Section{set_usage_text, {}},
                               Section{figure7_text, kTimer, true},
                               Section{sharing_text, kTimer, true},
                               Section{worst_text, {}},
                               Section{exits_text, kCalls},
                               Section{masked_text, kMasked, true},
                               Section{tlb_text, {}},
                               Section{others_text, {}},
                               Section{anchors_text, {}},
                               Section{skipped_text, {}},
                               Section{under_text, {}, false, true},
                               Section{every_row_text, {}, false, true},
                               Section{skipped_text, {}, false, true}};

std::string others_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    std::vector<std::string_view> known;
    for (const Section& section : kSections) {
        known.insert(known.end(), section.workloads.begin(), section.workloads.end());
    }
    return other_workloads_text(run, known, "Other workloads", verbosity, width);
}

}  // namespace

std::span<const Section> sections() { return kSections; }

std::string results_text(const GroupedResults& run, Verbosity verbosity, std::size_t width,
                         const std::set<std::size_t>& without) {
    const Results& results = run.results;
    std::string text = answer_text(answer_of(run), width);
    const std::string words = results.alone() ? std::string() : words_text(results, width);
    text += (words.empty() ? "" : "\n") + words;
    for (std::size_t i = 0; i < kSections.size(); ++i) {
        const std::string part = without.contains(i) || kSections[i].alone != results.alone()
                                     ? std::string()
                                     : kSections[i].text(run, verbosity, width);
        text += (part.empty() || text.empty() ? "" : "\n") + part;
    }
    const bool more = verbosity == Verbosity::kSummary && !results.rows.empty();
    return text + (text.empty() ? "" : "\n") + verdicts_text(results, width) +
           clock_text(results, width) + stamps_text(results, width) +
           registers_text(results, width) + gem5_text(results, width) +
           golden_note_text(results, width) +
           (more ? wrap("`hypmeter report DIR` prints the layers of every row.", width) : "");
}

}  // namespace hm::host
