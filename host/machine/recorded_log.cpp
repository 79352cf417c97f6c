#include "host/machine/recorded_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "host/base/descriptor.hpp"
#include "measure/scenario.hpp"

namespace hm::host {
namespace {

constexpr int kPatienceMs = 200;

class RecordedLog final : public Machine {
  public:
    explicit RecordedLog(const RunOptions& options) : options_(options) {}

    [[nodiscard]] std::string prepare() override {
        const std::string& name = options_.machine.where;
        file_ = FileDescriptor(name == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                           : ::open(name.c_str(), O_RDONLY | O_CLOEXEC));
        return file_.get() >= 0
                   ? std::string()
                   : fmt::format("cannot read the log \"{}\": {}", name, std::strerror(errno));
    }

    [[nodiscard]] std::string start(const Drafts&, Listener&) override { return {}; }

    [[nodiscard]] bool read(Listener& listener) override {
        if (listener.so_far().ended() || stop_.take() != 0) {
            return false;
        }
        if (listener.seconds() > static_cast<double>(options_.time_limit.count())) {
            ending_ =
                fmt::format("given up at the time limit of {} s", options_.time_limit.count());
            return false;
        }
        pollfd wanted{file_.get(), POLLIN, 0};
        if (::poll(&wanted, 1, kPatienceMs) <= 0) {
            return true;
        }
        const ssize_t size = ::read(file_.get(), bytes_.data(), bytes_.size());
        if (size < 0) {
            ending_ = std::strerror(errno);
        } else if (size > 0) {
            listener.take({bytes_.data(), static_cast<std::size_t>(size)});
        }
        return size > 0;
    }

    [[nodiscard]] MachineEnd end(Listener& listener) override {
        MachineEnd end;
        end.ending = "the log: " + ending_;
        if (!listener.heard_anything()) {
            end.refusal = fmt::format("nothing came from the log \"{}\": {}",
                                      options_.machine.where, ending_);
        } else if (const auto& begin = listener.so_far().begin) {
            // The guest that comes alone belongs to no board.
            const bool same =
                begin->board == options_.board->name || begin->board == measure::kAlone;
            end.verdicts.push_back(
                {"log is of the board", same,
                 same ? "" : fmt::format("it is of board {}: name that by --board", begin->board)});
        }
        return end;
    }

  private:
    const RunOptions& options_;
    FileDescriptor file_;
    StopSignals stop_;
    std::array<char, 65536> bytes_{};
    std::string ending_ = "read to its end";
};

}  // namespace

constinit const MachineKind kRecordedLog{
    .name = "a recorded log",
    .form = "log:FILE",
    .meaning = "what a target said elsewhere (log:-, standard input)",
    .own_log = "",
    .time_limit = std::chrono::hours(2),
    .boots_uimage = false,
    .goes_on = false,
    .options = {},
    .host_keys = HostKeys::kNone,
    .hardware = "the run of a log is over",
    .why_not = [](const Board&) { return std::string(); },
    .make = [](const RunOptions& options, const Console&) -> std::unique_ptr<Machine> {
        return std::make_unique<RecordedLog>(options);
    }};

}  // namespace hm::host
