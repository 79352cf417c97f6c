#include "host/cli/image_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/machine/boards.hpp"
#include "host/machine/boot_images.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// One file: its name, its bytes, and the folder that it is in, where that is another one.
struct File {
    std::string name;
    std::string bytes;
    fs::path elsewhere{};

    [[nodiscard]] fs::path in(const fs::path& folder) const {
        return (elsewhere.empty() ? folder : elsewhere) / name;
    }
};

/// All files that boot a board.
struct Files {
    File elf, raw, legacy, fit, tree, script;
    File foreign_raw, foreign;              ///< the image for foreign guests, raw and as a uImage
    std::optional<File> volume, partition;  ///< of boards with a card
    std::optional<File> loader;             ///< of cards that U-Boot itself is on, if it is here

    [[nodiscard]] std::vector<File*> all() {
        std::vector<File*> files{&elf, &raw, &legacy, &fit, &tree, &script, &foreign_raw, &foreign};
        if (volume && partition) {
            files.insert(files.end(), {&*volume, &*partition});
        }
        if (loader) {
            files.push_back(&*loader);
        }
        return files;
    }
};

/// What was read out of them.
struct Facts {
    Placement elf, raw, foreign_raw;
    LegacyImage legacy, foreign;
    FitImage fit;
    std::string model;
    LegacyImage script;
    BootAddresses addresses;
    FatVolume volume;
    PartitionEntry partition;
};

Files names_of(const Board& board) {
    const std::string name = fmt::format("hypmeter-{}", board.name);
    Files files{{name + ".elf", ""},
                {name + ".bin", ""},
                {name + ".uimg", ""},
                {name + ".itb", ""},
                {name + ".dtb", ""},
                {"boot.scr", ""},
                {name + "-foreign.bin", ""},
                {foreign_uimage_name(board), ""},
                std::nullopt,
                std::nullopt,
                std::nullopt};
    if (!board.card().empty()) {
        files.volume = File{name + ".fat", ""};
        files.partition = File{name + ".sfdisk", ""};
    }
    return files;
}

/// Reads what parse functions find into Facts; the first complaint is kept.
class Reader {
  public:
    explicit Reader(const fs::path& folder) : folder_(folder) {}

    template <class T>
    void take(const File& file, Parsed<T> parsed, T& to) {
        if (parsed.value) {
            to = *std::move(parsed.value);
        } else {
            complain(file, parsed.error);
        }
    }

    void require(bool holds, const File& file, std::string_view complaint) {
        if (!holds) {
            complain(file, complaint);
        }
    }

    [[nodiscard]] const std::string& complaint() const { return complaint_; }

  private:
    void complain(const File& file, std::string_view complaint) {
        if (complaint_.empty()) {
            complaint_ = fmt::format("\"{}\" {}", file.in(folder_).string(), complaint);
        }
    }

    const fs::path& folder_;
    std::string complaint_;
};

/// What the files must agree on, so that each boots the same program.
void check_agreement(const Files& files, const Facts& facts, Reader& reader) {
    constexpr std::string_view kOther = "places the image elsewhere than the ELF image does";
    reader.require(facts.raw == facts.elf, files.raw, kOther);
    reader.require(facts.legacy.placement == facts.elf, files.legacy, kOther);
    reader.require(facts.fit.placement == facts.elf, files.fit, kOther);
    constexpr std::string_view kOtherBytes = "holds other bytes than the raw image";
    reader.require(facts.legacy.data == files.raw.bytes, files.legacy, kOtherBytes);
    reader.require(facts.foreign.data == files.foreign_raw.bytes, files.foreign, kOtherBytes);
    reader.require(facts.foreign.placement == facts.foreign_raw, files.foreign,
                   "places the image elsewhere than the raw image does");
    reader.require(facts.fit.kernel == files.raw.bytes, files.fit, kOtherBytes);
    reader.require(facts.fit.tree == files.tree.bytes, files.fit,
                   "holds another device tree than the one beside it");
    reader.require(facts.fit.hashed, files.fit, "has no SHA-256 for what it holds");
    reader.require(facts.fit.tree_address == facts.addresses.tree, files.script,
                   "puts the device tree elsewhere than the FIT does");
}

/// The sectors that `bytes` fill.
std::size_t sectors_of(std::string_view bytes) {
    constexpr std::size_t kSector = 512;
    return (bytes.size() + kSector - 1) / kSector;
}

void check_loader(const Board& board, const Files& files, const Facts& facts, Reader& reader) {
    // The boot ROM looks for these words behind the first branch (U-Boot, include/sunxi_image.h).
    constexpr std::string_view kMagic = "eGON.BT0";
    constexpr std::size_t kMagicOffset = 4;
    const std::string_view bytes = files.loader->bytes;
    reader.require(bytes.size() > kMagicOffset && bytes.substr(kMagicOffset).starts_with(kMagic),
                   *files.loader, "is no boot loader for an Allwinner board");
    reader.require(
        board.loader.sector + sectors_of(bytes) <= facts.partition.start, *files.loader,
        fmt::format("reaches into the partition that starts at sector {}", facts.partition.start));
}

void check_card(const Files& files, const Facts& facts, Reader& reader) {
    reader.require(facts.volume.start == facts.partition.start &&
                       facts.volume.sectors == facts.partition.sectors,
                   *files.partition, "describes another partition than the one beside it");
    // mcopy fills an empty volume front to back: each file is in one piece.
    for (const File* const file :
         {&files.raw, &files.legacy, &files.fit, &files.tree, &files.script}) {
        reader.require(files.volume->bytes.find(file->bytes) != std::string::npos, *files.volume,
                       fmt::format("does not hold {} as it is now", file->name));
    }
}

Facts read_facts(const Board& board, const Files& files, Reader& reader) {
    Facts facts;
    std::string_view text;
    reader.take(files.elf, parse_elf(files.elf.bytes), facts.elf);
    reader.take(files.raw, parse_raw_image(files.raw.bytes), facts.raw);
    reader.take(files.legacy, parse_legacy_image(files.legacy.bytes), facts.legacy);
    reader.take(files.fit, parse_fit(files.fit.bytes), facts.fit);
    reader.take(files.tree, parse_device_tree(files.tree.bytes), facts.model);
    reader.take(files.script, parse_legacy_image(files.script.bytes), facts.script);
    reader.take(files.foreign_raw, parse_raw_image(files.foreign_raw.bytes), facts.foreign_raw);
    reader.take(files.foreign, parse_legacy_image(files.foreign.bytes), facts.foreign);
    reader.require(facts.legacy.type == kLegacyKernel, files.legacy, "is no kernel");
    reader.require(facts.foreign.type == kLegacyKernel, files.foreign, "is no kernel");
    reader.take(files.script, script_text(facts.script), text);
    reader.take(files.script, parse_boot_script(text), facts.addresses);
    check_agreement(files, facts, reader);
    if (files.volume) {
        reader.take(*files.volume, parse_fat(files.volume->bytes), facts.volume);
        reader.take(*files.partition, parse_partition(files.partition->bytes), facts.partition);
        check_card(files, facts, reader);
    }
    if (files.loader) {
        check_loader(board, files, facts, reader);
    }
    return facts;
}

std::string address_text(std::uint32_t address) { return fmt::format("{:#010x}", address); }

std::string table_text(const Board& board, const Files& files, const Facts& facts,
                       std::size_t width) {
    Table table{{"file", "what", "bytes", "load", "entry"}, {}, 2};
    const auto add = [&table](const File& file, std::string what, std::string load = "-",
                              std::string entry = "-") {
        table.rows.push_back({file.name, std::move(what),
                              number_text(static_cast<double>(file.bytes.size())), std::move(load),
                              std::move(entry)});
    };
    const auto add_image = [&add](const File& file, std::string what, const Placement& at) {
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

/// What to type at U-Boot's prompt if the files are on the board's card.
std::string card_commands(const Board& board, const Files& files, const Facts& facts) {
    const auto load = [&board](std::uint32_t address, const File& file) {
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
std::string writing_commands(const Board& board, const fs::path& folder, const Files& files,
                             const Facts& facts) {
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
    const auto put = [&](const File& file, std::uint32_t sector) {
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

std::string commands_text(const Board& board, const fs::path& folder, const Files& files,
                          const Facts& facts) {
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

/// What is wrong with the files of the build, or else nothing; they are read into `files`.
std::string read_files(const ImageOptions& options, Files& files) {
    for (File* const file : files.all()) {
        auto bytes = read_file(options.folder / file->name);
        if (!bytes) {
            return fmt::format("no \"{}\"; build it: ./hypmeter image --board {}",
                               (options.folder / file->name).string(), options.board->name);
        }
        file->bytes = *std::move(bytes);
    }
    // It is Debian's, and not everyone can fetch it.
    if (!options.loader.empty()) {
        if (auto bytes = read_file(options.loader)) {
            files.loader =
                File{options.loader.filename(), *std::move(bytes), options.loader.parent_path()};
        }
    }
    return {};
}

}  // namespace

int image_command(const ImageOptions& options, const Console& console) {
    const Board& board = *options.board;
    Files files = names_of(board);
    if (const std::string why = read_files(options, files); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    Reader reader(options.folder);
    const Facts facts = read_facts(board, files, reader);
    if (!reader.complaint().empty()) {
        return refuse(console, kFailed, reader.complaint());
    }
    if (!options.out.empty()) {
        if (const std::string why = make_folder(options.out); !why.empty()) {
            return refuse(console, kBadUsage, why);
        }
        for (const File* const file : files.all()) {
            if (!write_file(options.out / file->name, file->bytes)) {
                return refuse(
                    console, kFailed,
                    fmt::format("cannot write \"{}\": {}", (options.out / file->name).string(),
                                std::strerror(errno)));
            }
        }
        if (files.loader) {
            files.loader->elsewhere = options.out;
        }
    }
    const fs::path& folder = options.out.empty() ? options.folder : options.out;
    console.out << wrap(fmt::format("Board {} ({}), device tree \"{}\", in {}:", board.name,
                                    board.meaning, facts.model, folder.string()),
                        console.width)
                << "\n"
                << table_text(board, files, facts, console.width) << "\n"
                << commands_text(board, folder, files, facts) << std::flush;
    return kAllOk;
}

}  // namespace hm::host
