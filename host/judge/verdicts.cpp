#include "host/judge/verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "host/base/text.hpp"
#include "host/judge/agreements.hpp"
#include "host/judge/budgets.hpp"
#include "host/judge/memory_verdicts.hpp"
#include "host/log/row_check.hpp"
#include "host/log/vocabulary.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

/// With one tick per instruction, a native guest's vector reads the counter within this time.
constexpr double kVectorLimit = 3;

Verdict judge_completeness(const RunLog& log) {
    constexpr std::string_view kName = "log complete";
    if (log.faults.empty()) {
        return {std::string(kName), true,
                fmt::format("{} scenarios, {} results", log.scenarios.size(), log.rows.size())};
    }
    std::string detail = log.faults.front();
    if (log.faults.size() > 1) {
        detail += fmt::format(" (and {} more)", log.faults.size() - 1);
    }
    return {std::string(kName), false, detail};
}

/// A scenario's name without its last word, which says regime and delivery.
std::string stem(const std::string& name) { return name.substr(0, name.rfind(' ')); }

/// Both worlds got the same image and, scenario by scenario, the same parameter block. A guest that
/// runs by itself knows one world, and has its image to keep from one scenario to the next.
Verdict judge_image(const RunLog& log) {
    const bool alone = log.begin && log.begin->board == measure::kAlone;
    const std::string name =
        alone ? "guest image equal in each scenario" : "guest image equal natively and virtualized";
    std::set<std::uint32_t> images;
    std::map<std::string, std::set<std::uint32_t>> blocks;
    for (const ScenarioRecord& scenario : log.scenarios) {
        if (!scenario.ran()) {
            continue;
        }
        images.insert(scenario.guest_crc32);
        blocks[stem(scenario.name)].insert(scenario.parameters_crc32);
    }
    if (images.size() != 1) {
        return {name, false, fmt::format("{} different images ran", images.size())};
    }
    for (const auto& [scenario, crcs] : blocks) {
        if (crcs.size() != 1) {
            return {name, false,
                    fmt::format("\"{}\" ran with {} different parameter blocks", scenario,
                                crcs.size())};
        }
    }
    return {name, true,
            fmt::format("CRC-32 {:08x} before each of {} scenarios", *images.begin(),
                        std::ranges::count_if(log.scenarios, &ScenarioRecord::ran))};
}

/// One verdict over all native rows that `wanted` accepts: their greatest value is at most `limit`.
void judge_native(const std::vector<Row>& rows, const std::string& name, double limit,
                  const std::function<bool(const Row&)>& wanted, std::vector<Verdict>& verdicts) {
    const Row* worst = nullptr;
    for (const Row& row : rows) {
        if (row.native() && wanted(row) && (worst == nullptr || row.max > worst->max)) {
            worst = &row;
        }
    }
    if (worst != nullptr) {
        verdicts.push_back({name, worst->max <= limit,
                            fmt::format("at most {}, {} allowed ({})", number_text(worst->max),
                                        number_text(limit), label_of(*worst))});
    }
}

/// Where instructions are not the clock, a core may retire some more for an interrupt that had gone
/// when it was acknowledged, or while a posted write took effect: then medians are compared, with
/// this tolerance in instructions, or this part of them.
constexpr double kShareTolerance = 8;
constexpr double kSharePart = 0.001;

double median_of(const Row& row) { return row.p50.value_or(row.mean); }

Verdict compare_shares(const Row& native, const Row& guest, bool exact) {
    const std::string name =
        fmt::format("guest instructions equal: {}, {}", label_of(native), guest.setting());
    if (exact) {
        return {
            name, native.min == guest.min && native.mean == guest.mean && native.max == guest.max,
            fmt::format("{} to {} natively, {} to {} as a guest", number_text(native.min),
                        number_text(native.max), number_text(guest.min), number_text(guest.max))};
    }
    const double tolerance = std::max(kShareTolerance, kSharePart * median_of(native));
    return {name, std::abs(median_of(native) - median_of(guest)) <= tolerance,
            fmt::format("median {} natively, {} as a guest, {} allowed between them",
                        number_text(median_of(native)), number_text(median_of(guest)),
                        number_text(tolerance))};
}

/// The guest's own share must be the same in both worlds, for the same code ran: but where an
/// instruction traps, which retires in only one of them.
void judge_guest_share(const RunLog& log, std::vector<Verdict>& verdicts) {
    const std::vector<Row>& rows = log.rows;
    for (const Row& native : rows) {
        if (!native.native() || native.layer != kGuestLayer || native.workload == "exits") {
            continue;
        }
        for (const Row& other : rows) {
            if (other.native() || !same_subject(native, other)) {
                continue;
            }
            verdicts.push_back(compare_shares(native, other, log.counts_instructions()));
        }
    }
}

}  // namespace

std::vector<Verdict> judge(const RunLog& log, const GroupedRows& rows) {
    std::vector<Verdict> verdicts = log.verdicts;
    for (const ScenarioRecord& scenario : log.scenarios) {
        verdicts.push_back({"scenario " + scenario.name, scenario.ok,
                            (scenario.skipped ? "skipped: " : "") + scenario.detail});
    }
    verdicts.push_back(judge_completeness(log));
    if (log.end_ok) {
        verdicts.push_back({"target reports success", *log.end_ok,
                            *log.end_ok ? "its end record says ok" : "its end record says not ok"});
    }
    if (std::ranges::any_of(log.scenarios, &ScenarioRecord::ran)) {
        verdicts.push_back(judge_image(log));
    }
    if (!log.scenarios.empty() && std::ranges::all_of(log.scenarios, &ScenarioRecord::skipped)) {
        verdicts.push_back({"something was measured", false,
                            fmt::format("no: all {} scenarios were skipped, each with its reason",
                                        log.scenarios.size())});
    }
    judge_budgets(log, verdicts);
    judge_agreements(log, verdicts);
    judge_slices(log, verdicts);
    judge_native(log.rows, "no monitor instructions natively", 0, counts_monitor, verdicts);
    if (log.counts_instructions()) {
        judge_native(
            log.rows, "native vector reads the counter in time", kVectorLimit,
            [](const Row& row) {
                return row.workload == "timer" && row.layer == "deadline..guest-vector";
            },
            verdicts);
    }
    judge_guest_share(log, verdicts);
    judge_memory(log, rows, verdicts);
    return verdicts;
}

namespace {

/// The rows whose fields are right. Of two rows of the same measurement only the first: a results
/// file with both would be refused.
template <class Rows>
Rows usable(const Rows& all) {
    Rows kept;
    std::set<std::string> known;
    std::copy_if(all.begin(), all.end(), std::back_inserter(kept), [&known](const auto& row) {
        return wrong_field(row).empty() && known.insert(identity_of(row)).second;
    });
    return kept;
}

/// The parameters that `fits` takes.
Params usable(const Params& all, bool (*fits)(const Params::Entry&)) {
    Params kept;
    for (const Params::Entry& entry : all) {
        if (fits(entry)) {
            kept.set(entry.first, entry.second);
        }
    }
    return kept;
}

}  // namespace

/// Fields that cannot be right are left out: they are faults of the log, and the results must be
/// such that they can be read again.
Results results_of(const RunLog& log) {
    Results results;
    if (log.begin) {
        results.version = log.begin->version;
        results.compiler = log.begin->compiler;
        results.board = log.begin->board;
        results.machine = log.begin->machine;
        results.clock = names_clock(log.begin->clock) ? log.begin->clock : std::string();
        results.models_caches = log.begin->models_caches;
        results.models_tlb = log.begin->models_tlb;
        std::copy_if(log.begin->pmu_events.begin(), log.begin->pmu_events.end(),
                     std::back_inserter(results.pmu_events), is_word);
        if (const auto hz = log.begin->ticks_hz; hz && *hz >= 1 && *hz <= kMostHz) {
            results.ticks_hz = hz;
        }
        results.registers = usable(log.begin->registers, can_be_register);
        Params parameters = log.begin->parameters;
        parameters.set("memory_bytes", log.begin->memory_bytes);
        parameters.set("counter_hz", log.begin->counter_hz);
        results.parameters = usable(parameters, can_be_of_run);
    }
    for (const ScenarioRecord& scenario : log.scenarios) {
        if (scenario.skipped) {
            results.skipped.push_back({scenario.name, scenario.detail});
        } else if (scenario.ran()) {
            (scenario.native() ? results.native_crc32 : results.guest_crc32) = scenario.guest_crc32;
        }
    }
    // Each row that is not usable is a fault.
    results.rows = log.faults.empty() ? log.rows : usable(log.rows);
    results.worst = log.faults.empty() ? log.worst : usable(log.worst);
    results.tlb = log.faults.empty() ? log.tlb : usable(log.tlb);
    return results;
}

}  // namespace hm::host
