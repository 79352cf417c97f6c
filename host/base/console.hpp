#pragma once
// Where the tool writes to, and the exit statuses of its commands.

#include <cstddef>
#include <ostream>
#include <string_view>

namespace hm::host {

inline constexpr int kAllOk = 0;
inline constexpr int kFailed = 1;    ///< a run or a verdict failed
inline constexpr int kBadUsage = 2;  ///< the command line or a folder cannot be used

enum class ProgressMode {
    kTerminal,  ///< one line, written again and again
    kLines,     ///< one line for each step or scenario that is complete
    kQuiet,
};

struct Console {
    std::ostream& out;
    std::ostream& err;
    std::size_t width = 80;  ///< columns
    ProgressMode progress = ProgressMode::kLines;
    /// Where standard error takes commands for the terminal, if it is not `err`.
    std::ostream* terminal = nullptr;
    bool live = false;    ///< tables of a run are shown as soon as they are complete
    bool colour = false;  ///< standard error may be coloured
    /// Where a foreign guest's own console goes as it is, if that is not `out`.
    std::ostream* guest = nullptr;
};

/// Writes one line of error and returns `status`.
[[nodiscard]] int refuse(const Console& console, int status, std::string_view line);

/// Shows on standard error what a command does before a run, or without one, step by step.
class Steps {
  public:
    explicit Steps(const Console& console) : console_(console) {}

    /// What is done now.
    void step(std::string_view text);
    /// How far the step has come; only shown on a terminal.
    void passing(std::string_view text);
    /// Removes the line from a terminal.
    void clear();

  private:
    const Console& console_;
};

/// Replaces the line of a terminal, without any command in `text`; a line as wide as the terminal
/// would wrap on some, so it is cut.
void replace_line(const Console& console, std::string_view text);

}  // namespace hm::host
