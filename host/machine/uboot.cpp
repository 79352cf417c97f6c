#include "host/machine/uboot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "host/base/files.hpp"
#include "host/log/capture.hpp"
#include "host/machine/boot_images.hpp"
#include "measure/crc32.hpp"
#include "measure/record.hpp"

namespace hm::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPromptPatience{60};
constexpr seconds kLoadPatience{60};
constexpr seconds kNetworkPatience{60};
/// Every version of U-Boot takes a line of this length.
constexpr std::size_t kLongestCommand = 200;
constexpr std::string_view kInterrupt = "\x03";

std::uint32_t crc_of(std::string_view bytes) {
    return measure::crc32(std::as_bytes(std::span(bytes)));
}

std::string_view trimmed(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// The number after the last `mark`, in hexadecimal.
std::optional<std::uint32_t> hex_after(std::string_view text, std::string_view mark) {
    const std::size_t at = text.rfind(mark);
    std::uint32_t value = 0;
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const char* const first = text.data() + at + mark.size();
    const auto [end, error] = std::from_chars(first, text.data() + text.size(), value, 16);
    return error == std::errc() && end != first ? std::optional{value} : std::nullopt;
}

}  // namespace

std::string why_not_bootable(const std::filesystem::path& image) {
    const auto bytes = read_file(image);
    if (!bytes) {
        return fmt::format("no image \"{}\"; build it, or name one with --image", image.string());
    }
    const auto parsed = parse_legacy_image(*bytes);
    if (!parsed.value) {
        return fmt::format("cannot boot \"{}\": it {}", image.string(), parsed.error);
    }
    return parsed.value->type == kLegacyKernel
               ? std::string()
               : fmt::format("cannot boot \"{}\": it holds no kernel", image.string());
}

std::string_view last_line(std::string_view text) {
    const std::size_t cut = text.find_last_of("\r\n");
    return cut == std::string_view::npos ? text : text.substr(cut + 1);
}

std::string last_words(std::string_view text) {
    const std::size_t end = text.find_last_not_of("\r\n ");
    return end == std::string_view::npos ? std::string("it said nothing")
                                         : std::string(last_line(text.substr(0, end + 1)));
}

bool may_be_prompt(std::string_view line, std::string_view given) {
    if (!given.empty()) {
        return trimmed(line) == trimmed(given);
    }
    constexpr std::size_t kLongest = 40;
    return line.size() <= kLongest &&
           (line.ends_with("=> ") || line.ends_with("# ") || line.ends_with("$ "));
}

/// Appends what comes within `patience`; fails if the line does.
void UBoot::listen(milliseconds patience, std::string& text) {
    switch (line_.hear(patience, text)) {
        case Heard::kBytes:
        case Heard::kSilence:
            return;
        case Heard::kBroken:
            throw BoardError(fmt::format("port \"{}\" went away during the dialogue with U-Boot",
                                         line_.device()));
        case Heard::kLimit:
            throw BoardError("the time limit was reached during the dialogue with U-Boot");
        case Heard::kStopped:
            break;
    }
    throw BoardError("stopped during the dialogue with U-Boot");
}

void UBoot::no_prompt(const std::string& heard) const {
    if (is_garbage(heard)) {
        throw BoardError(
            fmt::format("mostly garbage comes from \"{}\" at {} bits a second: is --speed right?",
                        line_.device(), line_.speed()));
    }
    if (heard.find(measure::kRecordMarker) != std::string::npos) {
        throw BoardError(
            fmt::format("no prompt of U-Boot on \"{}\": an image runs there already, because "
                        "U-Boot booted it by "
                        "itself; reset the board, or call again when the run is over",
                        line_.device()));
    }
    throw BoardError(fmt::format(
        "no prompt of U-Boot on \"{}\": {}", line_.device(),
        heard.empty() ? "nothing came; is the board on, and is this its port?"
                      : fmt::format("the last that came was \"{}\"; reset the board, or name the "
                                    "prompt with --prompt",
                                    last_words(heard))));
}

void UBoot::reach_prompt() {
    // Long enough that the echo of a key which stopped the autoboot is not taken for an answer.
    constexpr milliseconds kQuiet{400};
    constexpr milliseconds kKnock{2000};
    constexpr std::size_t kEnoughGarbage = 512;
    steps_.step(fmt::format("waiting for U-Boot on {}", line_.device()));
    std::string heard;
    const auto give_up = SerialLine::Clock::now() + kPromptPatience;
    auto knock = SerialLine::Clock::now();
    std::string candidate;
    bool runs_already = false;
    while (SerialLine::Clock::now() < give_up) {
        if (SerialLine::Clock::now() >= knock) {
            (void)line_.say("\r");
            knock = SerialLine::Clock::now() + kKnock;
        }
        std::string more;
        try {
            listen(kQuiet, more);
        } catch (const BoardError&) {
            // What came tells a time limit shorter than ours from a wrong speed.
            if (line_.is_open() && line_.time_left().count() == 0) {
                no_prompt(heard);
            }
            throw;
        }
        heard += more;
        if (heard.find(kWhat) != std::string::npos) {
            throw BoardError(
                "the target of an earlier run still lingers there: take the rest of its results "
                "with --resume, or reset the board");
        }
        if (heard.size() >= kEnoughGarbage && is_garbage(heard)) {
            no_prompt(heard);
        }
        if (!runs_already && heard.find(measure::kRecordMarker) != std::string::npos) {
            runs_already = true;
            steps_.step("an image runs there already: reset the board to choose what runs");
        }
        if (more.find("Hit any key") != std::string::npos ||
            more.find("autoboot") != std::string::npos) {
            knock = SerialLine::Clock::now();
            continue;
        }
        const std::string line(last_line(heard));
        if (!more.empty() || !may_be_prompt(line, prompt_)) {
            continue;
        }
        // The same line must come a second time: not every "# " is a prompt.
        if (candidate != line) {
            candidate = line;
            heard.clear();
            knock = SerialLine::Clock::now();
            continue;
        }
        prompt_ = line;
        if (ask("version").text.find("U-Boot") == std::string::npos) {
            throw BoardError(
                fmt::format("\"{}\" on \"{}\" is not U-Boot's prompt", prompt_, line_.device()));
        }
        return;
    }
    no_prompt(heard);
}

/// Whether U-Boot echoes exactly what was typed.
bool UBoot::echoed(std::string_view piece) {
    constexpr milliseconds kEcho{1000};
    std::string text;
    const auto give_up = SerialLine::Clock::now() + kEcho;
    while (text.size() < piece.size() && SerialLine::Clock::now() < give_up) {
        listen(milliseconds(100), text);
    }
    return text == piece;
}

/// Sends a command in pieces that fit any receiver. The echo of each is checked, so that a damaged
/// command is never executed. A board that is deaf for some seconds is asked again.
void UBoot::type(const std::string& command) {
    constexpr std::size_t kPiece = 8;
    constexpr int kAttempts = 3;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        bool whole = true;
        for (std::size_t at = 0; whole && at < command.size(); at += kPiece) {
            const std::string piece = command.substr(at, kPiece);
            whole = line_.say(piece) && echoed(piece);
        }
        if (whole) {
            (void)line_.say("\r");
            return;
        }
        (void)line_.say(kInterrupt);
        // The next attempt tells whether it came.
        std::string text;
        (void)prompt_came(seconds(2), text);
    }
    throw BoardError(
        fmt::format("U-Boot does not echo what is typed: \"{}\"; is the line good?", command));
}

/// Whether the prompt comes in time; `text` gets what comes before it.
bool UBoot::prompt_came(milliseconds patience, std::string& text) {
    const auto give_up = SerialLine::Clock::now() + patience;
    while (SerialLine::Clock::now() < give_up) {
        listen(milliseconds(200), text);
        if (last_line(text) == prompt_) {
            text.resize(text.size() - prompt_.size());
            return true;
        }
    }
    return false;
}

/// What comes before the next prompt.
std::string UBoot::until_prompt(milliseconds patience) {
    std::string text;
    if (prompt_came(patience, text)) {
        return text;
    }
    throw BoardError(fmt::format("U-Boot did not come back within {} s; the last it said: {}",
                                 std::chrono::duration_cast<seconds>(patience).count(),
                                 last_words(text)));
}

UBoot::Reply UBoot::ask(const std::string& command, milliseconds patience) {
    // U-Boot's messages about failure differ by version; its status does not.
    constexpr std::string_view kStatus = "status=";
    type(fmt::format("{}; echo {}$?", command, kStatus));
    std::string text = until_prompt(patience);
    const std::size_t at = text.rfind(kStatus);
    const bool ok = at != std::string::npos && text.substr(at + kStatus.size(), 1) == "0";
    text.resize(std::min(at, text.size()));
    return {ok, std::move(text)};
}

std::string UBoot::must(const std::string& command, milliseconds patience) {
    const Reply reply = ask(command, patience);
    if (!reply.ok) {
        throw BoardError(fmt::format("U-Boot refuses \"{}\": {}", command, last_words(reply.text)));
    }
    return reply.text;
}

std::uint32_t UBoot::loaded_size() {
    return hex_after(ask("printenv filesize").text, "filesize=").value_or(0);
}

bool UBoot::in_memory(std::uint32_t address, std::string_view bytes) {
    const std::string text =
        must(fmt::format("crc32 {:x} {:x}", address, bytes.size()), seconds(30));
    return hex_after(text, "==> ") == crc_of(bytes);
}

std::string UBoot::find_on_card(const std::string& asked, const std::string& name) {
    (void)ask(std::string(board_.uboot.card_scan), seconds(20));
    if (!asked.empty()) {
        return ask(fmt::format("fatsize {} {}", asked, name)).ok ? asked : std::string();
    }
    for (const std::string_view card : board_.uboot.cards) {
        if (ask(fmt::format("fatsize {} {}", card, name)).ok) {
            return std::string(card);
        }
    }
    return {};
}

void UBoot::send_file(const std::filesystem::path& file, std::uint32_t address) {
    const std::string program = find_program("sb");
    if (program.empty()) {
        throw BoardError("cannot send by Y-modem: no program \"sb\" (Debian package lrzsz)");
    }
    type(fmt::format("loady {:x}", address));
    std::string text;
    listen(milliseconds(500), text);
    const std::size_t kilobytes = (std::filesystem::file_size(file) + 1023) / 1024;
    const ProcessEnd end =
        line_.lend(program, {"--1k", file.string()}, [&](std::string_view words) {
            // "Ymodem sectors/kbytes sent: 120/15k"
            std::size_t sent = 0;
            const std::size_t slash = words.rfind('/');
            const std::size_t digit = words.find_first_not_of("/ ", slash);
            if (slash != std::string_view::npos && digit != std::string_view::npos &&
                std::from_chars(words.data() + digit, words.data() + words.size(), sent).ec ==
                    std::errc()) {
                steps_.passing(fmt::format("sending {} of {} KB", sent, kilobytes));
            }
        });
    if (end.ending != Ending::kExited) {
        throw BoardError("sending by Y-modem: " + describe(end));
    }
    if (end.code != 0) {
        // The receiver still waits, and gives up on these.
        (void)line_.say(kInterrupt);
        (void)line_.say("\x18\x18\x18\x18");
    }
    // The prompt may have come while the other program had the port, so ask for another one; then
    // read everything, so that nothing is taken for an echo later.
    (void)line_.say("\r");
    text = prompt_;
    (void)until_prompt(seconds(30));
    while (!text.empty()) {
        text.clear();
        listen(milliseconds(300), text);
    }
}

void UBoot::start_network(const SerialOptions& options) {
    if (network_is_up_) {
        return;
    }
    if (!board_.uboot.network_start.empty()) {
        (void)must(std::string(board_.uboot.network_start), kNetworkPatience);
    }
    (void)must("setenv autoload no");
    (void)must("dhcp", kNetworkPatience);
    if (!options.tftp_server.empty()) {
        (void)must("setenv serverip " + options.tftp_server);
    }
    network_is_up_ = true;
}

void UBoot::load_once(const SerialOptions& options, const std::filesystem::path& file,
                      const std::string& name, std::uint32_t address) {
    switch (options.load) {
        case LoadWay::kYmodem:
            send_file(file, address);
            return;
        case LoadWay::kTftp:
            start_network(options);
            (void)must(fmt::format("tftpboot {:x} {}", address, name), kNetworkPatience);
            return;
        case LoadWay::kCard:
            break;
    }
    const std::string card = find_on_card(options.card, name);
    if (card.empty()) {
        throw BoardError(fmt::format(
            "no card holds {}: copy it to the card's FAT partition, or send it with {} loady", name,
            options.load_option));
    }
    (void)must(fmt::format("fatload {} {:x} {}", card, address, name), kLoadPatience);
}

void UBoot::load(const SerialOptions& options, const std::filesystem::path& file,
                 const std::string& name, std::uint32_t address) {
    const std::string bytes = read_file(file).value_or("");
    std::string found;
    for (int attempt = 0; attempt < 2; ++attempt) {
        steps_.step(fmt::format("{} {} ({} KB)", attempt == 0 ? "loading" : "loading again,", name,
                                (bytes.size() + 1023) / 1024));
        load_once(options, file, name, address);
        const std::uint32_t size = loaded_size();
        if (size == bytes.size() && in_memory(address, bytes)) {
            return;
        }
        found = size == bytes.size() ? "the CRC is wrong"
                                     : fmt::format("{} bytes of {} came", size, bytes.size());
    }
    throw BoardError(options.load == LoadWay::kCard
                         ? fmt::format("CRC failure: {} on the card is not {} ({}): {} writes it",
                                       name, file.string(), found, options.renewal)
                         : fmt::format("CRC failure: {} did not arrive whole in two attempts ({})",
                                       name, found));
}

void UBoot::set_arguments(const std::string& arguments) {
    std::string command = "setenv bootargs";
    std::string_view rest = arguments;
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        if (command.size() + 1 + word.size() > kLongestCommand) {
            (void)must(command);
            command = "setenv bootargs ${bootargs}";
        }
        command.append(" ").append(word);
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
    (void)must(command);
}

}  // namespace hm::host
