#include "host/cli/boot_files_text.hpp"

#include <fmt/format.h>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

std::string address_text(std::uint32_t address) { return fmt::format("{:#010x}", address); }

/// What to type at U-Boot's prompt if the files are on the board's card.
std::string card_commands(const Board& board, const BootFiles& files, const BootFacts& facts) {
    const auto load = [&board](std::uint32_t address, const BootFile& file) {
        return fmt::format("    load {} {} {}\n", board.card(), address_text(address), file.name);
    };
    const std::string staged = address_text(facts.addresses.image);
    const std::string tree = address_text(facts.addresses.tree);
    // Some cards U-Boot only finds when asked to, or when it boots by itself.
    const std::string scan = fmt::format("    {}\n", board.uboot.card_scan);
    std::string text = fmt::format(
        "At U-Boot's prompt, with the card as `{}` (another number if U-Boot counts "
        "otherwise):\n",
        board.card());
    text += fmt::format("  {}, found by distro_bootcmd, as at power-on:\n    boot\n",
                        files.script.name);
    text += fmt::format("  {}:\n", files.legacy.name) + scan +
            load(facts.addresses.image, files.legacy) + load(facts.addresses.tree, files.tree) +
            fmt::format("    bootm {} - {}\n", staged, tree);
    text += fmt::format("  {}:\n", files.fit.name) + scan + load(facts.addresses.image, files.fit) +
            fmt::format("    bootm {}\n", staged);
    // A raw image is entered where it is loaded, which must be the address it was linked for.
    text += fmt::format("  {}:\n", files.raw.name) + scan + load(facts.raw.load, files.raw) +
            load(facts.addresses.tree, files.tree) +
            fmt::format("    bootz {} - {}\n", address_text(facts.raw.load), tree);
    return text;
}

/// What to type here, to make the card or, for an emulated board, the disk.
std::string writing_commands(const Board& board, const fs::path& folder, const BootFiles& files,
                             const BootFacts& facts) {
    const bool in_qemu = !board.qemu.disk.empty();
    const std::string device = in_qemu ? "disk.img" : "/dev/sdX";
    const std::string sudo = in_qemu ? "" : "sudo ";
    std::string text =
        in_qemu ? fmt::format("The disk, as a file (QEMU: {}):\n    truncate -s 32M {}\n",
                              board.qemu.disk, device)
                : fmt::format(
                      "The card, where it is {} here; its partitions are lost, the boot "
                      "loader's sectors before them are not:\n",
                      device);
    const auto put = [&](const BootFile& file, std::uint32_t sector) {
        text += fmt::format("    {}dd if={} of={} bs=512 seek={} conv=notrunc,fsync\n", sudo,
                            file.in(folder).string(), device, sector);
    };
    text += fmt::format("    {}/sbin/sfdisk --wipe never {} <{}\n", sudo, device,
                        (folder / files.partition->name).string());
    put(*files.volume, facts.partition.start);
    if (files.loader) {
        put(*files.loader, board.loader.sector);
        text += fmt::format(
            "The same on a card, where it is /dev/sdX here; all that it has is "
            "lost:\n    sudo dd if={} of=/dev/sdX bs=1M conv=fsync\n",
            device);
    }
    return text;
}

}  // namespace

std::string boot_files_table(const Board& board, const BootFiles& files, const BootFacts& facts,
                             std::size_t width) {
    Table table{{"file", "what", "bytes", "load", "entry"}, {}, 2};
    const auto add = [&table](const BootFile& file, std::string what, std::string load = "-",
                              std::string entry = "-") {
        table.rows.push_back({file.name, std::move(what),
                              number_text(static_cast<double>(file.bytes.size())), std::move(load),
                              std::move(entry)});
    };
    const auto add_image = [&add](const BootFile& file, std::string what, const Placement& at) {
        add(file, std::move(what), address_text(at.load), address_text(at.entry));
    };
    add_image(files.elf, "ELF", facts.elf);
    add_image(files.raw, "raw, zImage header", facts.raw);
    add_image(files.legacy, "uImage, CRCs right", facts.legacy.placement);
    add_image(files.fit, "FIT, SHA-256", facts.fit.placement);
    add(files.tree, "device tree", address_text(facts.fit.tree_address));
    add(files.script, "script, CRCs right");
    add_image(files.foreign_raw, "raw, for foreign guests", facts.foreign_raw);
    add_image(files.foreign, "uImage, the same", facts.foreign.placement);
    if (files.volume) {
        add(*files.volume, fmt::format("FAT \"{}\"", facts.volume.label),
            fmt::format("sector {}", facts.volume.start));
        add(*files.partition, "for sfdisk");
    }
    if (files.loader) {
        add(*files.loader, "SPL and U-Boot", fmt::format("sector {}", board.loader.sector));
    }
    return render(table, width);
}

std::string boot_commands(const Board& board, const fs::path& folder, const BootFiles& files,
                          const BootFacts& facts) {
    std::string text;
    if (board.has_qemu()) {
        text +=
            fmt::format("QEMU takes {}: hypmeter run --board {}\n\n",
                        board.qemu.hyp_by_uimage ? files.legacy.name : files.elf.name, board.name);
    }
    if (!board.card().empty()) {
        text += card_commands(board, files, facts);
    } else {
        text += "At U-Boot's prompt:\n";
    }
    text += fmt::format("  {}, over the serial line by YMODEM (here: sb -k {}):\n", files.fit.name,
                        (folder / files.fit.name).string());
    text += fmt::format("    loady {0}\n    bootm {0}\n", address_text(facts.addresses.image));
    text += "Parameters before any of them: setenv bootargs suite=quick only=hypercall\n";
    if (!board.loader.file.empty() && !files.loader) {
        text += fmt::format("\nA card needs U-Boot too: no {}; ./hypmeter u-boot fetches it\n",
                            board.loader.file);
    } else if (files.volume) {
        text += "\n" + writing_commands(board, folder, files, facts);
    }
    return text;
}

}  // namespace hm::host
