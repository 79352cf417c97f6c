#include "host/report/progress.hpp"

#include <fmt/format.h>

namespace hm::host {
namespace {

std::string count_text(const RunLog& log, std::size_t number) {
    return fmt::format("[{}/{}]", number, log.begin->plan.size());
}

/// The end of a line about a complete scenario; empty if all went as planned.
std::string ending_of(const ScenarioRecord& scenario) {
    if (!scenario.ok) {
        return ": not ok, " + scenario.detail;
    }
    return scenario.skipped ? ": skipped, " + scenario.detail : std::string();
}

}  // namespace

std::string progress_line(const RunLog& log) {
    if (!log.begin) {
        return "starting";
    }
    const std::string scenario = log.scenario_in_progress();
    if (log.end_ok || scenario.empty()) {
        return count_text(log, log.scenarios.size()) + " finishing";
    }
    std::string line = count_text(log, log.scenarios.size() + 1) + " " + scenario;
    if (log.progress && log.progress->of > 0) {
        line += fmt::format(" {:.0f} %", 100 * log.progress->done / log.progress->of);
    }
    return line;
}

void Progress::update(const RunLog& log) {
    if (console_.progress == ProgressMode::kTerminal) {
        const std::string line = progress_line(log);
        if (line != shown_) {
            replace_line(console_, line);
            shown_ = line;
        }
    } else if (console_.progress == ProgressMode::kLines && log.begin) {
        for (; scenarios_shown_ < log.scenarios.size(); ++scenarios_shown_) {
            const ScenarioRecord& scenario = log.scenarios[scenarios_shown_];
            console_.err << count_text(log, scenarios_shown_ + 1) << " " << scenario.name
                         << ending_of(scenario) << std::endl;
        }
    }
}

void Progress::clear() {
    if (!shown_.empty()) {
        replace_line(console_, "");
        shown_.clear();
    }
}

}  // namespace hm::host
