#pragma once
// The command line: what is asked for, checked completely before anything starts.

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "measure/keys.hpp"
#include "measure/workload/table.hpp"

namespace hm::host {

/// What drives the machine's clocks: instructions as they are executed, or this computer's time.
enum class ClockSource { kInstructions, kWall };

/// The state in which a QEMU machine enters the image.
enum class EntryState { kHyp, kSecure };

/// What executes the image.
enum class MachineKind {
    kQemu,
    kGem5,    ///< a gem5 that the user has
    kSerial,  ///< a board, reached through a serial port
};

struct MachineChoice {
    MachineKind kind = MachineKind::kQemu;
    std::string where;  ///< gem5's program, or the serial device; empty for QEMU
};

/// How an image comes into a board's memory.
enum class LoadWay {
    kCard,    ///< from the board's card
    kYmodem,  ///< over the serial line
    kTftp,    ///< over the network
};

/// How a board on a desk is talked to.
struct SerialOptions {
    unsigned speed = 115200;
    LoadWay load = LoadWay::kCard;
    std::string card;         ///< "mmc 0:1", as U-Boot names it; empty where it is looked for
    std::string tftp_server;  ///< its address; empty where DHCP tells it
    std::string prompt;       ///< U-Boot's; empty where it is found out
    bool resume = false;      ///< go on with a target that runs or lingers already
};

struct RunOptions {
    std::string board = "virt";  ///< one of kBoards (host/machine/boards.hpp)
    MachineChoice machine;
    EntryState entry = EntryState::kHyp;  ///< under QEMU
    ClockSource clock = ClockSource::kInstructions;
    measure::Suite suite = measure::Suite::kQuick;
    std::vector<std::string> only;  ///< workloads; none means all
    /// Keys that were set, each once, checked, in the order of measure::kKeys.
    std::vector<std::pair<measure::Key, std::uint32_t>> settings;
    std::filesystem::path out = "results";
    std::string qemu = "qemu-system-arm";  ///< a path, or a name to look up in PATH
    std::filesystem::path image;
    /// The device tree that QEMU is given, completed by it; empty where its machine has one, or
    /// where the image needs none.
    std::filesystem::path tree;
    SerialOptions serial;
    std::chrono::seconds time_limit{};

    /// The value of a key, set or by default of the suite.
    [[nodiscard]] std::uint32_t get(measure::Key key) const;
};

/// Brings the image, and whatever starts it, to a board's card.
struct FlashOptions {
    std::string board = "virt";
    MachineChoice machine;
    SerialOptions serial;
    std::filesystem::path image;
    bool with_neighbours = false;  ///< the device tree and the boot script beside the image too
    std::chrono::seconds time_limit{};
};

struct ListOptions {};

struct ImageOptions {
    std::string board = "virt";    ///< one of kBoards (host/machine/boards.hpp)
    std::filesystem::path folder;  ///< where they were built
    std::filesystem::path out;     ///< where they are copied to; empty: nowhere
};

enum class Format { kJson, kText, kCyclictest, kLmbench, kHistogram, kPlots };

struct ReportOptions {
    std::filesystem::path folder;
    Format format = Format::kText;
};

/// Text that was asked for, as by --help.
struct Answer {
    std::string text;
};

/// Why the command line is refused, in one line, and then what would be valid.
struct UsageError {
    std::string line;
    std::string valid;
};

using Options = std::variant<RunOptions, FlashOptions, ListOptions, ImageOptions, ReportOptions,
                             Answer, UsageError>;

/// `arguments` without the program's name. `builds` holds what was built, a folder a board.
[[nodiscard]] Options parse_options(std::vector<std::string> arguments,
                                    const std::filesystem::path& builds);

/// Workloads, suites and keys with meaning, range and defaults: what `hypmeter list` prints.
[[nodiscard]] std::string catalogue_text(std::size_t width);

/// The keys alone.
[[nodiscard]] std::string keys_text(std::size_t width);

}  // namespace hm::host
