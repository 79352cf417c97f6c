#pragma once
// How long a run will still take.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/log/log_parser.hpp"

namespace hm::host {

class Estimate {
  public:
    /// `known`: what scenarios took in an earlier run, in seconds. The others count as much as
    /// these do on average.
    explicit Estimate(std::map<std::string, double> known = {});

    /// After `elapsed` seconds; nothing while a guess would be a poor one. `ahead` names scenarios
    /// that are done and that the log does not have yet.
    [[nodiscard]] std::optional<double> seconds_left(
        const RunLog& log, double elapsed, const std::vector<std::string>& ahead = {}) const;

  private:
    [[nodiscard]] double weight(const std::string& scenario) const;

    std::map<std::string, double> known_;
    double average_ = 1;
};

/// "40 s", "3 min", "2 h"
[[nodiscard]] std::string rough_duration(double seconds);

}  // namespace hm::host
