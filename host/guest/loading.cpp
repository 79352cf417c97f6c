#include "host/guest/loading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/files.hpp"
#include "host/guest/stretch.hpp"
#include "host/machine/uboot.hpp"

namespace hm::host {
namespace {

/// U-Boot adds its facts to the tree.
constexpr std::uint64_t kTreeGrowth = 64 * 1024;

/// Of the target's own parameters; none of them says anything about a foreign guest.
constexpr const char* kSetArguments = "setenv bootargs suite=quick";

struct Part {
    std::string name;
    Stretch place;
};

Stretch place_of(const LoadedFile& file, std::uint64_t more = 0) {
    return {file.address, file.address + file.bytes.size() + more};
}

/// All that must not overlap. The image's tables end where its bundle begins (__tables_end).
std::vector<Part> parts_of(const Loading& loading) {
    const board::UBootFacts& uboot = loading.board->uboot;
    const std::uint64_t end = std::uint64_t{uboot.memory} + uboot.memory_bytes;
    return {{"the bundle", place_of(loading.bundle)},
            {"the image as it is loaded", place_of(loading.image)},
            {"the device tree", place_of(loading.tree, kTreeGrowth)},
            {"the image with its tables", {loading.linked.load, loading.bundle.address}},
            {"U-Boot's own memory", {end - uboot.own_bytes, end}}};
}

std::string address_text_of(std::uint32_t address) { return fmt::format("{:#010x}", address); }

std::string bootm_text(const Loading& loading) {
    return fmt::format("bootm {} - {}", address_text_of(loading.image.address),
                       address_text_of(loading.tree.address));
}

}  // namespace

Loading loading_of(const Board& board, std::string bundle, std::string image, std::string tree,
                   const Placement& linked) {
    return {&board,
            {kBundleName, board.foreign.bundle, std::move(bundle)},
            {foreign_uimage_name(board), board.uboot.load, std::move(image)},
            {tree_of(board, "").string(), board.uboot.tree, std::move(tree)},
            linked};
}

ReadLoading read_loading(const GuestHost& host, std::string bundle) {
    const auto refused = [](std::string why) { return ReadLoading{{}, std::move(why)}; };
    if (std::string why = why_not_bootable(host.image); !why.empty()) {
        return refused(std::move(why));
    }
    std::string image = read_file(host.image).value_or("");
    const auto parsed = parse_legacy_image(image);
    auto tree = read_file(host.tree);
    if (!parsed.value || !tree) {
        return refused(fmt::format("no \"{}\"; build it: ./hypmeter image --board {}",
                                   host.tree.string(), host.board->name));
    }
    const Placement linked = parsed.value->placement;
    ReadLoading read{
        loading_of(*host.board, std::move(bundle), std::move(image), *std::move(tree), linked), ""};
    read.error = loading_fault(read.value);
    return read;
}

std::string loading_fault(const Loading& loading) {
    const board::UBootFacts& uboot = loading.board->uboot;
    const Stretch memory{uboot.memory, std::uint64_t{uboot.memory} + uboot.memory_bytes};
    const std::vector<Part> parts = parts_of(loading);
    if (loading.linked.load >= loading.bundle.address) {
        return fmt::format("the image goes to {:#010x}, and not below its bundle at {:#010x}",
                           loading.linked.load, loading.bundle.address);
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Part& part = parts[i];
        if (!contains(memory, part.place)) {
            return fmt::format("{}, {}, does not fit into the memory of {}, {}", part.name,
                               text_of(part.place), loading.board->name, text_of(memory));
        }
        for (std::size_t j = i + 1; j < parts.size(); ++j) {
            if (overlap(part.place, parts[j].place)) {
                return fmt::format("{}, {}, overlaps {} on {}, {}", part.name, text_of(part.place),
                                   parts[j].name, loading.board->name, text_of(parts[j].place));
            }
        }
    }
    return "";
}

std::vector<std::string> start_commands(const Loading& loading) {
    return {kSetArguments, bootm_text(loading)};
}

std::string boot_script(const Loading& loading) {
    std::string text =
        "# Runs a guest in hypmeter, from the partition on which U-Boot's distro_bootcmd found "
        "this "
        "script.\n";
    text += fmt::format("{}\n", kSetArguments);
    std::string indent;
    std::string names;
    for (const LoadedFile* const file : loading.files()) {
        text += fmt::format(
            "{}if load ${{devtype}} ${{devnum}}:${{distro_bootpart}} {} ${{prefix}}{}; then\n",
            indent, address_text_of(file->address), file->name);
        names += (names.empty() ? "" : " or ") + file->name;
        indent += "    ";
    }
    text += fmt::format("{}{}\n", indent, bootm_text(loading));
    while (!indent.empty()) {
        indent.resize(indent.size() - 4);
        text += fmt::format("{}fi\n", indent);
    }
    return text +
           fmt::format("echo \"hypmeter: not started: {} is missing or was refused\"\n", names);
}

std::vector<std::string> card_load_commands(const Loading& loading) {
    std::vector<std::string> commands{std::string(loading.board->uboot.card_scan)};
    for (const LoadedFile* const file : loading.files()) {
        commands.push_back(fmt::format("load {} {} {}", loading.board->card(),
                                       address_text_of(file->address), file->name));
    }
    return commands;
}

std::vector<std::string> tftp_load_commands(const Loading& loading) {
    std::vector<std::string> commands;
    if (!loading.board->uboot.network_start.empty()) {
        commands.emplace_back(loading.board->uboot.network_start);
    }
    commands.insert(commands.end(), {"setenv autoload no", "dhcp"});
    for (const LoadedFile* const file : loading.files()) {
        commands.push_back(
            fmt::format("tftpboot {} {}", address_text_of(file->address), file->name));
    }
    return commands;
}

std::uint32_t card_sectors(const Loading& loading) {
    constexpr std::size_t kTrack = 64 * 32;
    constexpr std::size_t kLeast = 32768;  // 16 MB, so that it is FAT16
    std::size_t bytes = 0;
    for (const LoadedFile* const file : loading.files()) {
        bytes += file->bytes.size();
    }
    // What the file system itself takes is far less than a quarter.
    return static_cast<std::uint32_t>(
        std::max(kLeast, ((bytes + bytes / 4) / 512 / kTrack + 1) * kTrack));
}

std::vector<std::string> card_commands(const Loading& loading, const std::string& folder,
                                       const std::string& device, const std::string& before) {
    constexpr unsigned kStart = 2048;  // boot loaders lie below (toolchain/boot_images.cmake)
    const std::uint32_t sectors = card_sectors(loading);
    std::string files = folder + "/" + kScriptName;
    for (const LoadedFile* const file : loading.files()) {
        files += " " + folder + "/" + file->name;
    }
    return {fmt::format("echo \"start={}, size={}, type=e, bootable\" | {}/sbin/sfdisk -X dos "
                        "--wipe never {}",
                        kStart, sectors, before, device),
            fmt::format("{}mformat -i {}@@1M -v HYPMETER -T {} -h 64 -s 32 -H {} ::", before,
                        device, sectors, kStart),
            fmt::format("{}mcopy -o -i {}@@1M {} ::", before, device, files)};
}

}  // namespace hm::host
