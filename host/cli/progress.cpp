#include "host/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hm::host {
namespace {

std::string count_text(const RunLog& log, std::size_t number) {
    return fmt::format("[{}/{}]", number, log.begin->plan.size());
}

/// What a line about a scenario that is complete ends with; nothing where all went as planned.
std::string outcome(const Scenario& scenario) {
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
    if (mode_ == ProgressMode::kTerminal) {
        // A line that is as wide as the terminal would wrap on some.
        const std::string line = progress_line(log).substr(0, std::max<std::size_t>(width_, 2) - 1);
        if (line != shown_) {
            out_ << "\r\033[K" << line << std::flush;
            shown_ = line;
        }
    } else if (mode_ == ProgressMode::kLines && log.begin) {
        for (; scenarios_shown_ < log.scenarios.size(); ++scenarios_shown_) {
            const Scenario& scenario = log.scenarios[scenarios_shown_];
            out_ << count_text(log, scenarios_shown_ + 1) << " " << scenario.name
                 << outcome(scenario) << std::endl;
        }
    }
}

void Progress::clear() {
    if (mode_ == ProgressMode::kTerminal && !shown_.empty()) {
        out_ << "\r\033[K" << std::flush;
        shown_.clear();
    }
}

void Steps::show(const std::string& text, bool as_line) {
    if (as_line) {
        out_ << text << std::endl;
    } else if (mode_ == ProgressMode::kTerminal) {
        out_ << "\r\033[K" << text.substr(0, std::max<std::size_t>(width_, 2) - 1) << std::flush;
    }
}

void Steps::clear() {
    if (mode_ == ProgressMode::kTerminal) {
        out_ << "\r\033[K" << std::flush;
    }
}

}  // namespace hm::host
