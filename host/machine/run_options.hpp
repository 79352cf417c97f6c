#pragma once
// What a run is to measure, and on which machine.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/machine/boards.hpp"
#include "host/machine/hypervisor_file.hpp"
#include "measure/suites.hpp"

namespace hm::host {

/// What drives the machine's clocks: instructions as they are executed, or this computer's time.
enum class ClockSource { kInstructions, kWall };

/// As good as none.
inline constexpr std::chrono::seconds kNoTimeLimit{std::chrono::hours(7 * 24)};

struct MachineKind;

/// A row of the machine table (host/machine/machines.hpp), and what the user named it with.
struct MachineChoice {
    const MachineKind* kind = nullptr;
    std::string where;  ///< gem5's program, or the serial device; empty for QEMU
};

/// How an image gets into a board's memory.
enum class LoadWay {
    kCard,    ///< from the board's card
    kYmodem,  ///< over the serial line
    kTftp,    ///< over the network
};

/// How to talk to a board at a serial port.
struct SerialOptions {
    unsigned speed = 115200;  ///< bits per second
    LoadWay load = LoadWay::kCard;
    std::string card;         ///< "mmc 0:1", as U-Boot names it; empty: search for it
    std::string tftp_server;  ///< its address; empty: DHCP gives it
    std::string prompt;       ///< U-Boot's; empty: find it out
    bool resume = false;      ///< continue with a target that already runs or lingers
    /// For messages: the option that chooses `load`, and what renews the files on a card.
    std::string_view load_option = "--load";
    std::string_view renewal = "`hypmeter flash`";
};

/// A run of the guest that comes alone, and of what is below it.
struct UnderOptions {
    std::string name;  ///< for its rows: "xen"; empty: the run is one of the monitor's own
    std::string clock{kCounterClock};  ///< what the guest takes for its clock
    std::filesystem::path hypervisor;  ///< its image, where the tool starts it
    HypervisorFile file;               ///< of a user's hypervisor
};

/// How much a run says of itself.
enum class Talk {
    kNormal,
    kQuiet,    ///< only what failed
    kVerbose,  ///< how the machine was started, and the layers of every row
};

struct RunOptions {
    const Board* board = nullptr;
    MachineChoice machine;
    EntryMode entry = EntryMode::kHyp;  ///< only for QEMU
    ClockSource clock = ClockSource::kInstructions;
    measure::Suite suite = measure::Suite::kQuick;
    std::vector<std::string> only;  ///< workloads; none means all
    std::string filter;             ///< of scenarios, by their names; empty: all
    std::vector<std::size_t> pick;  ///< the scenarios that it leaves, by place; empty: all
    /// Keys that were set, each once, checked, in the order of measure::kKeys.
    std::vector<std::pair<measure::Key, std::uint32_t>> settings;
    std::filesystem::path out = "results";
    std::string qemu = "qemu-system-arm";  ///< a path, or a name to look up in PATH
    std::filesystem::path gem5_script;     ///< gem5's configuration
    /// NAME=VALUE of gem5's machine, as that script takes them; those that are left out are a
    /// Cortex-A15's.
    std::vector<std::string> gem5_parameters;
    std::filesystem::path image;
    /// The device tree that an emulator gives to the image, with parameters and memory; empty if
    /// its machine makes one.
    std::filesystem::path tree;
    /// What suite quick measured before on this board; empty: it is not compared.
    std::filesystem::path golden;
    SerialOptions serial;
    UnderOptions under;
    unsigned repeat = 1;  ///< how many times the whole run is done
    /// QEMU: how many of them run side by side, each a part of the plan.
    unsigned machines = 1;
    Talk talk = Talk::kNormal;
    std::chrono::seconds time_limit{};
    /// QEMU: how long may pass without a record before the machine counts as hung.
    std::chrono::seconds stall_limit{};

    /// The value of a key, set or the suite's default.
    [[nodiscard]] std::uint32_t get(measure::Key key) const;
    void set(measure::Key key, std::uint32_t value);
    /// Cores of QEMU's machine, for a board or for none in particular.
    [[nodiscard]] unsigned cores() const;
};

/// "suite=quick only=timer count=100": what is asked for, in the form of measure::parse_request.
[[nodiscard]] std::string request_text(const RunOptions& options);

/// The same, and what the guest that comes alone is to say of itself: what the target reads.
[[nodiscard]] std::string target_command_line(const RunOptions& options);

}  // namespace hm::host
