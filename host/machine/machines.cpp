#include "host/machine/machines.hpp"

#include <fmt/format.h>

#include <array>

#include "host/machine/gem5.hpp"
#include "host/machine/qemu.hpp"
#include "host/machine/recorded_log.hpp"
#include "host/machine/serial_board.hpp"

namespace hm::host {
namespace {

constexpr std::array kMachines{&kQemu, &kGem5, &kSerialBoard, &kRecordedLog};

}  // namespace

std::span<const MachineKind* const> machines() { return kMachines; }

std::string forms_of(std::span<const MachineKind* const> kinds) {
    std::string text;
    for (const MachineKind* const kind : kinds) {
        text += fmt::format("{}{}", text.empty() ? "" : ", ", kind->form);
    }
    return text;
}

std::string help_of(std::span<const MachineKind* const> kinds) {
    std::string text;
    for (const MachineKind* const kind : kinds) {
        text += fmt::format("{}{}{}{}", text.empty() ? "" : "; ", kind->form,
                            kind->meaning.empty() ? "" : ", ", kind->meaning);
    }
    return text;
}

std::optional<MachineChoice> parse_machine(std::string_view text,
                                           std::span<const MachineKind* const> kinds) {
    for (const MachineKind* const kind : kinds) {
        const std::size_t colon = kind->form.find(':');
        if (colon == std::string_view::npos) {
            if (text == kind->form) {
                return MachineChoice{kind, ""};
            }
            continue;
        }
        const std::string_view prefix = kind->form.substr(0, colon + 1);
        if (text.starts_with(prefix) && text.size() > prefix.size()) {
            return MachineChoice{kind, std::string(text.substr(prefix.size()))};
        }
    }
    return std::nullopt;
}

}  // namespace hm::host
