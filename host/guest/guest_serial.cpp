#include "host/guest/guest_serial.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/base/files.hpp"
#include "host/base/temporary_folder.hpp"
#include "host/guest/guest_log.hpp"
#include "host/log/json.hpp"
#include "host/machine/serial_line.hpp"
#include "host/machine/uboot.hpp"

namespace hm::host {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Keys for the guest, no faster than the board's UART can keep them until the monitor looks for
/// them again (kept by 16 bytes or more, looked for every 10 ms).
class Keys {
  public:
    Keys(ConsoleInput* input, SerialLine& line) : input_(input), line_(line) {}

    void pass_on() {
        constexpr milliseconds kBetween{20};
        if (input_ == nullptr || Clock::now() < next_) {
            return;
        }
        next_ = Clock::now() + kBetween;
        input_->pump();
        std::array<char, 8> some;
        pollfd there{input_->end_for_child(), POLLIN, 0};
        if (::poll(&there, 1, 0) > 0 && (there.revents & POLLIN) != 0) {
            const auto got = ::read(there.fd, some.data(), some.size());
            if (got > 0) {
                (void)line_.say({some.data(), static_cast<std::size_t>(got)});
            }
        }
    }

  private:
    ConsoleInput* input_;
    SerialLine& line_;
    Clock::time_point next_{};
};

/// Brings everything into memory and starts the image; the prompt that was found.
std::string start_guest(SerialLine& line, const GuestHost& host, const SerialOptions& serial,
                        const Loading& loading, const std::filesystem::path& bundle, Steps& steps) {
    UBoot uboot(line, *host.board, serial.prompt, steps);
    uboot.reach_prompt();
    uboot.load(serial, bundle, loading.bundle.name, loading.bundle.address);
    uboot.load(serial, host.image, loading.image.name, loading.image.address);
    uboot.load(serial, host.tree, loading.tree.name, loading.tree.address);
    // The next call finds U-Boot again.
    uboot.set_arguments(host.board->uboot.has_reset ? "suite=quick reset=1" : "suite=quick");
    steps.step("booting");
    uboot.leave(start_commands(loading).back());
    return uboot.prompt();
}

/// Until the target has said all; why it ended earlier, in one line.
std::string follow(SerialLine& line, GuestLog& log, Keys& keys, const bool& has_text,
                   const std::string& prompt) {
    constexpr milliseconds kLook{20};
    std::string recent;
    while (!log.ended()) {
        std::string bytes;
        const Heard heard = line.hear(kLook, bytes);
        log.take(bytes);
        if (!has_text) {
            recent += bytes;
        }
        switch (heard) {
            case Heard::kBytes:
                break;
            case Heard::kSilence:
                if (!has_text && last_line(recent) == prompt) {
                    recent.resize(recent.size() - prompt.size());
                    return "U-Boot did not start the image: " + last_words(recent);
                }
                break;
            case Heard::kBroken:
                return fmt::format("port \"{}\" went away while the guest ran", line.device());
            case Heard::kLimit:
                return log.ended() ? ""
                                   : "the guest did not end within the time limit (--time-limit)";
            case Heard::kStopped:
                return "it was ended here, " + describe({Ending::kInterrupted, line.signal()});
        }
        // Before that U-Boot would take them.
        if (has_text) {
            keys.pass_on();
        }
    }
    return "";
}

}  // namespace

GuestEnd run_guest_on_board(const GuestHost& host, const std::string& device,
                            const SerialOptions& serial, std::string_view bundle,
                            const std::function<void(std::string_view)>& on_text,
                            ConsoleInput* input, const Console& console) {
    GuestEnd end;
    const auto refused = [&end](std::string why) {
        end.refusal = std::move(why);
        return end;
    };
    ReadLoading loading = read_loading(host, std::string(bundle));
    if (!loading.error.empty()) {
        return refused(std::move(loading.error));
    }
    const TemporaryFolder folder;
    const std::filesystem::path bundle_file = folder.path() / kBundleName;
    if (!folder.error().empty() || !write_file(bundle_file, bundle)) {
        return refused(fmt::format("cannot write the bundle to \"{}\": {}", bundle_file.string(),
                                   std::strerror(errno)));
    }
    const Clock::time_point began = Clock::now();
    SerialLine line(device, serial.speed, began + host.time_limit, [](std::string_view) {});
    if (std::string why = line.open(); !why.empty()) {
        return refused(std::move(why));
    }
    Steps steps(console);
    std::string prompt;
    try {
        prompt = start_guest(line, host, serial, loading.value, bundle_file, steps);
    } catch (const BoardError& error) {
        steps.clear();
        return refused(error.what());
    }
    steps.clear();
    bool has_text = false;
    GuestLog log([&](std::string_view bytes) {
        has_text = true;
        on_text(bytes);
    });
    Keys keys(input, line);
    end.why_failed = follow(line, log, keys, has_text, prompt);
    end.results = log.finish();
    if (end.why_failed.empty()) {
        end.why_failed = why_guest_failed(log, end.results);
    }
    end.interrupted = line.signal() != 0;
    end.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    end.results.host = dump(Json{{"serial", Json{{"device", device}, {"speed", line.speed()}}},
                                 {"seconds", end.seconds}});
    return end;
}

}  // namespace hm::host
