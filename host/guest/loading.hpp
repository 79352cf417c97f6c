#pragma once
// How U-Boot brings a foreign guest into a board's memory: its bundle, the image that runs it, and
// the board's device tree.

#include <string>
#include <vector>

#include "host/guest/guest_run.hpp"
#include "host/machine/boards.hpp"
#include "host/machine/boot_images.hpp"

namespace hm::host {

/// What the bundle is called on a card and on a TFTP server.
inline constexpr const char* kBundleName = "hypmeter-guest.bundle";
/// What U-Boot looks for by itself.
inline constexpr const char* kScriptName = "boot.scr";

/// A file and where it is loaded.
struct LoadedFile {
    std::string name;
    std::uint32_t address = 0;
    std::string bytes;
};

struct Loading {
    const Board* board = nullptr;
    LoadedFile bundle, image, tree;
    Placement linked;  ///< where bootm moves the image to

    /// In the order in which they are loaded.
    [[nodiscard]] std::vector<const LoadedFile*> files() const { return {&bundle, &image, &tree}; }
};

/// The addresses are the board's; `image` is a uImage.
[[nodiscard]] Loading loading_of(const Board& board, std::string bundle, std::string image,
                                 std::string tree, const Placement& linked);

/// The image or the tree could not be read, or does not fit: why, in one line.
struct ReadLoading {
    Loading value;
    std::string error;
};

/// `host` names the uImage and the device tree.
[[nodiscard]] ReadLoading read_loading(const GuestHost& host, std::string bundle);

/// What overlaps or does not fit into the board's memory, in one line; empty if nothing is wrong.
[[nodiscard]] std::string loading_fault(const Loading& loading);

/// The text of the script that U-Boot runs by itself, from the partition with the files.
[[nodiscard]] std::string boot_script(const Loading& loading);

/// The last commands, where everything is in memory.
[[nodiscard]] std::vector<std::string> start_commands(const Loading& loading);

/// What to type at U-Boot's prompt if the files are on the board's card, or on a TFTP server.
[[nodiscard]] std::vector<std::string> card_load_commands(const Loading& loading);
[[nodiscard]] std::vector<std::string> tftp_load_commands(const Loading& loading);

/// The size of a partition that has room for the files, in sectors of 512 bytes.
[[nodiscard]] std::uint32_t card_sectors(const Loading& loading);

/// What to type here to make of `device` a card with the files that are in `folder`. `before`: what
/// each command begins with, as "sudo ".
[[nodiscard]] std::vector<std::string> card_commands(const Loading& loading,
                                                     const std::string& folder,
                                                     const std::string& device,
                                                     const std::string& before);

}  // namespace hm::host
