#pragma once
// The boards that there are images for.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/cli/options.hpp"

namespace hm::host {

/// A machine of QEMU's that runs a board's image.
struct QemuMachine {
    std::string_view name;  ///< for -M; empty: there is none
    std::string_view hyp;   ///< what is added to it for either entry state
    std::string_view secure;
    EntryState entry;  ///< if not told otherwise
    /// QEMU makes a device tree for the image, which tells parameters and memory; and it starts
    /// the second core when it is asked to, where the image is entered in HYP.
    bool has_tree;
};

struct Board {
    std::string_view name;
    std::string_view meaning;
    QemuMachine qemu;
    bool has_gem5;  ///< gem5 has one
    bool has_port;  ///< it can stand on a desk, or behave so: U-Boot on a serial port
    /// What U-Boot calls the first partition of its card or disk; empty: it boots from none.
    std::string_view card;

    [[nodiscard]] constexpr bool has_qemu() const { return !qemu.name.empty(); }
};

inline constexpr std::array<Board, 3> kBoards{{
    {"virt",
     "QEMU's virt machine (the default)",
     {"virt,virtualization=on,gic-version=2", "", ",secure=on", EntryState::kHyp, true},
     false,
     true,
     "virtio 0:1"},
    {"vexpress",
     "QEMU's vexpress-a15, and gem5's VExpress_GEM5_V1",
     {"vexpress-a15", ",secure=off", "", EntryState::kSecure, false},
     true,
     false,
     ""},
    // U-Boot counts the channels that are in use: the eMMC's, then the card's (v2023.01,
    // arch/arm/dts/exynos5250-arndale.dts).
    {"arndale", "Arndale, Exynos 5250", {}, false, true, "mmc 1:1"},
}};

/// The board of that name, or null.
[[nodiscard]] const Board* find_board(std::string_view name);

/// "BUILDS/virt/hypmeter-virt.elf"
[[nodiscard]] std::filesystem::path image_of(const Board& board,
                                             const std::filesystem::path& builds);

/// "BUILDS/virt/boot": the forms that boot loaders take.
[[nodiscard]] std::filesystem::path boot_folder(const Board& board,
                                                const std::filesystem::path& builds);

/// "qemu", "gem5:PATH" or "serial:DEVICE"; nothing where `text` is none of them.
[[nodiscard]] std::optional<MachineChoice> parse_machine(std::string_view text);

/// Why `board` cannot run on `machine`, in one line; empty where it can.
[[nodiscard]] std::string why_not(const Board& board, const MachineChoice& machine);

}  // namespace hm::host
