#pragma once
// The guest that comes alone on a board, natively: U-Boot at a serial port starts it.

#include <cstdint>
#include <optional>
#include <string_view>

#include "host/machine/machines.hpp"

namespace hm::host {

extern const MachineKind kSerialAlone;

/// The options of `run` that it takes beside those of each run.
inline constexpr std::array<std::string_view, 5> kSerialAloneOptions{"--speed", "--load", "--card",
                                                                     "--tftp-server", "--prompt"};

/// The address in what U-Boot's `printenv NAME` says, "kernel_addr_r=0x42000000"; nothing if it
/// names none, or one that is no multiple of 4 KB, where the image could not run.
[[nodiscard]] std::optional<std::uint32_t> address_in_environment(std::string_view said);

}  // namespace hm::host
