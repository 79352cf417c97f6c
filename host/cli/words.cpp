#include "host/cli/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <regex>

#include "host/base/text.hpp"
#include "host/machine/serial_line.hpp"

namespace hm::host {
namespace {

const std::map<std::string, LoadWay> kLoadWays{
    {"sd", LoadWay::kCard}, {"loady", LoadWay::kYmodem}, {"tftp", LoadWay::kTftp}};

}  // namespace

void add_serial(CLI::App& app, Words& words, const char* ways, const char* way) {
    app.add_option("--speed", words.speed, "serial: bits per second (default 115200)");
    app.add_option(way, words.load, ways);
    app.add_option("--card", words.card,
                   "serial: the card's partition as U-Boot names it, as \"mmc 0:1\"");
    app.add_option("--tftp-server", words.tftp_server,
                   "serial: the TFTP server's address, if DHCP does not give it");
    app.add_option("--prompt", words.prompt, "serial: U-Boot's prompt, if it is not recognised");
}

std::optional<UsageError> refuse_filter(const std::string& filter) {
    try {
        const std::regex check(filter);
        return std::nullopt;
    } catch (const std::regex_error&) {
        return UsageError{
            fmt::format("\"{}\" in --filter is no regular expression", printable(filter)),
            "a regular expression (ECMAScript) is found anywhere in a name: \"^timer\", "
            "\"stage1=lpae-4K .*nested\"\n"};
    }
}

std::optional<UsageError> refuse_others(const CLI::App& app,
                                        std::span<const std::string_view> taken,
                                        std::string_view on_what) {
    for (const CLI::Option* const option : app.get_options()) {
        const std::string name = option->get_name();
        if (option->count() > 0 && name != "--help" &&
            std::find(taken.begin(), taken.end(), name) == taken.end()) {
            return UsageError{fmt::format("{} has no effect {}", name, on_what),
                              fmt::format("options: {}\n", fmt::join(taken, ", "))};
        }
    }
    return std::nullopt;
}

void add_examples(CLI::App& command, const std::vector<std::string>& examples) {
    command.footer(fmt::format("Examples:\n  {}", fmt::join(examples, "\n  ")));
}

UsageError refuse_board(const std::string& name) {
    return {fmt::format("unknown board \"{}\"", name),
            fmt::format("boards: {}\n", names_of(boards()))};
}

std::optional<UsageError> take_machine(const Words& words, const std::filesystem::path& builds,
                                       RunOptions& run) {
    run.board = find_board(words.board);
    if (run.board == nullptr) {
        return refuse_board(words.board);
    }
    const auto machine = parse_machine(words.machine, machines());
    if (!machine) {
        return UsageError{fmt::format("unknown machine \"{}\"", words.machine),
                          fmt::format("machines: {}\n", forms_of(machines()))};
    }
    run.machine = *machine;
    if (std::string reason = machine->kind->why_not(*run.board); !reason.empty()) {
        return UsageError{std::move(reason), ""};
    }
    run.image = !words.image.empty()          ? std::filesystem::path(words.image)
                : machine->kind->boots_uimage ? uimage_of(*run.board, builds)
                                              : image_of(*run.board, builds);
    // Of the project, beside what was built.
    run.gem5_script = builds.parent_path() / "toolchain/gem5/hypmeter.py";
    return std::nullopt;
}

std::optional<UsageError> take_serial(const Words& words, LoadWay by_default,
                                      SerialOptions& serial) {
    if (std::find(kSpeeds.begin(), kSpeeds.end(), words.speed) == kSpeeds.end()) {
        return UsageError{fmt::format("no serial port runs at {} bits per second", words.speed),
                          fmt::format("speeds: {}\n", fmt::join(kSpeeds, ", "))};
    }
    const auto way = kLoadWays.find(words.load);
    if (way == kLoadWays.end() && !words.load.empty()) {
        return UsageError{fmt::format("unknown way to load \"{}\"", words.load),
                          "ways to load: sd, loady, tftp\n"};
    }
    const std::size_t blank = words.card.find(' ');
    if (!words.card.empty() && (blank == std::string::npos || words.card.find(':') < blank)) {
        return UsageError{fmt::format("\"{}\" is no partition of a card", words.card),
                          "as U-Boot names them: \"mmc 0:1\", \"virtio 0:1\"\n"};
    }
    serial = {words.speed,  way == kLoadWays.end() ? by_default : way->second,
              words.card,   words.tftp_server,
              words.prompt, words.resume};
    return std::nullopt;
}

}  // namespace hm::host
