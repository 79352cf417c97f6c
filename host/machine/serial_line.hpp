#pragma once
// A serial port with a time limit. No other program has it meanwhile; it may go away and come back.

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "host/base/descriptor.hpp"
#include "host/base/process.hpp"

namespace hm::host {

/// Supported speeds, in bits per second.
inline constexpr std::array<unsigned, 11> kSpeeds{9600,   19200,  38400,   57600,   115200, 230400,
                                                  460800, 921600, 1000000, 1500000, 3000000};

/// The result of a wait for bytes.
enum class Heard {
    kBytes,
    kSilence,  ///< none came in time
    kBroken,   ///< the port is gone, or its other end
    kLimit,    ///< the time limit is over
    kStopped,  ///< a signal asks this program to stop
};

class SerialLine {
  public:
    using Clock = std::chrono::steady_clock;

    /// All bytes that come go to `log` as well.
    SerialLine(std::string device, unsigned speed, Clock::time_point limit, Sink log)
        : device_(std::move(device)), speed_(speed), limit_(limit), log_(std::move(log)) {}

    SerialLine(const SerialLine&) = delete;
    SerialLine& operator=(const SerialLine&) = delete;
    ~SerialLine() { close(); }

    /// Why the port cannot be opened, in one line; empty if it is open.
    [[nodiscard]] std::string open();
    void close();
    [[nodiscard]] bool is_open() const { return port_.get() >= 0; }

    /// Appends what comes within `patience` to `bytes`; the rest follows at the next call.
    [[nodiscard]] Heard hear(std::chrono::milliseconds patience, std::string& bytes);

    /// False if the bytes cannot be sent.
    [[nodiscard]] bool say(std::string_view bytes);

    /// Runs `program` with the port as its input and output, as programs that send files want it.
    [[nodiscard]] ProcessEnd lend(const std::string& program, std::vector<std::string> arguments,
                                  const Sink& on_error);

    [[nodiscard]] const std::string& device() const { return device_; }
    [[nodiscard]] unsigned speed() const { return speed_; }
    /// The signal that told this program to stop.
    [[nodiscard]] int signal() const { return signal_; }
    [[nodiscard]] std::chrono::milliseconds time_left() const;

  private:
    [[nodiscard]] bool make_raw() const;

    std::string device_;
    unsigned speed_;
    Clock::time_point limit_;
    Sink log_;
    StopSignals signals_;
    FileDescriptor port_;
    int signal_ = 0;
};

/// Whether `bytes` look like a line at the wrong speed: too little of them is text.
[[nodiscard]] bool is_garbage(std::string_view bytes);

}  // namespace hm::host
