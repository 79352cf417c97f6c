#pragma once
// The boards that there are images for.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/options.hpp"

namespace hm::host {

struct Board {
    std::string_view name;
    std::string_view meaning;
    bool has_qemu;     ///< QEMU has a machine that runs this board's image
    bool has_gem5;     ///< gem5 has one
    EntryState entry;  ///< in which its QEMU machine enters the image, if not told otherwise
    bool has_port;     ///< it can stand on a desk, or behave so: U-Boot on a serial port
    /// What U-Boot calls the first partition of its card or disk; empty: it boots from none.
    std::string_view card;
};

inline constexpr std::array<Board, 3> kBoards{{
    {"virt", "QEMU's virt machine (the default)", true, false, EntryState::kHyp, true,
     "virtio 0:1"},
    {"vexpress", "QEMU's vexpress-a15, and gem5's VExpress_GEM5_V1", true, true,
     EntryState::kSecure, false, ""},
    // U-Boot counts the channels that are in use: the eMMC's, then the card's (v2023.01,
    // arch/arm/dts/exynos5250-arndale.dts).
    {"arndale", "Arndale, Exynos 5250", false, false, EntryState::kHyp, true, "mmc 1:1"},
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
