#pragma once
// How far a run has come, for the person who waits for it.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/base/console.hpp"
#include "host/log/log_parser.hpp"
#include "host/report/estimate.hpp"

namespace hm::host {

/// "[3/12, 40 s left] chase order=random bytes=65536 nested/injected 45 %". So many scenarios are
/// done `ahead` of what the log has.
[[nodiscard]] std::string progress_line(const RunLog& log,
                                        std::optional<double> seconds_left = std::nullopt,
                                        std::size_t ahead = 0);

class Progress {
  public:
    Progress(const Console& console, Estimate estimate)
        : console_(console), estimate_(std::move(estimate)) {}

    /// Shows what is new since the last call, `elapsed` seconds after the start.
    /// `ahead` names scenarios that are done and that the log does not have yet.
    void update(const RunLog& log, double elapsed, const std::vector<std::string>& ahead = {});

    /// Removes the line from a terminal.
    void clear();

  private:
    const Console& console_;
    Estimate estimate_;
    double shown_at_ = -1;
    std::string shown_;
    std::size_t scenarios_shown_ = 0;
};

}  // namespace hm::host
