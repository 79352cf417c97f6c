#pragma once
// How far a run has come, for whoever waits for it.

#include <cstddef>
#include <ostream>
#include <string>

#include "host/log/log_parser.hpp"

namespace hm::host {

enum class ProgressMode {
    kTerminal,  ///< one line, written again and again
    kLines,     ///< a line for each scenario that is complete
    kQuiet,
};

/// "[3/12] chase order=random bytes=65536 nested/injected 45 %"
[[nodiscard]] std::string progress_line(const RunLog& log);

class Progress {
  public:
    Progress(std::ostream& out, ProgressMode mode, std::size_t width)
        : out_(out), mode_(mode), width_(width) {}

    /// Shows what is new since the last call.
    void update(const RunLog& log);

    /// Takes the line off a terminal again.
    void clear();

  private:
    std::ostream& out_;
    ProgressMode mode_;
    std::size_t width_;
    std::string shown_;
    std::size_t scenarios_shown_ = 0;
};

/// What is done before a run, or without one, step by step.
class Steps {
  public:
    Steps(std::ostream& out, ProgressMode mode, std::size_t width)
        : out_(out), mode_(mode), width_(width) {}

    /// What is done now.
    void step(const std::string& text) { show(text, mode_ == ProgressMode::kLines); }
    /// How far it has come; for a terminal alone.
    void passing(const std::string& text) { show(text, false); }
    /// Takes the line off a terminal again.
    void clear();

  private:
    void show(const std::string& text, bool as_line);

    std::ostream& out_;
    ProgressMode mode_;
    std::size_t width_;
};

}  // namespace hm::host
