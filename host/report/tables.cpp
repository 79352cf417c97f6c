#include "host/report/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/judge/budgets.hpp"
#include "host/report/memory_tables.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

/// "timer wfi idle injected": the exits of an interrupt depend on its delivery.
std::string exit_label(const Row& row) {
    if (row.workload == "pagefault" && !row.param("faults").empty()) {
        return fmt::format("pagefault {}{}", row.param("faults"),
                           row.regime == "stage2" ? ", stage 1 off" : "");
    }
    if (row.workload != "timer") {
        return label_of(row);
    }
    return fmt::format("timer {} {} {}{}", row.param("wait"), row.param("load"),
                       delivery_text(row.delivery, row.param("slice_us")),
                       row.param("stamps") == "1" ? ", stamped" : "");
}

/// Whether these are exits of the loop's events; elsewhere HYP's part is no event's own.
bool counts_exits(const Row& row) {
    return counts_monitor(row) && !row.native() && row.workload != "chase" &&
           row.workload != "boot" && row.workload != "parity";
}

/// Page faults in all orders and batches are one kind of exit, for which the worst row stands.
bool stands_for_its_kind(const Row& row, const std::vector<Row>& rows) {
    const auto same_kind = [&row](const Row& other) {
        return other.workload == "pagefault" && other.layer == row.layer &&
               other.setting() == row.setting() && other.param("faults") == row.param("faults");
    };
    return row.workload != "pagefault" ||
           std::none_of(rows.begin(), rows.end(), [&](const Row& other) {
               // Of several that are alike, the first.
               return same_kind(other) &&
                      (other.max > row.max || (other.max == row.max && &other < &row));
           });
}

std::string yes_no(bool value) { return value ? "yes" : "no"; }

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The words of `name` which say what it is: not the numbers of how often and how far apart, and
/// not the way of a chase through its memory.
std::string short_scenario(const std::string& name) {
    std::string text;
    const bool chase = name.starts_with("chase ");
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t end = std::min(name.find(' ', at), name.size());
        const std::string word = name.substr(at, end - at);
        const std::string value = word.substr(word.find('=') + 1);
        const bool number = value != word && is_number(value) && !word.starts_with("slice_us=");
        const bool way = chase && (word.starts_with("order=") || word.starts_with("tlb="));
        if (!number && !way) {
            text += (text.empty() ? "" : " ") + value;
        }
        at = end + 1;
    }
    return text;
}

/// The scenarios by what they are; those that differ only in numbers are named once.
std::string short_list(const std::vector<std::string>& scenarios) {
    std::vector<std::string> names;
    for (const std::string& scenario : scenarios) {
        const std::string name = short_scenario(scenario);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string exits_text(const Results& results, std::size_t width) {
    Table table{{"exit", "min", "mean", "max", "budget"}, {}};
    for (const Row& row : results.rows) {
        if (!counts_exits(row) || !stands_for_its_kind(row, results.rows)) {
            continue;
        }
        const Budget* budget = budget_of(row);
        if (budget == nullptr && row.max == 0) {
            continue;  // no exit at all
        }
        // "-with-new-table" and the like say which events of the workload these are.
        std::string which = row.layer.substr(kMonitorLayer.size());
        std::replace(which.begin(), which.end(), '-', ' ');
        table.rows.push_back({exit_label(row) + which, number_text(row.min), number_text(row.mean),
                              number_text(row.max),
                              budget != nullptr ? number_text(budget->limit) : std::string("-")});
    }
    return table.rows.empty()
               ? std::string()
               : wrap("Exits: instructions that the monitor adds to one event", width) +
                     render(table, width);
}

std::string verdicts_text(const Results& results, std::size_t width) {
    std::string text;
    for (const Verdict& verdict : results.verdicts) {
        if (!verdict.ok) {
            text += wrap(fmt::format("FAILED {}: {}", verdict.name, verdict.detail), width, 4);
        }
    }
    const auto passed = std::count_if(results.verdicts.begin(), results.verdicts.end(),
                                      [](const Verdict& verdict) { return verdict.ok; });
    const auto all = static_cast<std::ptrdiff_t>(results.verdicts.size());
    return text + wrap(fmt::format("{}: {} verdicts passed, {} failed",
                                   results.ok() ? "ok" : "NOT OK", passed, all - passed),
                       width);
}

std::string clock_text(const Results& results, std::size_t width) {
    if (results.clock.empty()) {
        return {};
    }
    if (results.clock == "instructions") {
        return wrap(
            "Clock: one instruction = one cycle = one tick; this machine models neither caches nor "
            "TLBs, so these are counts, not times; comparing them with the paper's times would "
            "mean nothing.",
            width);
    }
    if (results.clock == "emulator") {
        return wrap(
            "Clock: the emulator's own, which follows the time of the computer that it runs on. "
            "These are the emulator's times and no machine's; they differ from run to run, and "
            "nothing here is compared with the paper.",
            width);
    }
    std::string text =
        fmt::format("Clock: {}; this machine models caches: {}, TLBs: {}.", results.clock,
                    yes_no(results.models_caches), yes_no(results.models_tlb));
    if (results.ticks_hz && results.parameters.contains("counter_hz")) {
        constexpr double kMillion = 1e6;
        text += fmt::format(" The core runs at {:.1f} MHz, by its {:.1f} MHz counter.",
                            static_cast<double>(*results.ticks_hz) / kMillion,
                            results.parameters["counter_hz"].get<double>() / kMillion);
    }
    return wrap(text, width);
}

/// "The core's registers: MIDR 0x412fc0f1, ..", where they are told.
std::string registers_text(const Results& results, std::size_t width) {
    std::string text;
    for (const auto& [name, value] : results.registers.items()) {
        if (value.is_number_unsigned()) {
            text += fmt::format("{}{} 0x{:08x}", text.empty() ? "" : ", ", name,
                                value.get<std::uint32_t>());
        }
    }
    return text.empty() ? text : wrap(fmt::format("The core's registers: {}.", text), width);
}

std::string skipped_text(const Results& results, std::size_t width) {
    std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
    for (const Skip& skip : results.skipped) {
        auto known = std::find_if(reasons.begin(), reasons.end(),
                                  [&skip](const auto& r) { return r.first == skip.reason; });
        if (known == reasons.end()) {
            known = reasons.insert(reasons.end(), {skip.reason, {}});
        }
        known->second.push_back(skip.scenario);
    }
    std::string text;
    for (const auto& [reason, scenarios] : reasons) {
        text += wrap(
            fmt::format("{}: {} scenarios: {}", reason, scenarios.size(), short_list(scenarios)),
            width, 2);
    }
    return text.empty() ? text : wrap("Not run", width) + text;
}

namespace {

/// Figures of gem5 depend on the sizes of its TLBs and caches: they go with its configuration.
std::string gem5_text(const Results& results, std::size_t width) {
    const auto gem5 = results.host.find("gem5");
    return gem5 == results.host.end() ? std::string()
                                      : wrap("Quote with every figure: " +
                                                 gem5->value("configuration", std::string("gem5")),
                                             width);
}

}  // namespace

std::string results_text(const Results& results, Detail detail, std::size_t width) {
    std::string text;
    if (!results.version.empty()) {
        text = wrap(fmt::format("hypmeter {} on board {}: {}", results.version, results.board,
                                results.machine),
                    width);
    }
    for (const auto& section :
         {figure2_text(results, detail, width), figure7_text(results, detail, width),
          sharing_text(results, detail, width), worst_text(results, detail, width),
          exits_text(results, width), anchors_text(results, width), skipped_text(results, width)}) {
        text += (section.empty() || text.empty() ? "" : "\n") + section;
    }
    const bool more = detail == Detail::kSummary && !results.rows.empty();
    return text + (text.empty() ? "" : "\n") + verdicts_text(results, width) +
           clock_text(results, width) + registers_text(results, width) + gem5_text(results, width) +
           (more ? wrap("`hypmeter report DIR` prints the layers of every row.", width) : "");
}

}  // namespace hm::host
