#include "host/alone/serial_machine.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "host/alone/alone.hpp"
#include "host/log/json.hpp"
#include "host/machine/machine_verdicts.hpp"
#include "host/machine/serial_line.hpp"
#include "host/machine/uboot.hpp"

namespace hm::host {
namespace {

constexpr const char* kImageName = "hypmeter-alone";

class SerialAlone final : public Machine {
  public:
    SerialAlone(const RunOptions& options, const Console& console)
        : options_(options), steps_(console) {}

    [[nodiscard]] std::string prepare() override { return read_alone_image(options_.image).error; }
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener) override;
    [[nodiscard]] bool read(Listener& listener) override;
    [[nodiscard]] MachineEnd end(Listener& listener) override;

  private:
    void boot();
    bool stop(std::string why) {
        ending_ = std::move(why);
        return false;
    }

    const RunOptions& options_;
    Steps steps_;
    std::optional<SerialLine> line_;
    std::string prompt_;
    std::string recent_;  ///< what was said before the first record
    std::string ending_;
};

std::string SerialAlone::start(const Drafts&, Listener& listener) {
    line_.emplace(options_.machine.where, options_.serial.speed,
                  SerialLine::Clock::now() + options_.time_limit,
                  [&listener](std::string_view bytes) { listener.keep(bytes); });
    if (std::string why = line_->open(); !why.empty()) {
        return why;
    }
    std::string why;
    try {
        boot();
    } catch (const BoardError& error) {
        why = error.what();
    }
    steps_.clear();
    return why;
}

void SerialAlone::boot() {
    UBoot uboot(*line_, *options_.board, options_.serial.prompt, steps_);
    uboot.reach_prompt();
    // Where U-Boot itself would put a kernel, whatever board this is.
    const auto address = address_in_environment(uboot.ask("printenv kernel_addr_r").text);
    if (!address) {
        throw BoardError(
            "U-Boot's variable kernel_addr_r does not name a multiple of 4 KB: the address to "
            "which the image goes");
    }
    uboot.load(options_.serial, options_.image, kImageName, *address);
    uboot.set_arguments(target_command_line(options_));
    steps_.step("booting");
    uboot.leave(fmt::format("bootz {:x} - ${{fdtcontroladdr}}", *address));
    prompt_ = uboot.prompt();
}

bool SerialAlone::read(Listener& listener) {
    constexpr std::chrono::milliseconds kLook{500};
    if (listener.so_far().ended()) {
        return stop("every record came");
    }
    std::string bytes;
    const Heard heard = line_->hear(kLook, bytes);
    listener.read(bytes);
    if (!listener.has_begun()) {
        recent_ += bytes;
    }
    switch (heard) {
        case Heard::kBytes:
            return true;
        case Heard::kSilence:
            if (!listener.has_begun() && last_line(recent_) == prompt_) {
                recent_.resize(recent_.size() - prompt_.size());
                return stop("U-Boot did not start the image: " + last_words(recent_));
            }
            return true;
        case Heard::kBroken:
            return stop("the line broke");
        case Heard::kLimit:
            return stop("ended here at the time limit (--time-limit)");
        case Heard::kStopped:
            break;
    }
    return stop(describe({Ending::kInterrupted, line_->signal()}));
}

MachineEnd SerialAlone::end(Listener& listener) {
    const RunLog& log = listener.finish();
    MachineEnd known;
    known.verdicts = judge_under(log, options_.under);
    known.host = dump(Json{{"serial", Json{{"device", line_->device()}, {"speed", line_->speed()}}},
                           {"command", target_command_line(options_)}});
    known.ending = "serial line: " + ending_;
    known.interrupted = line_->signal() != 0;
    return known;
}

}  // namespace

std::optional<std::uint32_t> address_in_environment(std::string_view said) {
    constexpr std::uint32_t kPage = 4096;
    const std::size_t equals = said.find('=');
    if (equals == std::string_view::npos) {
        return std::nullopt;
    }
    said.remove_prefix(equals + 1);
    said.remove_prefix(said.starts_with("0x") ? 2 : 0);
    std::uint32_t address = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), address, 16);
    const bool is_number = error == std::errc() && end != said.data();
    const std::string_view rest(end, static_cast<std::size_t>(said.data() + said.size() - end));
    return is_number && rest.find_first_not_of(" \r\n") == std::string_view::npos &&
                   address % kPage == 0 && address != 0
               ? std::optional(address)
               : std::nullopt;
}

constinit const MachineKind kSerialAlone{
    .name = "a board at a serial port",
    .form = "serial:DEVICE",
    .meaning = "natively on a board, started by its U-Boot at a serial port",
    .own_log = "",
    .time_limit = std::chrono::minutes(15),
    .boots_uimage = false,
    .goes_on = false,
    .options = kSerialAloneOptions,
    .host_keys = HostKeys::kNone,
    .hardware = "a board has its own cores and memory",
    .why_not = [](const Board&) { return std::string(); },
    .make = [](const RunOptions& options, const Console& console) -> std::unique_ptr<Machine> {
        return std::make_unique<SerialAlone>(options, console);
    }};

}  // namespace hm::host
