#include "host/machine/serial_board.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "host/base/files.hpp"
#include "host/log/capture.hpp"
#include "host/log/json.hpp"
#include "host/machine/serial_line.hpp"
#include "host/machine/uboot.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

using measure::Key;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 6> kSerialOptions{"--speed",       "--load",   "--card",
                                                         "--tftp-server", "--prompt", "--resume"};

/// Enough time to repair a cable and to call the tool again.
constexpr std::uint32_t kLingerSeconds = 600;

/// The options with the keys that a board at a serial port needs, unless they are set.
RunOptions with_serial_keys(const RunOptions& options) {
    RunOptions asked = options;
    std::map<Key, std::uint32_t> values(options.settings.begin(), options.settings.end());
    values.emplace(Key::kLinger, kLingerSeconds);
    if (options.board->uboot.has_reset) {
        values.emplace(Key::kReset, 1);
    }
    asked.settings.assign(values.begin(), values.end());
    return asked;
}

/// The target's log over a line that may damage it or break.
class Reception {
  public:
    /// With an empty `prompt` U-Boot's return is not noticed before the first record.
    Reception(SerialLine& line, Steps& steps, bool may_ask, std::string prompt)
        : line_(line), steps_(steps), may_ask_(may_ask), prompt_(std::move(prompt)) {}

    /// Takes what an earlier call left behind.
    void replay(std::string_view bytes, Listener& listener) {
        listener.read(capture_.feed(bytes));
        capture_.reconnect();
        resumed_ = true;
    }

    /// Waits for more; false once every record is there, or nothing more can be hoped for.
    [[nodiscard]] bool step(Listener& listener);

    [[nodiscard]] RunLog log(const RunLog& live) const;
    [[nodiscard]] Verdict verdict() const;
    /// How it ended, in a few words.
    [[nodiscard]] std::string ending() const { return ending_; }
    [[nodiscard]] const Capture& capture() const { return capture_; }
    [[nodiscard]] unsigned breaks() const { return breaks_; }
    [[nodiscard]] bool could_resume() const {
        return may_ask_ && !capture_.complete() && capture_.faults().empty() &&
               capture_.records() != 0;
    }

  private:
    [[nodiscard]] bool take(const std::string& bytes, Listener& listener);
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
    Steps& steps_;
    bool may_ask_;  ///< the target lingers for requests
    std::string prompt_;
    Capture capture_;
    std::string recent_;
    std::string ending_;
    unsigned breaks_ = 0;
    bool resumed_ = false;
    bool asked_first_ = false;
};

bool Reception::step(Listener& listener) {
    // An answer comes at once unless it was lost; a target that measures may be silent for long.
    constexpr milliseconds kAnswer{500};
    constexpr milliseconds kMeasuring{10'000};
    if (resumed_ && !asked_first_) {
        asked_first_ = true;
        ask();
    }
    if (capture_.complete()) {
        // The target may end now. If this is lost, it ends by itself.
        if (may_ask_) {
            (void)line_.say(kBye);
        }
        return stop("every record came");
    }
    if (!capture_.faults().empty()) {
        return stop(capture_.faults().front());
    }
    const bool soon = capture_.lingers() || capture_.ended() || capture_.records() == 0;
    std::string bytes;
    switch (line_.hear(soon ? kAnswer : kMeasuring, bytes)) {
        case Heard::kBytes:
            return take(bytes, listener);
        case Heard::kSilence:
            return on_silence();
        case Heard::kBroken:
            return wait_for_return();
        case Heard::kLimit:
            (void)take(bytes, listener);
            return stop("ended here at the time limit (--time-limit)");
        case Heard::kStopped:
            break;
    }
    return stop(describe({Ending::kInterrupted, line_.signal()}));
}

bool Reception::take(const std::string& bytes, Listener& listener) {
    constexpr std::size_t kRecent = 4096;
    const std::string fresh = capture_.feed(bytes);
    listener.read(fresh);
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
    // Even if neither the end nor the word that the target lingers arrived; but not while the image
    // still starts.
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

/// The records in their order, not as they came, with the last words that came live.
RunLog Reception::log(const RunLog& live) const {
    LogParser parser;
    parser.feed(capture_.log());
    parser.finish();
    RunLog log = parser.log();
    log.last_words = live.last_words;
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

/// What an earlier call left in the folder; if that was killed, its log is still a draft.
std::optional<std::string> earlier_log(const fs::path& folder) {
    std::error_code ignored;
    const fs::path log = folder / kUartName;
    fs::rename(log.string() + kDraftSuffix, log, ignored);
    return read_file(log);
}

class SerialBoard final : public Machine {
  public:
    SerialBoard(const RunOptions& options, const Console& console)
        : options_(with_serial_keys(options)), steps_(console) {}

    [[nodiscard]] std::string prepare() override;
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override;
    [[nodiscard]] bool read(Listener& listener) override { return reception_->step(listener); }
    [[nodiscard]] MachineEnd end(Listener& listener) override;

  private:
    [[nodiscard]] std::string boot();

    RunOptions options_;
    Steps steps_;
    std::string earlier_;  ///< the log so far, if it is resumed
    std::optional<SerialLine> line_;
    std::optional<Reception> reception_;
};

std::string SerialBoard::prepare() {
    if (!options_.serial.resume) {
        return why_not_bootable(options_.image);
    }
    auto earlier = earlier_log(options_.out);
    if (!earlier) {
        return fmt::format("nothing to resume: no uart.log in \"{}\"", options_.out.string());
    }
    earlier_ = *std::move(earlier);
    return {};
}

std::string SerialBoard::start(const Drafts&, Listener& listener) {
    listener.keep(earlier_);
    line_.emplace(options_.machine.where, options_.serial.speed,
                  SerialLine::Clock::now() + options_.time_limit,
                  [&listener](std::string_view bytes) { listener.keep(bytes); });
    if (std::string why = line_->open(); !why.empty()) {
        return why;
    }
    std::string prompt;
    try {
        prompt = options_.serial.resume ? std::string() : boot();
    } catch (const BoardError& error) {
        steps_.clear();
        return error.what();
    }
    steps_.clear();
    reception_.emplace(*line_, steps_, options_.get(Key::kLinger) != 0, prompt);
    if (options_.serial.resume) {
        reception_->replay(earlier_, listener);
    }
    return {};
}

/// Brings the image into memory and starts it; the prompt that was found.
std::string SerialBoard::boot() {
    const Board& board = *options_.board;
    UBoot uboot(*line_, board, options_.serial.prompt, steps_);
    uboot.reach_prompt();
    uboot.load(options_.serial, options_.image, uimage_name(board), board.uboot.load);
    // The tree that was built with the image, or else the one that U-Boot itself uses.
    std::string tree = "${fdtcontroladdr}";
    if (const fs::path file = tree_of(board, options_.image); fs::is_regular_file(file)) {
        uboot.load(options_.serial, file, file.filename().string(), board.uboot.tree);
        tree = fmt::format("{:x}", board.uboot.tree);
    }
    uboot.set_arguments(target_command_line(options_));
    steps_.step("booting");
    uboot.leave(fmt::format("bootm {:x} - {}", board.uboot.load, tree));
    return uboot.prompt();
}

MachineEnd SerialBoard::end(Listener& listener) {
    const bool resume = options_.serial.resume;
    listener.finish_with(reception_->log(listener.so_far()));
    MachineEnd known;
    known.verdicts.push_back(reception_->verdict());
    known.host = dump(Json{{"serial", Json{{"device", line_->device()}, {"speed", line_->speed()}}},
                           {"command", resume ? "(resumed)" : target_command_line(options_)},
                           {"asked_again", reception_->capture().repeated()},
                           {"line_breaks", reception_->breaks()}});
    known.ending = "serial line: " + reception_->ending();
    known.interrupted = line_->signal() != 0;
    if (reception_->could_resume()) {
        known.advice = fmt::format(
            "if the target still runs, the same call with --resume (and without what says what to "
            "run) takes the rest of it, within {} s",
            options_.get(Key::kLinger));
    }
    return known;
}

}  // namespace

constinit const MachineKind kSerialBoard{
    .name = "a board at a serial port",
    .form = "serial:DEVICE",
    .meaning = "a board's serial port",
    .own_log = "",
    .time_limit = std::chrono::minutes(15),
    .boots_uimage = true,
    .goes_on = false,
    .options = kSerialOptions,
    .host_keys = HostKeys::kNone,
    .hardware = "a board has its own cores and memory",
    .why_not =
        [](const Board& board) {
            return board.has_uboot
                       ? std::string()
                       : fmt::format("board {} has no serial port with U-Boot", board.name);
        },
    .make = [](const RunOptions& options, const Console& console) -> std::unique_ptr<Machine> {
        return std::make_unique<SerialBoard>(options, console);
    }};

}  // namespace hm::host
