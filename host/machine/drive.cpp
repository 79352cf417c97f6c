#include "host/machine/drive.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <system_error>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/judge/golden.hpp"
#include "host/judge/verdicts.hpp"
#include "host/log/json.hpp"
#include "host/report/tables.hpp"
#include "host/rows/grouped_rows.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

std::string host_json(const RunLog& log, const MachineEnd& end, const RunOptions& options,
                      std::time_t started, double seconds) {
    Json host{{"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(started))},
              {"seconds", seconds}};
    if (log.instructions) {
        host["instructions"] = *log.instructions;
    }
    if (log.new_machines > 0) {
        host["new_machines"] = log.new_machines;
    }
    host.update(Json::parse(end.host));
    host.update(
        Json{{"time_limit_seconds", options.time_limit.count()}, {"out", options.out.string()}});
    return dump(host);
}

/// Makes the folder of the results; what went wrong, in one line, or nothing.
std::string make_folder(const fs::path& out) {
    std::error_code error;
    fs::create_directories(out, error);
    return error ? fmt::format("cannot make the folder \"{}\": {}", out.string(), error.message())
                 : std::string();
}

void print(const GroupedResults& run, const Console& console) {
    console.out << results_text(run, Verbosity::kSummary, console.width);
    console.out << std::flush;
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
        Json host = Json::parse(results.host);
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

/// Judges a run that took place, prints it and writes it; the exit status.
int conclude(const RunLog& log, const MachineEnd& end, const RunOptions& options,
             const Drafts& drafts, const Console& console, std::string host) {
    Results results = results_of(log);
    const GroupedRows rows(results.rows);
    results.verdicts = judge(log, rows);
    results.verdicts.insert(results.verdicts.end(), end.verdicts.begin(), end.verdicts.end());
    results.host = std::move(host);
    compare_with_golden(results, options);
    print({results, rows}, console);
    if (!end.log_written || !drafts.keep() ||
        !write_file(options.out / "results.json", json_text(results))) {
        return refuse(console, kFailed,
                      fmt::format("cannot write the results to \"{}\"", options.out.string()));
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

/// The machines of one run: the first, and where one is given up, another that goes on with what is
/// left of the plan. Each brings the run at least one scenario further, so it ends.
class Relay {
  public:
    Relay(const RunOptions& options, const Console& console)
        : options_(options), console_(console), rest_(options) {}

    /// What the next machine lacks, in one line; empty if nothing.
    [[nodiscard]] std::string prepare() {
        machine_ = options_.machine.kind->make(rest_, console_);
        return machine_->prepare();
    }
    /// Why it cannot be started, in one line; empty if it runs.
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) {
        return machine_->start(drafts, listener);
    }

    /// From the start of the first to the end of the last, which is described.
    [[nodiscard]] MachineEnd run(const Drafts& drafts, Listener& listener) {
        MachineEnd end = follow(listener);
        while (hand_over(end, listener)) {
            std::string why = prepare();
            if (why.empty()) {
                why = start(drafts, listener);
            }
            if (!why.empty()) {
                end.ending = why;
                break;
            }
            end = follow(listener);
            if (!end.refusal.empty()) {
                end.ending = end.refusal;
                end.refusal.clear();
            }
        }
        return end;
    }

  private:
    /// The machine that was started, to its end.
    [[nodiscard]] MachineEnd follow(Listener& listener) {
        while (machine_->read(listener) && !listener.so_far().spoilt) {
        }
        return machine_->end(listener);
    }

    /// Whether another machine is to go on after this one; prepares it.
    [[nodiscard]] bool hand_over(const MachineEnd& end, Listener& listener) {
        const RunLog& log = listener.so_far();
        if (!options_.machine.kind->goes_on) {
            return false;
        }
        if (!log.spoilt) {
            // One that does not even begin would not do so the next time.
            if (end.lost.empty() || !listener.has_begun()) {
                return false;
            }
            listener.lose_scenario(end.lost);
        }
        const auto next = log.next_in_plan();
        if (!next) {
            return false;
        }
        rest_.set(measure::Key::kFrom,
                  options_.get(measure::Key::kFrom) + static_cast<std::uint32_t>(*next));
        listener.expect_new_machine();
        return true;
    }

    const RunOptions& options_;
    const Console& console_;
    RunOptions rest_;  ///< what the machine is asked for that runs now
    std::unique_ptr<Machine> machine_;
};

}  // namespace

int drive(const RunOptions& options, const Console& console) {
    const MachineKind& kind = *options.machine.kind;
    Relay relay(options, console);
    if (const std::string missing = relay.prepare(); !missing.empty()) {
        return refuse(console, kFailed, missing);
    }
    if (const std::string why = make_folder(options.out); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    const std::time_t started = std::time(nullptr);
    const Drafts drafts(options.out, kind.own_log);
    Listener listener(drafts, console,
                      kind.goes_on ? AfterMisbehaviour::kReadNoMore : AfterMisbehaviour::kReadOn);
    if (const std::string why = relay.start(drafts, listener); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    listener.show();
    MachineEnd end = relay.run(drafts, listener);
    const RunLog& log = listener.finish();
    if (!end.refusal.empty()) {
        return refuse(console, kFailed, end.refusal);
    }
    end.log_written = end.log_written && listener.written();
    const int status = conclude(log, end, options, drafts, console,
                                host_json(log, end, options, started, listener.seconds()));
    if (!end.advice.empty()) {
        console.err << "hypmeter: " << end.advice << "\n";
    }
    return status;
}

}  // namespace hm::host
