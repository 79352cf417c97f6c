#pragma once
// One child process that never outlives its object: not after a time limit, not after an interrupt
// of the tool, not after the tool's own death.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

using Sink = std::function<void(std::string_view)>;

/// The descriptor of a child's side output.
inline constexpr int kSideOutput = 3;

struct Command {
    std::string program;  ///< a path; it is not looked up
    std::vector<std::string> arguments;
    /// An open terminal for its input and output, instead of an empty input and the output's sink.
    int terminal = -1;
    /// An open descriptor for its input alone.
    int input = -1;
    /// Takes what it writes to descriptor kSideOutput; null: it has none.
    Sink on_side_output = nullptr;
};

struct ProcessLimits {
    std::chrono::milliseconds time{std::chrono::seconds(120)};
    /// From SIGTERM to SIGKILL.
    std::chrono::milliseconds grace{std::chrono::seconds(2)};
};

enum class Ending {
    kExited,       ///< by itself; `code` is its exit status
    kSignalled,    ///< by a signal from elsewhere; `code` is its number
    kTimeLimit,    ///< ended here, because it took too long
    kInterrupted,  ///< ended here, because this program was told to stop; `code` is the signal
    kDone,         ///< ended here, because its work was done
    kNotStarted,   ///< `code` is errno
};

struct ProcessEnd {
    Ending ending = Ending::kNotStarted;
    int code = 0;
};

/// A child process, from its start to its end. SIGINT, SIGTERM and SIGHUP to this program end the
/// child first and then count as handled. Of several that run at a time, the signal may come to any
/// one: its owner then interrupts the others, and holds StopSignals from before the first to after
/// the last.
class Process {
  public:
    /// Starts `command`, by default with an empty standard input.
    Process(const Command& command, const ProcessLimits& limits);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();  ///< ends the child at the latest

    /// errno, if it could not be started; else 0.
    [[nodiscard]] int start_error() const;

    /// Waits for output for at most 50 ms and passes it on; false once the child has ended.
    [[nodiscard]] bool read(const Sink& on_output, const Sink& on_error);

    /// For how long, since its start, the thread of it that waited longest was ready and got no
    /// processor; 0 if the kernel does not say.
    [[nodiscard]] std::chrono::milliseconds starved() const;

    /// As if this program had been told to stop by this signal.
    void interrupt(int signal);

    /// Its work is done: it gets `signal`, unless that is 0, and is killed if it still runs after
    /// `grace`. From now on its time limit does not count.
    void finish(int signal, std::chrono::milliseconds grace);

    /// Ends the rest of its process group, and passes on the rest of its output.
    [[nodiscard]] ProcessEnd end(const Sink& on_output, const Sink& on_error);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs `command` from its start to its end.
[[nodiscard]] ProcessEnd run_process(const Command& command, const ProcessLimits& limits,
                                     const Sink& on_output, const Sink& on_error);

/// "exit status 0", "signal 9 (Killed)", ...
[[nodiscard]] std::string describe(const ProcessEnd& end);

/// The path of an executable: `name` itself if it has a slash, else from PATH; empty if there is
/// none.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace hm::host
