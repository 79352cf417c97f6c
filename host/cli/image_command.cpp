#include "host/cli/image_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/cli/boot_files.hpp"
#include "host/cli/boot_files_text.hpp"

namespace hm::host {

namespace fs = std::filesystem;

int image_command(const ImageOptions& options, const Console& console) {
    const Board& board = *options.board;
    auto [files, missing] = read_boot_files(options);
    if (!missing.empty()) {
        return refuse(console, kFailed, missing);
    }
    const auto [facts, wrong] = read_boot_facts(options, files);
    if (!wrong.empty()) {
        return refuse(console, kFailed, wrong);
    }
    if (!options.out.empty()) {
        if (const std::string why = make_folder(options.out); !why.empty()) {
            return refuse(console, kBadUsage, why);
        }
        for (const BootFile* const file : files.all()) {
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
                << boot_files_table(board, files, facts, console.width) << "\n"
                << boot_commands(board, folder, files, facts) << std::flush;
    return kAllOk;
}

}  // namespace hm::host
