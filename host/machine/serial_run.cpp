// hypmeter run on a board at a serial port: U-Boot, the log as it comes, and what the line damaged.

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>

#include "host/base/files.hpp"
#include "host/cli/commands.hpp"
#include "host/log/capture.hpp"
#include "host/machine/outcome.hpp"
#include "host/machine/qemu.hpp"
#include "host/machine/serial_line.hpp"
#include "host/machine/uboot.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

using measure::Key;
using std::chrono::milliseconds;

/// Time enough to mend a cable and to call the tool again.
constexpr std::uint32_t kLingerSeconds = 600;

/// The request with what a board at a serial port needs besides, unless it was set.
RunOptions with_serial_keys(const RunOptions& options) {
    RunOptions asked = options;
    std::map<Key, std::uint32_t> values(options.settings.begin(), options.settings.end());
    values.emplace(Key::kLinger, kLingerSeconds);
    if (uboot_board(options.board).has_reset) {
        values.emplace(Key::kReset, 1);
    }
    asked.settings.assign(values.begin(), values.end());
    return asked;
}

/// The run while the target talks.
class Reception {
  public:
    Reception(SerialLine& line, const Console& console, bool may_ask, std::string prompt)
        : line_(line),
          may_ask_(may_ask),
          prompt_(std::move(prompt)),
          progress_(console.err, console.progress, console.width),
          steps_(console.err, console.progress, console.width) {}

    /// Takes what an earlier call left behind.
    void replay(std::string_view bytes) {
        live_.feed(capture_.feed(bytes));
        capture_.reconnect();
        resumed_ = true;
    }

    /// Until every record is there or nothing more can be hoped for.
    void run();

    [[nodiscard]] RunLog log() const;
    [[nodiscard]] Verdict verdict() const;
    /// How it ended, in a few words.
    [[nodiscard]] std::string ending() const { return ending_; }
    [[nodiscard]] const Capture& capture() const { return capture_; }
    [[nodiscard]] unsigned breaks() const { return breaks_; }

  private:
    [[nodiscard]] bool take(const std::string& bytes);
    [[nodiscard]] bool on_silence();
    [[nodiscard]] bool wait_for_return();
    void ask() {
        if (const std::string request = capture_.request(); !request.empty()) {
            (void)line_.say(request);
        }
    }
    bool stop(const std::string& why) {
        ending_ = why;
        return false;
    }

    SerialLine& line_;
    bool may_ask_;
    std::string prompt_;
    Progress progress_;
    Steps steps_;
    Capture capture_;
    LogParser live_;  ///< what has come so far, for whoever waits
    std::string recent_;
    std::string ending_;
    unsigned breaks_ = 0;
    bool resumed_ = false;
};

void Reception::run() {
    // An answer comes at once, unless it was lost; a target that measures may be silent for long.
    constexpr milliseconds kAnswer{500};
    constexpr milliseconds kMeasuring{10'000};
    bool goes_on = true;
    progress_.update(live_.log());
    if (resumed_) {
        ask();
    }
    while (goes_on) {
        if (capture_.complete()) {
            // It may end now. Should this be lost, it ends by itself.
            goes_on = stop("every record came");
            if (may_ask_) {
                (void)line_.say(kBye);
            }
            continue;
        }
        if (!capture_.faults().empty()) {
            goes_on = stop(capture_.faults().front());
            continue;
        }
        const bool soon = capture_.lingers() || capture_.ended() || capture_.records() == 0;
        std::string bytes;
        switch (line_.hear(soon ? kAnswer : kMeasuring, bytes)) {
            case Heard::kBytes:
                goes_on = take(bytes);
                break;
            case Heard::kSilence:
                goes_on = on_silence();
                break;
            case Heard::kBroken:
                goes_on = wait_for_return();
                break;
            case Heard::kLimit:
                (void)take(bytes);
                goes_on = stop("ended here at the time limit");
                break;
            case Heard::kStopped:
                goes_on = stop(describe({Ending::kInterrupted, line_.signal()}));
                break;
        }
    }
    progress_.clear();
}

bool Reception::take(const std::string& bytes) {
    constexpr std::size_t kRecent = 4096;
    const std::string fresh = capture_.feed(bytes);
    live_.feed(fresh);
    progress_.update(live_.log());
    recent_ += bytes;
    recent_.erase(0, recent_.size() - std::min(kRecent, recent_.size()));
    if (("\n" + fresh).find("\nU-Boot ") != std::string::npos) {
        return stop("the board was reset: U-Boot came again");
    }
    // The next one is asked for without delay.
    if (may_ask_ && capture_.lingers() && !capture_.waits()) {
        ask();
    }
    return true;
}

bool Reception::on_silence() {
    if (capture_.records() == 0 && !prompt_.empty() && last_line(recent_) == prompt_) {
        const std::string_view words =
            std::string_view(recent_).substr(0, recent_.size() - prompt_.size());
        return stop("U-Boot did not start the image: " + last_words(words));
    }
    if (!may_ask_) {
        return !capture_.ended() || stop("records were damaged, and the target does not linger");
    }
    // Even where neither the end nor the target's word that it lingers came whole; but not while
    // the image still starts.
    if (resumed_ || capture_.lingers() || capture_.records() != 0) {
        ask();
    }
    return true;
}

bool Reception::wait_for_return() {
    constexpr milliseconds kBetweenTries{500};
    ++breaks_;
    steps_.step(fmt::format("the line broke; waiting for {} to return", line_.device()));
    std::string nothing;
    for (;;) {
        switch (line_.hear(kBetweenTries, nothing)) {
            case Heard::kLimit:
                return stop("the line broke, and the time limit was over before it returned");
            case Heard::kStopped:
                return stop(describe({Ending::kInterrupted, line_.signal()}));
            default:
                break;
        }
        if (line_.open().empty()) {
            steps_.step(fmt::format("{} is back", line_.device()));
            // The board may have lost its power too.
            capture_.reconnect();
            return true;
        }
    }
}

RunLog Reception::log() const {
    LogParser parser;
    parser.feed(capture_.log());
    parser.finish();
    RunLog log = parser.log();
    log.last_words = live_.log().last_words;
    return log;
}

Verdict Reception::verdict() const {
    std::string detail = fmt::format("{} records, {} of them only when asked for again",
                                     capture_.records(), capture_.repeated());
    if (!capture_.complete()) {
        detail = ending_ + "; " + detail;
    }
    return {"serial line brought every record", capture_.complete(), detail};
}

/// What an earlier call has left in the folder: of one that was killed, it is a draft still.
std::optional<std::string> earlier_log(const fs::path& folder) {
    std::error_code ignored;
    fs::rename(folder / "uart.log.part", folder / "uart.log", ignored);
    return read_file(folder / "uart.log");
}

/// Brings the image into memory and starts it; the prompt that was found.
std::string start(SerialLine& line, const RunOptions& options, Steps& steps) {
    const UBootBoard& board = uboot_board(options.board);
    UBoot uboot(line, board, options.serial.prompt, steps);
    uboot.reach_prompt();
    uboot.load(options.serial, options.image, uimage_name(options.board), board.load);
    // The tree that was built with the image, or else the one that U-Boot itself lives by.
    std::string tree = "${fdtcontroladdr}";
    if (const fs::path file = tree_of(options.board, options.image); fs::is_regular_file(file)) {
        uboot.load(options.serial, file, file.filename().string(), board.tree);
        tree = fmt::format("{:x}", board.tree);
    }
    uboot.set_arguments(target_command_line(options));
    steps.step("booting");
    uboot.leave(fmt::format("bootm {:x} - {}", board.load, tree));
    return uboot.prompt();
}

}  // namespace

int serial_run(const RunOptions& wanted, const Console& console) {
    const RunOptions options = with_serial_keys(wanted);
    const bool resume = options.serial.resume;
    if (const std::string why = resume ? "" : why_not_bootable(options.image); !why.empty()) {
        return refuse(console, why);
    }
    const std::optional<std::string> earlier =
        resume ? earlier_log(options.out) : std::optional<std::string>("");
    if (!earlier) {
        return refuse(
            console, fmt::format("nothing to resume: no uart.log in \"{}\"", options.out.string()));
    }
    if (const int status = make_folder(options.out, console); status != kAllOk) {
        return status;
    }
    const std::time_t started = std::time(nullptr);
    const auto start_time = SerialLine::Clock::now();
    const Drafts drafts(options.out);
    std::ofstream uart(drafts.uart, std::ios::binary | std::ios::trunc);
    uart << *earlier << std::flush;
    SerialLine line(options.machine.where, options.serial.speed, start_time + options.time_limit,
                    [&uart](std::string_view bytes) { uart << bytes << std::flush; });
    if (const std::string why = line.open(); !why.empty()) {
        return refuse(console, why);
    }
    Steps steps(console.err, console.progress, console.width);
    std::string prompt;
    try {
        if (!resume) {
            prompt = start(line, options, steps);
        }
    } catch (const BoardError& error) {
        steps.clear();
        return refuse(console, error.what());
    }
    steps.clear();
    Reception reception(line, console, options.get(Key::kLinger) != 0, prompt);
    if (resume) {
        reception.replay(*earlier);
    }
    reception.run();
    uart.close();

    Outcome outcome;
    outcome.log = reception.log();
    outcome.verdicts.push_back(reception.verdict());
    outcome.host = Json{{"serial", Json{{"device", line.device()}, {"speed", line.speed()}}},
                        {"command", resume ? "(resumed)" : target_command_line(options)},
                        {"asked_again", reception.capture().repeated()},
                        {"line_breaks", reception.breaks()}};
    outcome.ending = "serial line: " + reception.ending();
    outcome.log_written = static_cast<bool>(uart);
    outcome.seconds = std::chrono::duration<double>(SerialLine::Clock::now() - start_time).count();
    const int status = conclude(outcome, options, drafts, started, console);
    if (!reception.capture().complete() && reception.capture().faults().empty() &&
        reception.capture().records() != 0 && options.get(Key::kLinger) != 0) {
        console.err << fmt::format(
            "hypmeter: if the target still runs, the same call with --resume (and without what "
            "says what to run) takes the rest of it, within {} s\n",
            options.get(Key::kLinger));
    }
    return status;
}

}  // namespace hm::host
