#include "host/base/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "host/base/descriptor.hpp"

namespace hm::host {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Pipe {
    FileDescriptor read, write;
};

std::optional<Pipe> make_pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) {
        return std::nullopt;
    }
    return Pipe{FileDescriptor(fds[0]), FileDescriptor(fds[1])};
}

/// The child's descriptors; `side` may be -1.
struct Outputs {
    int output, error, side;
};

/// Puts the side output into its place, where the report may be.
bool place_side_output(int side, int& report) {
    const int moved = ::fcntl(report, F_DUPFD_CLOEXEC, kSideOutput + 1);
    if (moved < 0) {
        return false;
    }
    report = moved;
    return side == kSideOutput ? ::fcntl(side, F_SETFD, 0) == 0 : ::dup2(side, kSideOutput) >= 0;
}

/// What the child does between fork and exec: only system calls.
[[noreturn]] void become(const Command& command, char* const* argv, pid_t parent, int input,
                         const Outputs& to, int report, const sigset_t& mask) {
    ::setpgid(0, 0);
    // Should this program die, even by SIGKILL, the kernel takes the child along.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (input < 0) {
        input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    if (input >= 0 && ::getppid() == parent && ::dup2(input, STDIN_FILENO) >= 0 &&
        ::dup2(to.output, STDOUT_FILENO) >= 0 && ::dup2(to.error, STDERR_FILENO) >= 0 &&
        (to.side < 0 || place_side_output(to.side, report))) {
        // Those that an owner of several holds back are for this program only.
        sigset_t own = mask;
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            ::sigdelset(&own, number);
            // A job in the background of a script ignores SIGINT, and so would all that it starts.
            ::signal(number, SIG_DFL);
        }
        ::sigprocmask(SIG_SETMASK, &own, nullptr);
        ::execv(command.program.c_str(), argv);
    }
    const int why = errno;
    const auto written = ::write(report, &why, sizeof why);
    ::_exit(written == sizeof why ? 127 : 126);
}

/// A child in its own process group, which ends at the latest when this is destroyed.
class Child {
  public:
    /// Starts it; `start_error()` is not 0 if that failed.
    Child(const Command& command, const sigset_t& mask) {
        auto output_pipe = make_pipe();
        auto error_pipe = make_pipe();
        auto side_pipe = command.on_side_output ? make_pipe() : Pipe{};
        auto report = make_pipe();
        if (side_pipe && side_pipe->read.get() >= 0) {
            // Room for what comes while its reader waits for another child.
            constexpr int kRoom = 1 << 20;
            (void)::fcntl(side_pipe->read.get(), F_SETPIPE_SZ, kRoom);
        }
        if (!output_pipe || !error_pipe || !side_pipe || !report) {
            error_ = errno;
            return;
        }
        std::vector<char*> argv{const_cast<char*>(command.program.c_str())};
        for (const std::string& argument : command.arguments) {
            argv.push_back(const_cast<char*>(argument.c_str()));
        }
        argv.push_back(nullptr);
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ < 0) {
            error_ = errno;
            return;
        }
        if (pid_ == 0) {
            const int line = command.terminal;
            become(command, argv.data(), parent, line < 0 ? command.input : line,
                   {line < 0 ? output_pipe->write.get() : line, error_pipe->write.get(),
                    side_pipe->write.get()},
                   report->write.get(), mask);
        }
        ::setpgid(pid_, pid_);
        report->write.reset();
        // The pipe closes on a successful exec; otherwise it brings errno.
        int why = 0;
        if (::read(report->read.get(), &why, sizeof why) == sizeof why) {
            error_ = why;
            return;
        }
        output = std::move(output_pipe->read);
        error = std::move(error_pipe->read);
        side = std::move(side_pipe->read);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) {
            (void)end();
        }
    }

    void signal(int number) const { ::kill(-pid_, number); }

    /// Whether it has ended; it stays unreaped, so that its number is not used anew.
    [[nodiscard]] bool ended() const {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == pid_;
    }

    /// Ends it with all that it started; returns its status as waitpid gives it.
    int end() {
        int status = 0;
        signal(SIGKILL);
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

    [[nodiscard]] int start_error() const { return error_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

    FileDescriptor output, error, side;

  private:
    pid_t pid_ = -1;
    int error_ = 0;
};

/// Passes on what is there; closes at the end of the stream.
void pass_on(FileDescriptor& from, const pollfd& state, const Sink& sink) {
    if (from.get() < 0 || state.revents == 0) {
        return;
    }
    std::array<char, 65536> buffer;
    const auto got = ::read(from.get(), buffer.data(), buffer.size());
    if (got > 0) {
        sink({buffer.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || errno != EINTR) {
        from.reset();
    }
}

/// Passes on what has come, and does not wait for more. The number of reads has a limit, so that a
/// child that never stops writing cannot keep us here.
void drain(FileDescriptor& from, const Sink& sink) {
    constexpr int kMostReads = 32;
    pollfd state{from.get(), POLLIN, 0};
    for (int i = 0; i < kMostReads && from.get() >= 0 && ::poll(&state, 1, 0) > 0; ++i) {
        pass_on(from, state, sink);
    }
}

/// Waits at most `patience` for output and passes it on; returns the signal that came, or 0. The
/// side output ends no wait: QEMU writes it in very many small pieces, and to wake for each took a
/// tenth of a processor.
int pump(Child& child, const StopSignals& signals, milliseconds patience, const Sink& on_output,
         const Sink& on_error, const Sink& on_side) {
    std::array<pollfd, 3> fds{{{child.output.get(), POLLIN, 0},
                               {child.error.get(), POLLIN, 0},
                               {signals.fd(), POLLIN, 0}}};
    const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(patience.count()));
    drain(child.side, on_side);
    if (ready <= 0) {
        return 0;
    }
    pass_on(child.output, fds[0], on_output);
    pass_on(child.error, fds[1], on_error);
    return fds[2].revents != 0 ? signals.take() : 0;
}

}  // namespace

struct Process::State {
    State(const Command& command, const ProcessLimits& limits)
        : child(command, signals.before()),
          on_side(command.on_side_output),
          limit(Clock::now() + limits.time),
          grace(limits.grace) {}

    StopSignals signals;
    Child child;
    Sink on_side;
    Clock::time_point limit;
    milliseconds grace;
    std::optional<ProcessEnd> stopped;
    Clock::time_point kill_at = Clock::time_point::max();
    bool finishing = false;
    bool killed = false;
};

// Whether the child has ended is asked this often; its output ends sooner and wakes us anyway.
constexpr milliseconds kTick{50};
/// The same for a child with a side output, whose pipe must not become full meanwhile.
constexpr milliseconds kSideTick{20};

Process::Process(const Command& command, const ProcessLimits& limits)
    : state_(std::make_unique<State>(command, limits)) {}

Process::~Process() = default;

int Process::start_error() const { return state_->child.start_error(); }

bool Process::read(const Sink& on_output, const Sink& on_error) {
    State& state = *state_;
    if (start_error() != 0 || state.child.ended()) {
        return false;
    }
    const bool silent = state.child.output.get() < 0 && state.child.error.get() < 0;
    const milliseconds patience = silent                        ? milliseconds(5)
                                  : state.child.side.get() >= 0 ? kSideTick
                                                                : kTick;
    const int number =
        pump(state.child, state.signals, patience, on_output, on_error, state.on_side);
    const Clock::time_point now = Clock::now();
    const bool late = !state.finishing && now >= state.limit;
    if (!state.stopped && (number != 0 || late)) {
        state.stopped = number != 0 ? ProcessEnd{Ending::kInterrupted, number}
                                    : ProcessEnd{Ending::kTimeLimit, 0};
        state.kill_at = now + state.grace;
        state.child.signal(SIGTERM);
    }
    if (now >= state.kill_at) {
        state.child.signal(SIGKILL);
        state.killed = true;
    }
    return true;
}

milliseconds Process::starved() const {
    std::uint64_t longest = 0;  // ns
    std::error_code error;
    const std::string tasks = fmt::format("/proc/{}/task", state_->child.pid());
    for (std::filesystem::directory_iterator task(tasks, error), end; !error && task != end;
         task.increment(error)) {
        // Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat".
        std::ifstream file(task->path() / "schedstat");
        std::uint64_t ran = 0;
        std::uint64_t waited = 0;
        if (file >> ran >> waited) {
            longest = std::max(longest, waited);
        }
    }
    return std::chrono::duration_cast<milliseconds>(std::chrono::nanoseconds(longest));
}

void Process::interrupt(int signal) {
    State& state = *state_;
    if (start_error() == 0 && !state.stopped) {
        state.stopped = ProcessEnd{Ending::kInterrupted, signal};
        state.kill_at = Clock::now() + state.grace;
        state.child.signal(SIGTERM);
    }
}

void Process::finish(int signal, milliseconds grace) {
    State& state = *state_;
    if (start_error() != 0 || state.finishing || state.stopped) {
        return;
    }
    state.finishing = true;
    state.kill_at = Clock::now() + grace;
    if (signal != 0) {
        state.child.signal(signal);
    }
}

ProcessEnd Process::end(const Sink& on_output, const Sink& on_error) {
    State& state = *state_;
    if (start_error() != 0) {
        return {Ending::kNotStarted, start_error()};
    }
    // Whatever the child started ends too; then the rest of its output is taken.
    constexpr milliseconds kDrain{500};
    const int status = state.child.end();
    const Clock::time_point drained = Clock::now() + kDrain;
    while ((state.child.output.get() >= 0 || state.child.error.get() >= 0 ||
            state.child.side.get() >= 0) &&
           Clock::now() < drained) {
        (void)pump(state.child, state.signals, kTick, on_output, on_error, state.on_side);
    }
    if (state.stopped) {
        return *state.stopped;
    }
    if (state.killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        return {Ending::kDone, 0};
    }
    return WIFSIGNALED(status) ? ProcessEnd{Ending::kSignalled, WTERMSIG(status)}
                               : ProcessEnd{Ending::kExited, WEXITSTATUS(status)};
}

ProcessEnd run_process(const Command& command, const ProcessLimits& limits, const Sink& on_output,
                       const Sink& on_error) {
    Process process(command, limits);
    while (process.read(on_output, on_error)) {
    }
    return process.end(on_output, on_error);
}

std::string describe(const ProcessEnd& end) {
    switch (end.ending) {
        case Ending::kExited:
            return fmt::format("exit status {}", end.code);
        case Ending::kSignalled:
            return fmt::format("killed by signal {} ({})", end.code, ::strsignal(end.code));
        case Ending::kTimeLimit:
            return "ended here at the time limit";
        case Ending::kInterrupted:
            return fmt::format("ended here on signal {} ({})", end.code, ::strsignal(end.code));
        case Ending::kDone:
            return "ended here once its work was done";
        case Ending::kNotStarted:
            break;
    }
    return fmt::format("not started: {}", std::strerror(end.code));
}

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return ::access(name.c_str(), X_OK) == 0 ? name : std::string();
    }
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::size_t cut = rest.find(':');
        std::string candidate = std::string(rest.substr(0, cut)) + "/" + name;
        if (!name.empty() && ::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        rest = cut == std::string_view::npos ? std::string_view{} : rest.substr(cut + 1);
    }
    return {};
}

}  // namespace hm::host
