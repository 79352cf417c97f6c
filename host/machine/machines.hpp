#pragma once
// The table of machines that can run the target. A machine is one file and one row of it.

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "host/base/console.hpp"
#include "host/machine/machine.hpp"
#include "host/machine/run_options.hpp"

namespace hm::host {

/// Which keys of the host (memory, cores) a machine takes.
enum class HostKeys {
    kAny,
    kDefaults,  ///< only with the suite's defaults
    kNone,
};

struct MachineKind {
    std::string_view name;            ///< for messages: "QEMU"
    std::string_view form;            ///< of --machine: "qemu", "gem5:PATH"
    std::string_view meaning;         ///< for --help; may be empty
    std::string_view own_log;         ///< the name of its own log; empty: it writes none
    std::chrono::seconds time_limit;  ///< the default
    bool boots_uimage;                ///< it boots the image for U-Boot, not the ELF image
    /// Where one is given up, a new one goes on with the rest of the plan.
    bool goes_on;
    /// Options of the command line that only this machine takes.
    std::span<const std::string_view> options;
    HostKeys host_keys;
    std::string_view hardware;  ///< why it takes no others: "gem5's machine has one core and 1 GB"
    /// Why it cannot run a board's image, in one line; empty if it can.
    std::string (*why_not)(const Board& board);
    /// `options` and `console` outlive the machine.
    std::unique_ptr<Machine> (*make)(const RunOptions& options, const Console& console);
};

/// All of them; the first is the default.
[[nodiscard]] std::span<const MachineKind* const> machines();

/// "qemu, gem5:PATH, .."
[[nodiscard]] std::string forms_of(std::span<const MachineKind* const> kinds);
/// The same with what each is: "qemu; gem5:PATH, a gem5 that you have; .."
[[nodiscard]] std::string help_of(std::span<const MachineKind* const> kinds);

/// The one of `kinds` that `text` names; nothing if it names none.
[[nodiscard]] std::optional<MachineChoice> parse_machine(std::string_view text,
                                                         std::span<const MachineKind* const> kinds);

}  // namespace hm::host
