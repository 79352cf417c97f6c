#include "host/cli/flash_words.hpp"

namespace hm::host {

CLI::App* add_flash(CLI::App& app, Words& words) {
    CLI::App* flash = app.add_subcommand("flash", "Update the files on a board's card");
    flash->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    flash->add_option("--machine", words.machine, "serial:DEVICE, a board's serial port")
        ->required();
    add_serial(*flash, words, "how the files get there: loady (serial line; the default), tftp");
    flash->add_option("--image", words.image, "uImage to write instead of the board's own");
    flash->add_option("--time-limit", words.time_limit, "Seconds (default 900)")
        ->check(CLI::Range(1, kLongestLimit));
    add_examples(*flash, {"hypmeter flash --board arndale --machine serial:/dev/ttyUSB0"});
    return flash;
}

Options check_flash(const Words& words, const std::filesystem::path& builds) {
    RunOptions run;
    if (auto refusal = take_machine(words, builds, run)) {
        return *refusal;
    }
    if (!run.machine.kind->boots_uimage) {
        return UsageError{"flash writes to a board's card: name its port",
                          "machines: serial:DEVICE\n"};
    }
    FlashOptions flash{run.board,
                       run.machine,
                       {},
                       run.image,
                       words.image.empty(),
                       words.time_limit ? std::chrono::seconds(*words.time_limit) : kLongLimit};
    if (auto refusal = take_serial(words, LoadWay::kYmodem, flash.serial)) {
        return *refusal;
    }
    if (flash.serial.load == LoadWay::kCard) {
        return UsageError{"flash cannot load from the card that it writes to",
                          "ways to load: loady, tftp\n"};
    }
    return flash;
}

}  // namespace hm::host
