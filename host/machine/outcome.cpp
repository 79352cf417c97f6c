#include "host/machine/outcome.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/judge/verdicts.hpp"
#include "host/report/tables.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// Scenarios with the number of wake-ups that were taken again: what may differ between two runs.
Json slips_json(const RunLog& log) {
    Json slips = Json::object();
    for (const Scenario& scenario : log.scenarios) {
        if (scenario.slips != 0) {
            slips[scenario.name] = scenario.slips;
        }
    }
    return slips;
}

Json host_json(const Outcome& outcome, const RunOptions& options, std::time_t started) {
    Json host{{"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(started))},
              {"seconds", outcome.seconds},
              {"slips", slips_json(outcome.log)}};
    if (outcome.log.instructions) {
        host["instructions"] = *outcome.log.instructions;
    }
    host.update(outcome.host);
    host.update(
        Json{{"time_limit_seconds", options.time_limit.count()}, {"out", options.out.string()}});
    return host;
}

/// What the target said last often names the cause.
void show_last_words(const RunLog& log, const Console& console) {
    for (const std::string& line : log.last_words) {
        console.err << "target: " << line << "\n";
    }
}

}  // namespace

Drafts::Drafts(const fs::path& out, std::string own_log_name)
    : folder(out),
      log_name(std::move(own_log_name)),
      uart(out / "uart.log.part"),
      complaints(out / (log_name + ".part")) {}

Drafts::~Drafts() {
    std::error_code ignored;
    fs::remove(uart, ignored);
    fs::remove(complaints, ignored);
}

bool Drafts::keep() const {
    std::error_code uart_error;
    std::error_code complaints_error;
    fs::rename(uart, folder / "uart.log", uart_error);
    for (const char* const name : {"qemu.log", "gem5.log"}) {
        std::error_code ignored;
        fs::remove(folder / name, ignored);
    }
    if (fs::exists(complaints)) {
        fs::rename(complaints, folder / log_name, complaints_error);
    }
    return !uart_error && !complaints_error;
}

Listener::Listener(const Drafts& drafts, const Console& console)
    : uart_(drafts.uart, std::ios::binary | std::ios::trunc),
      progress_(console.err, console.progress, console.width) {
    progress_.update(parser_.log());
}

void Listener::take(std::string_view bytes) {
    heard_anything_ = true;
    uart_ << bytes << std::flush;
    parser_.feed(bytes);
    progress_.update(parser_.log());
}

Outcome Listener::finish() {
    parser_.finish();
    progress_.clear();
    uart_.close();
    Outcome outcome;
    outcome.log = parser_.log();
    outcome.log_written = static_cast<bool>(uart_);
    outcome.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    return outcome;
}

Verdict judge_end(const ProcessEnd& end, const RunLog& log, const RunOptions& options) {
    const bool ok = end.ending == Ending::kExited && end.code == 0;
    std::string detail = describe(end);
    if (end.ending == Ending::kTimeLimit) {
        detail += fmt::format(" of {} s", options.time_limit.count());
    }
    if (!ok) {
        detail += ", " + log.position();
    }
    return {"machine ended by itself, with success", ok, detail};
}

int make_folder(const fs::path& out, const Console& console) {
    std::error_code error;
    fs::create_directories(out, error);
    if (!error) {
        return kAllOk;
    }
    console.err << fmt::format("hypmeter: cannot make the folder \"{}\": {}\n", out.string(),
                               error.message());
    return kBadUsage;
}

int refuse(const Console& console, const std::string& line) {
    console.err << "hypmeter: " << line << std::endl;
    return kFailed;
}

int conclude(const Outcome& outcome, const RunOptions& options, const Drafts& drafts,
             std::time_t started, const Console& console) {
    Results results = make_results(outcome.log);
    results.verdicts.insert(results.verdicts.end(), outcome.verdicts.begin(),
                            outcome.verdicts.end());
    results.host = host_json(outcome, options, started);
    console.out << results_text(results, Detail::kSummary, console.width);
    if (!results.host["slips"].empty()) {
        console.out << wrap(
            fmt::format("QEMU's clock slipped in {} scenarios: the wake-ups were taken again "
                        "(results.json, host.slips).",
                        results.host["slips"].size()),
            console.width);
    }
    console.out << std::flush;
    if (!outcome.log_written || !drafts.keep() ||
        !write_file(options.out / "results.json", json_text(results))) {
        return refuse(console,
                      fmt::format("cannot write the results to \"{}\"", options.out.string()));
    }
    if (!results.ok()) {
        if (!outcome.log.end_ok) {
            show_last_words(outcome.log, console);
        }
        return refuse(console, "the run failed: " + outcome.ending + ", " + outcome.log.position());
    }
    return kAllOk;
}

}  // namespace hm::host
