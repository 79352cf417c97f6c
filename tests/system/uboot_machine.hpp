#pragma once
// QEMU's virt machine with Debian's U-Boot in its flash, and its model of a board with an Allwinner
// H3, whose own U-Boot, also Debian's, is on its card.

#include <filesystem>
#include <string>
#include <vector>

namespace hm::test {

/// The devices from which U-Boot can load; empty: no such device.
struct UBootSources {
    std::filesystem::path disk;  ///< a file with a partition table
    std::filesystem::path tftp;  ///< a folder that a TFTP server on the network offers
};

/// `machine` is for -M, `memory` for -m, and `uart` is a character device without its name. Device
/// models are those of virtio 1: U-Boot writes feature bits 32 and up to older ones too, and QEMU
/// complains.
[[nodiscard]] std::vector<std::string> uboot_machine(const std::string& machine,
                                                     const std::string& uart,
                                                     const UBootSources& sources,
                                                     const std::string& memory = "1G");

/// The commands in `text`, indented, below the line with `heading`.
[[nodiscard]] std::vector<std::string> commands_below(const std::string& heading,
                                                      const std::string& text);

/// The H3, with its card as `disk`. Its counter ticks as that of the board does, which U-Boot says
/// in CNTFRQ.
[[nodiscard]] std::vector<std::string> h3_machine(const std::string& uart,
                                                  const UBootSources& sources);

/// Fetches U-Boot for the H3, or says why that cannot be done here.
[[nodiscard]] const std::string& why_no_uboot_for_h3();

/// The commands that `hypmeter image` prints, indented, below the line with `heading`.
[[nodiscard]] std::vector<std::string> printed_commands(const std::string& heading,
                                                        const std::string& board = "virt");

/// Makes disk.img in `folder` with the commands that `hypmeter image` prints for it.
void make_disk(const std::filesystem::path& folder, const std::string& board = "virt");

}  // namespace hm::test
