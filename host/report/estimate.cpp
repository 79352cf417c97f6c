#include "host/report/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hm::host {

Estimate::Estimate(std::map<std::string, double> known) : known_(std::move(known)) {
    const double sum =
        std::accumulate(known_.begin(), known_.end(), 0.0,
                        [](double so_far, const auto& one) { return so_far + one.second; });
    if (sum > 0) {
        average_ = sum / static_cast<double>(known_.size());
    }
}

double Estimate::weight(const std::string& scenario) const {
    const auto found = known_.find(scenario);
    // Those that took no time that was seen are not free.
    return found == known_.end() ? average_ : std::max(found->second, average_ / 100);
}

std::optional<double> Estimate::seconds_left(const RunLog& log, double elapsed,
                                             const std::vector<std::string>& ahead) const {
    if (!log.begin) {
        return std::nullopt;
    }
    double all = 0;
    for (const std::string& scenario : log.begin->plan) {
        all += weight(scenario);
    }
    double done = 0;
    for (const ScenarioRecord& scenario : log.scenarios) {
        done += weight(scenario.name);
    }
    for (const std::string& scenario : ahead) {
        done += weight(scenario);
    }
    if (log.progress && log.progress->of > 0) {
        done += weight(log.progress->scenario) *
                std::clamp(log.progress->done / log.progress->of, 0.0, 1.0);
    }
    // Early on, only an earlier run says anything.
    constexpr double kEnough = 0.05;
    constexpr double kSoon = 2;  // s
    if (done < kEnough * all || elapsed < kSoon) {
        return known_.empty() ? std::nullopt : std::optional(std::max(all - done, 0.0));
    }
    return std::max(elapsed * (all - done) / done, 0.0);
}

std::string rough_duration(double seconds) {
    constexpr double kMinute = 60;
    constexpr double kHour = 3600;
    // A number of two digits at most, which does not flicker.
    return seconds < 100             ? fmt::format("{:.0f} s", std::ceil(seconds))
           : seconds < 100 * kMinute ? fmt::format("{:.0f} min", std::ceil(seconds / kMinute))
                                     : fmt::format("{:.0f} h", std::ceil(seconds / kHour));
}

}  // namespace hm::host
