#include "host/machine/drive.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>
#include <system_error>

#include "host/base/file_writer.hpp"
#include "host/base/files.hpp"
#include "host/base/folder_lock.hpp"
#include "host/base/text.hpp"
#include "host/judge/golden.hpp"
#include "host/judge/verdicts.hpp"
#include "host/log/json.hpp"
#include "host/machine/fleet.hpp"
#include "host/machine/relay.hpp"
#include "host/report/outcomes.hpp"
#include "host/report/tables.hpp"
#include "host/rows/grouped_rows.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// Pairs of a name and a number: an object would be read slowly.
Json scenario_seconds(const Listener& listener) {
    constexpr double kMillisecond = 1e-3;
    Json pairs = Json::array();
    for (const auto& [name, seconds] : listener.scenario_seconds()) {
        pairs.push_back(Json::array({name, kMillisecond * std::round(seconds / kMillisecond)}));
    }
    return pairs;
}

std::string host_json(const RunLog& log, const MachineEnd& end, const RunOptions& options,
                      std::time_t started, const Listener& listener) {
    Json host{{"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(started))},
              {"seconds", listener.seconds()},
              {"scenario_seconds", scenario_seconds(listener)}};
    if (log.instructions) {
        host["instructions"] = *log.instructions;
    }
    if (log.new_machines > 0) {
        host["new_machines"] = log.new_machines;
    }
    host.update(parse_json(end.host).value_or(Json::object()));
    if (options.time_limit < kNoTimeLimit) {
        host["time_limit_seconds"] = options.time_limit.count();
    }
    host["out"] = options.out.string();
    return dump(host);
}

/// The run that is in the folder, if there is one.
std::optional<Results> earlier_run(const fs::path& folder) {
    const auto text = read_file(folder / kResultsName);
    return text ? read_results(*text).results : std::nullopt;
}

/// What scenarios took in the run that is in the folder, if there is one.
Estimate estimate_from(const fs::path& folder) {
    const auto earlier = earlier_run(folder);
    return earlier ? Estimate(scenario_seconds_of(*earlier)) : Estimate();
}

/// Prints what the user has not seen.
void print(const GroupedResults& run, const RunOptions& options, const Console& console,
           const std::set<std::size_t>& shown) {
    if (options.talk == Talk::kQuiet && run.results.ok()) {
        return;
    }
    const bool verbose = options.talk == Talk::kVerbose;
    console.out << results_text(run, verbose ? Verbosity::kFull : Verbosity::kSummary,
                                console.width, verbose ? std::set<std::size_t>() : shown)
                << std::flush;
}

/// The console as the user wants it for this run.
Console console_for(const RunOptions& options, const Console& console) {
    Console wanted = console;
    if (options.talk == Talk::kQuiet) {
        wanted.progress = ProgressMode::kQuiet;
        wanted.live = false;
    }
    return wanted;
}

/// Whether the run was asked for all scenarios of its suite.
bool is_whole(const RunOptions& options) {
    return options.only.empty() && options.filter.empty() &&
           options.get(measure::Key::kFrom) == 0 &&
           std::none_of(options.settings.begin(), options.settings.end(), [](const auto& setting) {
               return measure::kKeys[static_cast<std::size_t>(setting.first)].kind ==
                      measure::Kind::kWord;
           });
}

/// The run beside the golden values of its board, if it has any: a verdict, or a note on why not.
void compare_with_golden(Results& results, const RunOptions& options) {
    const auto golden = options.golden.empty() ? std::nullopt : read_file(options.golden);
    if (!golden) {
        return;
    }
    const GoldenCheck check = judge_golden(results, *golden, is_whole(options));
    if (check.verdict) {
        results.verdicts.push_back(*check.verdict);
    } else {
        Json host = parse_json(results.host).value_or(Json::object());
        host["golden"] = check.note;
        results.host = dump(host);
    }
}

/// The first scenario that was lost with its machine, and how the last machine ended if that left
/// the log incomplete.
std::string what_failed(const RunLog& log, const MachineEnd& end) {
    std::string ending = end.ending + ", " + log.position();
    const auto lost = std::find_if(log.scenarios.begin(), log.scenarios.end(),
                                   [](const ScenarioRecord& scenario) { return scenario.lost; });
    if (lost == log.scenarios.end()) {
        return ending;
    }
    const std::string loss = fmt::format("scenario \"{}\": {}", lost->name, lost->detail);
    return log.faults.empty() ? loss : loss + "; " + ending;
}

/// Whether the folder holds a run that went well.
bool holds_good_results(const fs::path& folder) {
    const auto earlier = earlier_run(folder);
    return earlier && earlier->ok();
}

/// The files of a run that was interrupted stay apart from those of a run that went well.
void leave_apart(Drafts& drafts, const Console& console) {
    drafts.leave();
    console.err << fmt::format(
        "hypmeter: the results of the earlier run in \"{}\" are as they were; `hypmeter report` "
        "with \"{}\" prints this one\n",
        drafts.folder.string(), drafts.results.string());
}

/// Writes the files of the run; errno of what kept it from that, or 0.
int write_files(const Results& results, const MachineEnd& end, Drafts& drafts, int log_error,
                const Console& console) {
    FileWriter file(drafts.results);
    file.write(json_text(results));
    file.close();
    const int error = log_error != 0 ? log_error : file.error();
    if (error != 0) {
        // What there is of them may be all that there will be. Half a results file helps nobody.
        drafts.leave();
        std::error_code ignored;
        if (file.error() != 0) {
            fs::remove(drafts.results, ignored);
        }
        return error;
    }
    if (end.interrupted && holds_good_results(drafts.folder)) {
        leave_apart(drafts, console);
        return 0;
    }
    return drafts.keep() ? 0 : errno;
}

/// Judges a run that took place, prints it and writes it; the exit status.
int conclude(const RunLog& log, const MachineEnd& end, const RunOptions& options, Drafts& drafts,
             const Console& console, std::string host, int log_error,
             const std::set<std::size_t>& shown) {
    Results results = results_of(log);
    const GroupedRows rows(results.rows);
    results.verdicts = judge(log, rows);
    results.verdicts.insert(results.verdicts.end(), end.verdicts.begin(), end.verdicts.end());
    results.host = std::move(host);
    compare_with_golden(results, options);
    print({results, rows}, options, console, shown);
    if (const int error = write_files(results, end, drafts, log_error, console); error != 0) {
        return refuse(console, kFailed,
                      fmt::format("cannot write the results to \"{}\": {}; what could be written "
                                  "has names that end with {}",
                                  options.out.string(), std::strerror(error), kDraftSuffix));
    }
    if (results.ok()) {
        return kAllOk;
    }
    if (!log.end_ok) {
        // What the target said last often names the cause.
        for (const std::string& line : log.last_words) {
            console.err << "target: " << line << "\n";
        }
    }
    return refuse(console, kFailed, "the run failed: " + what_failed(log, end));
}

/// The whole of a run, by a Relay or a Fleet.
template <class Machines>
int drive_with(const RunOptions& options, const Console& console) {
    const MachineKind& kind = *options.machine.kind;
    FolderLock lock;
    const auto in_use = [&] {
        return refuse(console, kBadUsage,
                      fmt::format("another run writes to \"{}\": wait for its end, or name another "
                                  "folder with --out",
                                  options.out.string()));
    };
    if (!lock.take(options.out)) {
        return in_use();
    }
    Machines machines(options, console);
    if (const std::string missing = machines.prepare(); !missing.empty()) {
        return refuse(console, kFailed, missing);
    }
    if (const std::string why = make_folder(options.out); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    if (!lock.take(options.out)) {
        return in_use();
    }
    const std::time_t started = std::time(nullptr);
    Drafts drafts(options.out, kind.own_log);
    Listener listener(drafts, console,
                      kind.goes_on ? AfterMisbehaviour::kReadNoMore : AfterMisbehaviour::kReadOn,
                      estimate_from(options.out));
    if (const std::string why = machines.start(drafts, listener); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    if (const std::string warning = machines.warning(); !warning.empty()) {
        console.err << "hypmeter: " << warning << std::endl;
    }
    if (options.talk == Talk::kVerbose) {
        console.err << "hypmeter: " << machines.command() << std::endl;
    }
    listener.show();
    MachineEnd end = machines.run(drafts, listener);
    const RunLog& log = listener.finish();
    if (!end.refusal.empty()) {
        return refuse(console, kFailed, end.refusal);
    }
    const int log_error = listener.write_error() != 0 ? listener.write_error() : end.log_error;
    const int status =
        conclude(log, end, options, drafts, console,
                 host_json(log, end, options, started, listener), log_error, listener.shown());
    if (!end.advice.empty()) {
        console.err << "hypmeter: " << end.advice << "\n";
    }
    return status;
}

}  // namespace

int drive(const RunOptions& options, const Console& given) {
    const Console console = console_for(options, given);
    return options.machines > 1 ? drive_with<Fleet>(options, console)
                                : drive_with<Relay>(options, console);
}

}  // namespace hm::host
