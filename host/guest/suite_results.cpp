#include "host/guest/suite_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/report/junit_format.hpp"
#include "host/report/tap_format.hpp"

namespace hm::host {
namespace {

/// The form of suite.json.
constexpr int kSuiteSchema = 1;

constexpr std::string_view kNativeNote =
    "What fails natively does not fail the run: there the GIC and the memory are the machine's "
    "own, not the monitor's.";

struct SideWords {
    std::string_view group;  ///< of its tests, for programs
    std::string_view words;
    std::optional<SuiteSide> SuiteRow::*side;
};
constexpr SideWords kNatively{"natively", "natively", &SuiteRow::natively};
constexpr SideWords kInMonitor{"monitor", "in the monitor", &SuiteRow::in_monitor};
constexpr std::array kSides{kNatively, kInMonitor};

/// The side that decides whether all is well.
const SideWords& judged_side(const SuiteResults& results) {
    return results.only_natively ? kNatively : kInMonitor;
}

bool counts_as_failure(const SuiteSide& side, const SideWords& which, bool only_natively) {
    if (which.side == kInMonitor.side) {
        return side.failed();
    }
    return only_natively && !side.has_ended;
}

template <class Predicate>
std::size_t count_of(const SuiteResults& results, const SideWords& which, Predicate predicate) {
    return static_cast<std::size_t>(
        std::count_if(results.rows.begin(), results.rows.end(), [&](const SuiteRow& row) {
            const auto& side = row.*(which.side);
            return side && predicate(*side);
        }));
}

std::size_t failures_of(const SuiteResults& results, const SideWords& which) {
    return count_of(results, which, [&](const SuiteSide& side) {
        return counts_as_failure(side, which, results.only_natively);
    });
}

double row_seconds(const SuiteRow& row) {
    double seconds = 0;
    for (const SideWords& which : kSides) {
        const auto& side = row.*(which.side);
        seconds += side ? side->seconds : 0;
    }
    return seconds;
}

std::string cell_of(const std::optional<SuiteSide>& side) { return side ? side_text(*side) : "-"; }

std::string table_text(const SuiteResults& results, std::size_t width) {
    Table table{{"test", "arguments", "CPUs", "natively", "in the monitor", "seconds"}, {}, 2};
    for (const SuiteRow& row : results.rows) {
        table.rows.push_back({std::string(row.test.name), std::string(row.test.arguments),
                              std::to_string(row.test.cpus), cell_of(row.natively),
                              cell_of(row.in_monitor),
                              row.skipped.empty() ? fmt::format("{:.1f}", row_seconds(row)) : "-"});
    }
    return render(without_empty_columns(table), width);
}

/// Why rows did not do what they should, a line for each.
std::string problems_text(const SuiteResults& results, std::size_t width) {
    std::string text;
    for (const SuiteRow& row : results.rows) {
        if (!row.skipped.empty()) {
            text += wrap(fmt::format("{}: skipped: {}", row.test.name, row.skipped), width, 2);
        }
        for (const SideWords& which : kSides) {
            const auto& side = row.*(which.side);
            if (side && !side->passed()) {
                text += wrap(fmt::format("{}, {}: {}", row.test.name, which.words, side->problem),
                             width, 2);
            }
        }
    }
    return text;
}

std::string plural(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string outcome_text(const SuiteResults& results) {
    const SideWords& which = judged_side(results);
    const std::size_t passed =
        count_of(results, which, [](const SuiteSide& side) { return side.passed(); });
    const std::size_t failed = failures_of(results, which);
    if (results.interrupted) {
        return "FAILED: it was ended here before all tests were run.";
    }
    if (failed > 0) {
        return fmt::format("FAILED: {} {} {}.", plural(failed, "test"),
                           results.only_natively ? "did not end" : "failed", which.words);
    }
    if (passed == 0) {
        return fmt::format("FAILED: no test passed {}.", which.words);
    }
    const auto skipped =
        std::count_if(results.rows.begin(), results.rows.end(), [&](const SuiteRow& row) {
            const auto& side = row.*(which.side);
            return !row.skipped.empty() || (side && side->was_skipped());
        });
    return fmt::format("ok: {} passed {}{}.", plural(passed, "test"), which.words,
                       skipped == 0 ? "" : fmt::format(", {} skipped", skipped));
}

TestOutcome outcome_of(const SuiteRow& row, const SideWords& which, bool only_natively) {
    TestOutcome outcome{.group = std::string(which.group),
                        .name = fmt::format("{} ({}, {}) {}", row.test.name, row.test.arguments,
                                            plural(row.test.cpus, "CPU"), which.words),
                        .ok = true,
                        .skipped = false,
                        .detail = row.skipped,
                        .seconds = {}};
    if (row.test.arguments.empty()) {
        outcome.name =
            fmt::format("{} ({}) {}", row.test.name, plural(row.test.cpus, "CPU"), which.words);
    }
    const auto& side = row.*(which.side);
    if (!side) {
        outcome.skipped = true;
        return outcome;
    }
    outcome.detail = side->problem;
    outcome.seconds = side->seconds;
    outcome.ok = !counts_as_failure(*side, which, only_natively);
    // These formats have no word for a failure that does not count.
    outcome.skipped = outcome.ok && !side->passed();
    return outcome;
}

std::vector<TestOutcome> outcomes_of(const SuiteResults& results) {
    std::vector<TestOutcome> outcomes;
    for (const SideWords& which : kSides) {
        for (const SuiteRow& row : results.rows) {
            if (row.*(which.side) || (!row.skipped.empty() &&
                                      !(results.only_natively && which.side == kInMonitor.side))) {
                outcomes.push_back(outcome_of(row, which, results.only_natively));
            }
        }
    }
    return outcomes;
}

Json side_json(const SuiteSide& side) {
    Json json{{"ok", side.passed()},
              {"ended", side.has_ended},
              {"passed", side.text.passes},
              {"failed", side.text.failed},
              {"expected_failures", side.text.expected_failures},
              {"skipped", side.text.skips},
              {"status", nullptr},
              {"problem", side.problem},
              {"seconds", side.seconds}};
    if (side.text.status) {
        json["status"] = *side.text.status;
    }
    return json;
}

}  // namespace

bool SuiteResults::ok() const {
    const SideWords& which = judged_side(*this);
    return !interrupted && failures_of(*this, which) == 0 &&
           count_of(*this, which, [](const SuiteSide& side) { return side.passed(); }) > 0;
}

std::string side_text(const SuiteSide& side) {
    const UnitTestText& text = side.text;
    const std::size_t judged = text.passes + text.failed.size();
    std::string words;
    if (judged > 0 || text.skips == 0) {
        words = fmt::format("{} of {}", text.passes, judged);
    }
    if (text.skips > 0) {
        words += fmt::format("{}{} skipped", words.empty() ? "" : ", ", text.skips);
    }
    if (!side.has_ended) {
        words += ", no end";
    } else if (side.failed() && text.failed.empty()) {
        words += ", failed";
    }
    return words;
}

std::string suite_row_text(const SuiteRow& row) {
    if (!row.skipped.empty()) {
        return fmt::format("{}: skipped: {}", row.test.name, row.skipped);
    }
    std::string text;
    for (const SideWords& which : kSides) {
        if (const auto& side = row.*(which.side)) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", which.words, side_text(*side));
        }
    }
    return fmt::format("{}: {} ({:.1f} s)", row.test.name, text, row_seconds(row));
}

std::string suite_text(const SuiteResults& results, std::size_t width) {
    std::string text = table_text(results, width);
    if (const std::string problems = problems_text(results, width); !problems.empty()) {
        text += "\n" + problems;
    }
    if (count_of(results, kNatively, [](const SuiteSide& side) { return side.failed(); }) > 0) {
        text += "\n" + wrap(kNativeNote, width);
    }
    return text + "\n" + wrap(outcome_text(results), width);
}

std::string suite_tap(const SuiteResults& results, std::size_t) {
    return tap_of(outcomes_of(results));
}

std::string suite_junit(const SuiteResults& results, std::size_t) {
    return junit_of({.started = results.started,
                     .properties = {{"version", results.version},
                                    {"board", results.board},
                                    {"machine", results.machine},
                                    {"suite", "kvm-unit-tests"}}},
                    outcomes_of(results));
}

std::string suite_json(const SuiteResults& results, std::size_t) {
    Json rows = Json::array();
    for (const SuiteRow& row : results.rows) {
        Json json{{"name", row.test.name},
                  {"file", row.test.file},
                  {"arguments", row.test.arguments},
                  {"cpus", row.test.cpus},
                  {"shift", row.test.shift}};
        if (!row.skipped.empty()) {
            json["skipped"] = row.skipped;
        }
        for (const SideWords& which : kSides) {
            if (const auto& side = row.*(which.side)) {
                json[std::string(which.group)] = side_json(*side);
            }
        }
        rows.push_back(std::move(json));
    }
    const Json json{{"schema", kSuiteSchema},           {"suite", "kvm-unit-tests"},
                    {"folder", results.folder},         {"version", results.version},
                    {"board", results.board},           {"machine", results.machine},
                    {"started", results.started},       {"ok", results.ok()},
                    {"outcome", outcome_text(results)}, {"tests", std::move(rows)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hm::host
