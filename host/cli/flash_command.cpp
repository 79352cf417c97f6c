#include "host/cli/flash_command.hpp"

#include <fmt/format.h>

#include <chrono>
#include <span>
#include <vector>

#include "host/base/files.hpp"
#include "host/machine/serial_line.hpp"
#include "host/machine/uboot.hpp"
#include "measure/crc32.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

struct CardFile {
    fs::path source;
    std::string name;  ///< on the card
    std::string bytes;
};

std::string summary(const CardFile& file) {
    return fmt::format("{} ({} bytes, CRC-32 {:08x})", file.name, file.bytes.size(),
                       measure::crc32(std::as_bytes(std::span(file.bytes))));
}

class Flasher {
  public:
    Flasher(UBoot& uboot, const Board& board, const FlashOptions& options, Steps& steps)
        : uboot_(uboot), board_(board), options_(options), steps_(steps) {}

    /// What was done, in one line for people.
    std::string flash(const CardFile& file, const std::string& card) {
        if (same_on_card(file, card)) {
            return fmt::format("{} is on {} already", summary(file), card);
        }
        uboot_.load(options_.serial, file.source, file.name, board_.uboot.load);
        steps_.step(fmt::format("writing {}", file.name));
        std::string why;
        for (int attempt = 0; attempt < 2; ++attempt) {
            try {
                const auto written =
                    uboot_.ask(fmt::format("fatwrite {} {:x} {} {:x}", card, board_.uboot.load,
                                           file.name, file.bytes.size()),
                               kCardPatience);
                if (!written.ok) {
                    why = "U-Boot cannot write: " + last_words(written.text);
                    continue;
                }
                if (same_on_card(file, card)) {
                    return fmt::format("{} is on {}: read back and equal", summary(file), card);
                }
                why = "CRC failure: what is read back is not what was written";
            } catch (const BoardError& error) {
                throw BoardError(fmt::format("{}; {}", error.what(), warning(file, card)));
            }
        }
        throw BoardError(fmt::format("{}; {}", why, warning(file, card)));
    }

  private:
    static constexpr std::chrono::seconds kCardPatience{60};

    static std::string warning(const CardFile& file, const std::string& card) {
        return fmt::format("{} on {} may be damaged: flash again before it is booted", file.name,
                           card);
    }

    bool same_on_card(const CardFile& file, const std::string& card) {
        steps_.step(fmt::format("reading {} on {}", file.name, card));
        const std::string read =
            fmt::format("fatload {} {:x} {}", card, board_.uboot.proof, file.name);
        return uboot_.ask(read, kCardPatience).ok && uboot_.loaded_size() == file.bytes.size() &&
               uboot_.in_memory(board_.uboot.proof, file.bytes);
    }

    UBoot& uboot_;
    const Board& board_;
    const FlashOptions& options_;
    Steps& steps_;
};

/// The image, and the files beside it with which the board starts it by itself.
std::vector<CardFile> files_of(const FlashOptions& options) {
    std::vector<CardFile> files;
    files.push_back({options.image, uimage_name(*options.board), ""});
    for (const fs::path& source :
         {tree_of(*options.board, options.image), options.image.parent_path() / "boot.scr"}) {
        if (options.with_neighbours && fs::is_regular_file(source)) {
            files.push_back({source, source.filename().string(), ""});
        }
    }
    return files;
}

}  // namespace

int flash_command(const FlashOptions& options, const Console& console) {
    std::vector<CardFile> files = files_of(options);
    for (CardFile& file : files) {
        const auto bytes = read_file(file.source);
        if (!bytes) {
            return refuse(console, kFailed,
                          fmt::format("no file \"{}\"; build it, or name one with --image",
                                      file.source.string()));
        }
        file.bytes = *bytes;
    }
    if (const std::string why = why_not_bootable(options.image); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    SerialLine line(options.machine.where, options.serial.speed,
                    SerialLine::Clock::now() + options.time_limit, [](std::string_view) {});
    if (const std::string why = line.open(); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    Steps steps(console);
    try {
        const Board& board = *options.board;
        UBoot uboot(line, board, options.serial.prompt, steps);
        uboot.reach_prompt();
        std::string card = uboot.find_on_card(options.serial.card, files.front().name);
        if (card.empty() && options.serial.card.empty()) {
            // This program does not guess which of several cards is meant.
            throw BoardError(fmt::format("no card holds {}: name the card with --card \"{}\"",
                                         files.front().name, board.card()));
        }
        card = card.empty() ? options.serial.card : card;
        Flasher flasher(uboot, board, options, steps);
        for (const CardFile& file : files) {
            const std::string done = flasher.flash(file, card);
            steps.clear();
            console.out << done << std::endl;
        }
    } catch (const BoardError& error) {
        steps.clear();
        return refuse(console, kFailed, error.what());
    }
    return kAllOk;
}

}  // namespace hm::host
