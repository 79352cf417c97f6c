#include "host/report/progress.hpp"

#include <fmt/format.h>

namespace hm::host {
namespace {

std::string count_text(const RunLog& log, std::size_t number,
                       std::optional<double> seconds_left = std::nullopt) {
    return fmt::format("[{}/{}{}]", number, log.begin->plan.size(),
                       seconds_left ? ", " + rough_duration(*seconds_left) + " left" : "");
}

/// The end of a line about a complete scenario; empty if all went as planned.
std::string ending_of(const ScenarioRecord& scenario) {
    if (!scenario.ok) {
        return ": not ok, " + scenario.detail;
    }
    return scenario.skipped ? ": skipped, " + scenario.detail : std::string();
}

}  // namespace

std::string progress_line(const RunLog& log, std::optional<double> seconds_left,
                          std::size_t ahead) {
    if (!log.begin) {
        return "starting";
    }
    const std::string scenario = log.scenario_in_progress();
    if (log.end_ok || scenario.empty()) {
        return count_text(log, log.scenarios.size()) + " finishing";
    }
    std::string line =
        count_text(log, log.scenarios.size() + ahead + 1, seconds_left) + " " + scenario;
    if (log.progress && log.progress->of > 0) {
        line += fmt::format(" {:.0f} %", 100 * log.progress->done / log.progress->of);
    }
    return line;
}

void Progress::update(const RunLog& log, double elapsed, const std::vector<std::string>& ahead) {
    if (console_.progress == ProgressMode::kTerminal) {
        // Nobody reads faster.
        constexpr double kPeriod = 0.1;
        if (shown_at_ >= 0 && elapsed - shown_at_ < kPeriod) {
            return;
        }
        shown_at_ = elapsed;
        const std::string line =
            progress_line(log, estimate_.seconds_left(log, elapsed, ahead), ahead.size());
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
    shown_at_ = -1;
}

}  // namespace hm::host
