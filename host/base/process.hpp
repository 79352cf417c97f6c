#pragma once
// One child process that never outlives the call: not a time limit, not an interrupt of the tool,
// not the tool's own death.

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

struct Command {
    std::string program;  ///< a path; it is not looked up
    std::vector<std::string> arguments;
    /// An open terminal to read from and write to, in the place of an empty input and of the sink
    /// of the output.
    int terminal = -1;
};

struct ProcessLimits {
    std::chrono::milliseconds time{std::chrono::seconds(120)};
    /// From SIGTERM to SIGKILL.
    std::chrono::milliseconds grace{std::chrono::seconds(2)};
};

enum class Ending {
    kExited,       ///< by itself; `code` is its exit status
    kSignalled,    ///< by a signal from elsewhere; `code` is its number
    kTimeLimit,    ///< ended here, for it took too long
    kInterrupted,  ///< ended here, for this program was told to stop; `code` is the signal
    kNotStarted,   ///< `code` is errno
};

struct ProcessEnd {
    Ending ending = Ending::kNotStarted;
    int code = 0;
};

using Sink = std::function<void(std::string_view)>;

/// Runs `command`, by default with an empty standard input, until it and all of its process group
/// have ended. SIGINT, SIGTERM and SIGHUP to this program end the child first and are then taken as
/// dealt with. `on_tick` is called twenty times a second at least, and once more at the end.
[[nodiscard]] ProcessEnd run_process(const Command& command, const ProcessLimits& limits,
                                     const Sink& on_output, const Sink& on_error,
                                     const std::function<void()>& on_tick = {});

/// "exit status 0", "signal 9 (Killed)", ...
[[nodiscard]] std::string describe(const ProcessEnd& end);

/// The path of an executable: `name` itself where it has a slash, else from PATH; empty where there
/// is none.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace hm::host
