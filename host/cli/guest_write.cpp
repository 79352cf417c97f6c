#include "host/cli/guest_write.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/guest/loading.hpp"

namespace hm::host {
namespace {

std::string indented(const std::vector<std::string>& commands) {
    std::string text;
    for (const std::string& command : commands) {
        text += fmt::format("    {}\n", command);
    }
    return text;
}

std::string files_text(const Loading& loading, const std::string& script, std::size_t width) {
    Table table{{"file", "what", "bytes", "address"}, {}, 2};
    const auto add = [&table](const std::string& name, const char* what, std::size_t bytes,
                              const std::string& address) {
        table.rows.push_back({name, what, number_text(static_cast<double>(bytes)), address});
    };
    const auto add_file = [&add](const LoadedFile& file, const char* what) {
        add(file.name, what, file.bytes.size(), fmt::format("{:#010x}", file.address));
    };
    add_file(loading.bundle, "the guest and its machine");
    add_file(loading.image, "uImage of the monitor");
    add_file(loading.tree, "device tree of the board");
    add(kScriptName, "script for U-Boot", script.size(), "-");
    return render(table, width);
}

std::string prompt_text(const Loading& loading) {
    const Board& board = *loading.board;
    std::string text;
    if (!board.card().empty()) {
        text += fmt::format(
            "At U-Boot's prompt, with the files on the card as `{}` (another number if U-Boot "
            "counts otherwise):\n  {}, found by distro_bootcmd, as at power-on:\n    boot\n"
            "  each file by itself:\n",
            board.card(), kScriptName);
        text += indented(card_load_commands(loading)) + indented(start_commands(loading));
    }
    return text +
           "At U-Boot's prompt, with the files on a TFTP server (`setenv serverip ADDRESS` after "
           "dhcp if that does not name it):\n" +
           indented(tftp_load_commands(loading)) + indented(start_commands(loading));
}

std::string card_text(const Loading& loading, const std::string& folder) {
    if (loading.board->has_qemu()) {
        const std::uint64_t room = std::uint64_t{card_sectors(loading)} * 512 + (2U << 20);
        return "The disk, as a file (QEMU: -m 2G -drive if=none,id=d,format=raw,file=disk.img "
               "-device virtio-blk-device,drive=d):\n" +
               indented({fmt::format("truncate -s {} disk.img", room)}) +
               indented(card_commands(loading, folder, "disk.img", ""));
    }
    return "The card, where it is /dev/sdX here; its partitions are lost, the boot loader's "
           "sectors before them are not:\n" +
           indented(card_commands(loading, folder, "/dev/sdX", "sudo "));
}

}  // namespace

int write_for_uboot(const GuestOptions& options, std::string bundle, const Console& console) {
    namespace fs = std::filesystem;
    const Board& board = *options.host.board;
    const ReadLoading read = read_loading(options.host, std::move(bundle));
    if (!read.error.empty()) {
        return refuse(console, kFailed, read.error);
    }
    const Loading& loading = read.value;
    if (const std::string why = make_folder(options.write); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    const std::string script =
        script_image(fmt::format("hypmeter guest {}", board.name), boot_script(loading));
    const auto write = [&](const std::string& name, const std::string& bytes) {
        return write_file(options.write / name, bytes);
    };
    bool written = write(kScriptName, script);
    for (const LoadedFile* const file : loading.files()) {
        written = written && write(file->name, file->bytes);
    }
    if (!written) {
        return refuse(console, kFailed,
                      fmt::format("cannot write the files to \"{}\": {}", options.write.string(),
                                  std::strerror(errno)));
    }
    console.out << fmt::format("For board {} ({}), in {}:\n", board.name, board.meaning,
                               options.write.string())
                << files_text(loading, script, console.width) << "\n"
                << prompt_text(loading) << "\n";
    if (!board.card().empty()) {
        console.out << card_text(loading, options.write.string());
    }
    console.out << std::flush;
    return kAllOk;
}

}  // namespace hm::host
