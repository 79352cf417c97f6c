#pragma once
// How far a run has come, for the person who waits for it.

#include <cstddef>
#include <string>

#include "host/base/console.hpp"
#include "host/log/log_parser.hpp"

namespace hm::host {

/// "[3/12] chase order=random bytes=65536 nested/injected 45 %"
[[nodiscard]] std::string progress_line(const RunLog& log);

class Progress {
  public:
    explicit Progress(const Console& console) : console_(console) {}

    /// Shows what is new since the last call.
    void update(const RunLog& log);

    /// Removes the line from a terminal.
    void clear();

  private:
    const Console& console_;
    std::string shown_;
    std::size_t scenarios_shown_ = 0;
};

}  // namespace hm::host
