#include "host/cli/compare_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <regex>
#include <system_error>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/cli/run_files.hpp"
#include "host/machine/drafts.hpp"
#include "host/report/comparison_text.hpp"
#include "host/report/count_and_time_text.hpp"
#include "host/report/hypervisor_text.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// Rows that are named where a rule is broken; how many more there are is said.
constexpr std::size_t kMostBreaches = 10;

/// What is printed, or in one line why that cannot be.
struct Shown {
    std::string text;
    std::string error;
};

/// Hypervisors in a table of their own, where the guest alone measured all of them.
Shown shown_of(const std::vector<Side>& sides, const Comparison& comparison,
               const std::function<bool(const std::string&)>& takes, const CompareOptions& options,
               std::size_t width) {
    const auto compared = [&] { return comparison_text(sides, comparison, options.all, width); };
    const bool alone = all_alone(sides);
    const std::string apart = alone ? why_apart(sides) : std::string();
    if (alone && apart.empty()) {
        const std::string table = options.format->text(sides, comparison, width);
        // What differs from row to row is the table itself, unless two are of the same hypervisor.
        const bool more =
            options.format->text == hypervisors_text && (options.all || any_repeated(sides));
        return {more ? table + "\n" + compared() : table, ""};
    }
    const bool for_people = options.format->text == hypervisors_text;
    const std::vector<CountAndTime> pairs = counts_and_times(sides, takes);
    if (!alone && !pairs.empty()) {
        const auto formats = count_and_time_formats();
        const auto own =
            std::ranges::find(formats, options.format->name, &CountAndTimeFormat::name);
        return {(for_people ? compared() + "\n" : std::string()) +
                    own->text(sides, pairs, options.all, width),
                ""};
    }
    if (!for_people) {
        return {"", alone ? apart
                          : fmt::format("--format {} is only for runs of the guest alone, as "
                                        "`run --under` makes them, or where one run counts "
                                        "instructions and another cycles",
                                        options.format->name)};
    }
    return {(alone ? wrap(apart, width) + "\n" : std::string()) + compared(), ""};
}

/// Applies one rule to one side; the exit status.
int apply(const Rule& rule, const Comparison& comparison, std::size_t side,
          const Console& console) {
    const RuleCheck check = check_rule(rule, comparison, side);
    if (check.rows == 0) {
        return refuse(
            console, kBadUsage,
            fmt::format("rule \"{}\" applies to no row of {}", rule.text, letter_of(side)));
    }
    if (check.breaches.empty()) {
        return kAllOk;
    }
    for (std::size_t i = 0; i < std::min(kMostBreaches, check.breaches.size()); ++i) {
        console.err << fmt::format("{}: {}: {}\n", letter_of(side), check.breaches[i].row,
                                   check.breaches[i].what);
    }
    return refuse(console, kFailed,
                  fmt::format("rule \"{}\" is broken by {} of {} rows of {}", rule.text,
                              check.breaches.size(), check.rows, letter_of(side)));
}

/// Applies all rules to all sides; the worst exit status.
int apply_all(const std::vector<Rule>& rules, const std::vector<Side>& sides,
              const Comparison& comparison, const Console& console) {
    int status = kAllOk;
    for (std::size_t side = 0; side < sides.size() && !rules.empty(); ++side) {
        const bool ok = std::all_of(sides[side].runs.begin(), sides[side].runs.end(),
                                    [](const Results& run) { return run.ok(); });
        if (!ok) {
            status = std::max(
                status, refuse(console, kFailed,
                               fmt::format("{} failed: no rule makes it good", letter_of(side))));
        }
        if (comparison.methods[side] == Method::kNone) {
            return refuse(console, kBadUsage,
                          fmt::format("no rule can be applied: {} differs from A in {}",
                                      letter_of(side), comparison.conditions[side]));
        }
        for (const Rule& rule : side == 0 ? std::vector<Rule>() : rules) {
            status = std::max(status, apply(rule, comparison, side, console));
        }
    }
    return status;
}

}  // namespace

int compare_command(const CompareOptions& options, const Console& console) {
    std::vector<Side> sides;
    for (const fs::path& run : options.runs) {
        ReadSide read = read_side(run);
        if (!read.side) {
            return refuse(console, kBadUsage, read.error);
        }
        sides.push_back(*std::move(read.side));
    }
    const std::regex filter(options.filter);
    const auto takes = [&](const std::string& name) {
        return options.filter.empty() || std::regex_search(name, filter);
    };
    const Comparison comparison = compare(sides, takes);
    if (comparison.rows.empty()) {
        return refuse(console, kBadUsage,
                      options.filter.empty() ? "these runs have no rows"
                                             : "--filter finds no row of these runs");
    }
    const Shown shown = shown_of(sides, comparison, takes, options, console.width);
    if (!shown.error.empty()) {
        return refuse(console, kBadUsage, shown.error);
    }
    if (options.format->text != hypervisors_text) {
        for (std::size_t side = 0; side < sides.size(); ++side) {
            if (!std::ranges::all_of(sides[side].runs, &Results::ok)) {
                console.err << fmt::format(
                    "hypmeter: {} failed, its rows may be wrong or missing\n", letter_of(side));
            }
        }
    }
    console.out << shown.text << std::flush;
    return apply_all(options.rules, sides, comparison, console);
}

int baseline_command(const BaselineOptions& options, const Console& console) {
    if (!options.save) {
        CompareOptions check = options.compare;
        if (check.rules.empty()) {
            check.rules.push_back(*parse_rule("any>0"));
        }
        if (results_files(options.place).empty()) {
            return refuse(console, kBadUsage,
                          fmt::format("no baseline \"{}\": `hypmeter baseline save` makes one",
                                      printable(options.place.string())));
        }
        return compare_command(check, console);
    }
    const fs::path& run = options.compare.runs.back();
    const ReadSide read = read_side(run);
    if (!read.side) {
        return refuse(console, kBadUsage, read.error);
    }
    if (!std::all_of(read.side->runs.begin(), read.side->runs.end(),
                     [](const Results& one) { return one.ok(); })) {
        return refuse(console, kFailed, "this run failed, and is no baseline");
    }
    // Written apart and moved at the end, so that a baseline is never half of one.
    fs::path draft = options.place;
    draft += kDraftSuffix;
    std::error_code error;
    fs::remove_all(draft, error);
    const std::vector<fs::path> files = results_files(run);
    for (std::size_t i = 0; i < files.size() && !error; ++i) {
        const fs::path folder =
            files.size() == 1 ? draft : repeat_folder(draft, static_cast<unsigned>(i + 1));
        fs::create_directories(folder, error);
        if (!error) {
            fs::copy_file(files[i], folder / kResultsName, error);
        }
    }
    if (!error) {
        fs::remove_all(options.place, error);
    }
    if (!error) {
        fs::rename(draft, options.place, error);
    }
    if (error) {
        return refuse(console, kFailed,
                      fmt::format("cannot write \"{}\": {}", printable(options.place.string()),
                                  error.message()));
    }
    console.out << fmt::format("saved {} as {}\n", read.side->name,
                               printable(options.place.string()))
                << std::flush;
    return kAllOk;
}

}  // namespace hm::host
