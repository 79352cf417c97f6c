#pragma once
// The files that boot a board, as the build has made them, and what was read out of them.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/image_command.hpp"
#include "host/machine/boards.hpp"
#include "host/machine/boot_images.hpp"

namespace hm::host {

/// One file: its name, its bytes, and the folder that it is in, where that is another one.
struct BootFile {
    std::string name;
    std::string bytes;
    std::filesystem::path elsewhere{};

    [[nodiscard]] std::filesystem::path in(const std::filesystem::path& folder) const {
        return (elsewhere.empty() ? folder : elsewhere) / name;
    }
};

/// All files that boot a board.
struct BootFiles {
    BootFile elf, raw, legacy, fit, tree, script;
    BootFile foreign_raw, foreign;  ///< the image for foreign guests, raw and as a uImage
    std::optional<BootFile> volume, partition;  ///< of boards with a card
    std::optional<BootFile> loader;  ///< of cards that U-Boot itself is on, if it is here

    [[nodiscard]] std::vector<BootFile*> all() {
        std::vector<BootFile*> files{&elf,  &raw,    &legacy,      &fit,
                                     &tree, &script, &foreign_raw, &foreign};
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
struct BootFacts {
    Placement elf, raw, foreign_raw;
    LegacyImage legacy, foreign;
    FitImage fit;
    std::string model;
    LegacyImage script;
    BootAddresses addresses;
    FatVolume volume;
    PartitionEntry partition;
};

/// Their bytes, or what is missing, in one line.
struct ReadFiles {
    BootFiles files;
    std::string error;
};
[[nodiscard]] ReadFiles read_boot_files(const ImageOptions& options);

/// What they hold, or what is wrong with them, in one line: that they do not agree, for example.
struct ReadFacts {
    BootFacts facts;
    std::string error;
};
[[nodiscard]] ReadFacts read_boot_facts(const ImageOptions& options, const BootFiles& files);

}  // namespace hm::host
