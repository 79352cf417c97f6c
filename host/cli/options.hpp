#pragma once
// The command line: what is asked for, checked completely before anything starts.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "host/guest/bundle_maker.hpp"
#include "host/guest/guest_run.hpp"
#include "host/guest/suite_run.hpp"
#include "host/judge/rule.hpp"
#include "host/linux/linux_run.hpp"
#include "host/machine/machines.hpp"
#include "host/machine/planned.hpp"
#include "host/model/model.hpp"
#include "host/report/formats.hpp"
#include "host/report/hypervisor_formats.hpp"
#include "measure/setting.hpp"

namespace hm::host {

/// Puts the image, and the files that start it, on a board's card.
struct FlashOptions {
    const Board* board = nullptr;
    MachineChoice machine;
    SerialOptions serial;
    std::filesystem::path image;
    bool with_neighbours = false;  ///< the device tree and the boot script beside the image too
    std::chrono::seconds time_limit{};
};

struct ListOptions {
    /// What a run would do; none: what can be asked for.
    std::vector<PlannedScenario> scenarios;
};

struct ImageOptions {
    const Board* board = nullptr;
    std::filesystem::path folder;  ///< where they were built
    std::filesystem::path out;     ///< where to copy them; empty: nowhere
    std::filesystem::path loader;  ///< U-Boot for the card; empty: the board needs none from us
};

struct ReportOptions {
    std::filesystem::path folder;
    const OutputFormat* format = nullptr;
    std::vector<std::filesystem::path> beside{};  ///< runs of the guest alone, for tables of others
};

struct PredictOptions {
    std::vector<Model> models;  ///< of a core each; more than one are put side by side
    std::vector<measure::ChaseOrder> orders;
    std::vector<std::uint64_t> bytes;
    bool all = false;           ///< every cell of the matrix
    bool parameters = false;    ///< only print the models' parameters
    bool settle = false;        ///< only print which rows of a run would settle what is not known
    bool json = false;          ///< for programs
    std::uint64_t stride = 64;  ///< of sequential and random chases
};

/// Runs a foreign guest.
struct GuestOptions {
    GuestHost host;
    VirtualMachine machine;
    GuestRun run;
    bool native = false;
    std::filesystem::path kernel, initrd;
    std::optional<std::uint32_t> load, entry;  ///< of a flat image
    std::filesystem::path input;               ///< of its console; empty: none
    std::filesystem::path out;
    /// The serial port of a board; empty: QEMU runs it. `host` has the uImage then.
    std::string device;
    SerialOptions serial;
    /// Where to put the files for U-Boot; with it nothing runs here. `host` has the uImage then.
    std::filesystem::path write;
    bool quiet = false;
};

/// Runs a suite of tests that are foreign guests.
struct GuestSuiteOptions {
    SuiteRun suite;
    const SuiteFormat* format = nullptr;  ///< of what is printed
    bool quiet = false;
};

/// Puts recorded runs side by side.
struct CompareOptions {
    std::vector<std::filesystem::path> runs;  ///< the first is what the others are compared with
    std::vector<Rule> rules;
    std::string filter;  ///< of rows, by their names; empty: all
    bool all = false;    ///< print rows that do not differ too
    /// Of the table of hypervisors.
    const HypervisorFormat* format = &hypervisor_formats().front();
};

/// Keeps a run under a name, or compares a run with it.
struct BaselineOptions {
    bool save = false;
    std::filesystem::path place;  ///< of the baseline
    CompareOptions compare;       ///< the baseline, and the run
};

/// Text that was asked for, as by --help.
struct Answer {
    std::string text;
};

/// Why the command line is refused, in one line, and what would be valid.
struct UsageError {
    std::string line;
    std::string valid;
};

using Options = std::variant<RunOptions, FlashOptions, ListOptions, ImageOptions, ReportOptions,
                             PredictOptions, CompareOptions, BaselineOptions, GuestOptions,
                             GuestSuiteOptions, LinuxOptions, Answer, UsageError>;

/// `arguments` without the program's name. `builds` holds what was built, one folder per board.
[[nodiscard]] Options parse_options(std::vector<std::string> arguments,
                                    const std::filesystem::path& builds);

}  // namespace hm::host
