#pragma once
// The guest that comes alone, as one flat image for any ARMv7 machine: what can be below it. Each
// is one file and one row of the table, like a machine (host/machine/machines.hpp).

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "host/machine/machines.hpp"

namespace hm::host {

/// It depends on no board. Natively QEMU runs it in a machine without HYP.
inline constexpr Board kAloneBoard{.name = "alone",
                                   .meaning = "the guest that comes alone",
                                   .core = "cortex-a15",
                                   .qemu = {.name = "virt,gic-version=2",
                                            .hyp_suffix = "",
                                            .secure_suffix = ",secure=on",
                                            .has_tree = true},
                                   .uboot = {},
                                   .has_uboot = true};

/// What it gets in a virtual machine of the tool's: enough for the largest chase.
inline constexpr std::uint32_t kAloneMemory = 512U << 20;

/// All of them.
[[nodiscard]] std::span<const MachineKind* const> unders();

/// "native, monitor, .."
[[nodiscard]] std::string under_forms();

/// What `text` names; nothing if it names none.
[[nodiscard]] std::optional<MachineChoice> parse_under(std::string_view text);

/// "BUILDS/virt/hypmeter-alone"
[[nodiscard]] std::filesystem::path alone_image_of(const std::filesystem::path& builds);

/// The bytes of the image, or why it cannot be started, in one line.
struct AloneImage {
    std::string bytes;
    std::string error;
};
[[nodiscard]] AloneImage read_alone_image(const std::filesystem::path& image);

}  // namespace hm::host
