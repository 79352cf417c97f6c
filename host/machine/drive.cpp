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
    return options.only.empty() &&
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
    return refuse(console, kFailed, "the run failed: " + end.ending + ", " + log.position());
}

}  // namespace

int drive(const RunOptions& options, const Console& console) {
    const MachineKind& kind = *options.machine.kind;
    const std::unique_ptr<Machine> machine = kind.make(options, console);
    if (const std::string missing = machine->prepare(); !missing.empty()) {
        return refuse(console, kFailed, missing);
    }
    if (const std::string why = make_folder(options.out); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    const std::time_t started = std::time(nullptr);
    const Drafts drafts(options.out, kind.own_log);
    Listener listener(drafts, console);
    if (const std::string why = machine->start(drafts, listener); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    listener.show();
    while (machine->read(listener)) {
    }
    MachineEnd end = machine->end(listener);
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
