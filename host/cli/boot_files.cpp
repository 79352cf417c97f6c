#include "host/cli/boot_files.hpp"

#include <fmt/format.h>

#include <utility>

#include "host/base/files.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

BootFiles names_of(const Board& board) {
    const std::string name = fmt::format("hypmeter-{}", board.name);
    BootFiles files{{name + ".elf", ""},
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
        files.volume = BootFile{name + ".fat", ""};
        files.partition = BootFile{name + ".sfdisk", ""};
    }
    return files;
}

/// Reads what parse functions find into BootFacts; the first complaint is kept.
class Reader {
  public:
    explicit Reader(const fs::path& folder) : folder_(folder) {}

    template <class T>
    void take(const BootFile& file, Parsed<T> parsed, T& to) {
        if (parsed.value) {
            to = *std::move(parsed.value);
        } else {
            complain(file, parsed.error);
        }
    }

    void require(bool holds, const BootFile& file, std::string_view complaint) {
        if (!holds) {
            complain(file, complaint);
        }
    }

    [[nodiscard]] const std::string& complaint() const { return complaint_; }

  private:
    void complain(const BootFile& file, std::string_view complaint) {
        if (complaint_.empty()) {
            complaint_ = fmt::format("\"{}\" {}", file.in(folder_).string(), complaint);
        }
    }

    const fs::path& folder_;
    std::string complaint_;
};

/// What the files must agree on, so that each boots the same program.
void check_agreement(const BootFiles& files, const BootFacts& facts, Reader& reader) {
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

void check_loader(const Board& board, const BootFiles& files, const BootFacts& facts,
                  Reader& reader) {
    constexpr std::size_t kMagicOffset = 4;
    const std::string_view bytes = files.loader->bytes;
    reader.require(
        bytes.size() > kMagicOffset && bytes.substr(kMagicOffset).starts_with(board.loader.magic),
        *files.loader, "is no boot loader that this board's boot ROM takes");
    reader.require(
        board.loader.sector + sectors_of(bytes) <= facts.partition.start, *files.loader,
        fmt::format("reaches into the partition that starts at sector {}", facts.partition.start));
}

void check_card(const BootFiles& files, const BootFacts& facts, Reader& reader) {
    reader.require(facts.volume.start == facts.partition.start &&
                       facts.volume.sectors == facts.partition.sectors,
                   *files.partition, "describes another partition than the one beside it");
    // mcopy fills an empty volume front to back: each file is in one piece.
    for (const BootFile* const file :
         {&files.raw, &files.legacy, &files.fit, &files.tree, &files.script}) {
        reader.require(files.volume->bytes.find(file->bytes) != std::string::npos, *files.volume,
                       fmt::format("does not hold {} as it is now", file->name));
    }
}

}  // namespace

ReadFiles read_boot_files(const ImageOptions& options) {
    BootFiles files = names_of(*options.board);
    for (BootFile* const file : files.all()) {
        auto bytes = read_file(options.folder / file->name);
        if (!bytes) {
            return {{},
                    fmt::format("no \"{}\"; build it: ./hypmeter image --board {}",
                                (options.folder / file->name).string(), options.board->name)};
        }
        file->bytes = *std::move(bytes);
    }
    // It is Debian's, and not everyone can fetch it.
    if (!options.loader.empty()) {
        if (auto bytes = read_file(options.loader)) {
            files.loader = BootFile{options.loader.filename(), *std::move(bytes),
                                    options.loader.parent_path()};
        }
    }
    return {std::move(files), {}};
}

ReadFacts read_boot_facts(const ImageOptions& options, const BootFiles& files) {
    Reader reader(options.folder);
    BootFacts facts;
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
        check_loader(*options.board, files, facts, reader);
    }
    return {std::move(facts), reader.complaint()};
}

}  // namespace hm::host
