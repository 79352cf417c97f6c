#include "host/machine/boards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hm::host {

const Board* find_board(std::string_view name) {
    const auto* const found = std::find_if(kBoards.begin(), kBoards.end(),
                                           [&](const Board& board) { return board.name == name; });
    return found == kBoards.end() ? nullptr : found;
}

std::filesystem::path image_of(const Board& board, const std::filesystem::path& builds) {
    return builds / board.name / fmt::format("hypmeter-{}.elf", board.name);
}

std::filesystem::path boot_folder(const Board& board, const std::filesystem::path& builds) {
    return builds / board.name / "boot";
}

std::optional<MachineChoice> parse_machine(std::string_view text) {
    if (text == "qemu") {
        return MachineChoice{};
    }
    using Prefix = std::pair<std::string_view, MachineKind>;
    for (const auto& [prefix, kind] :
         {Prefix{"gem5:", MachineKind::kGem5}, Prefix{"serial:", MachineKind::kSerial}}) {
        if (text.starts_with(prefix) && text.size() > prefix.size()) {
            return MachineChoice{kind, std::string(text.substr(prefix.size()))};
        }
    }
    return std::nullopt;
}

std::string why_not(const Board& board, const MachineChoice& machine) {
    const bool runs = machine.kind == MachineKind::kQemu   ? board.has_qemu()
                      : machine.kind == MachineKind::kGem5 ? board.has_gem5
                                                           : board.has_port;
    if (runs) {
        return {};
    }
    switch (machine.kind) {
        case MachineKind::kQemu:
            return fmt::format(
                "QEMU has no machine for board {}: name the board's serial port "
                "with --machine serial:DEVICE",
                board.name);
        case MachineKind::kGem5:
            return fmt::format("gem5 runs board vexpress alone, not {}", board.name);
        case MachineKind::kSerial:
            break;
    }
    return fmt::format("board {} has no serial port with U-Boot", board.name);
}

}  // namespace hm::host
