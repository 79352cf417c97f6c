#pragma once
// The words of a command line, and what several commands do with theirs.

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "host/cli/options.hpp"

namespace hm::host {

/// For suites and clocks that take long.
inline constexpr std::chrono::seconds kLongLimit{900};
inline constexpr int kMostRepeats = 1000;
inline constexpr int kLongestLimit = static_cast<int>(kNoTimeLimit.count());

/// Those of `hypmeter guest` alone.
struct GuestWords {
    std::string kernel, initrd, append, load, entry;
    unsigned cpus = 1;
    std::string memory = "256M";
    bool native = false;
    std::string delivery = "injected";
    std::string mapping = "premapped-2M";
    bool uncounted = false;
    std::string clock;
    std::string input;
    std::string out = "guest-results";
    std::string write;
    std::string suite;
};

/// The words of a command line, as CLI11 hands them over.
struct Words {
    std::string board = "virt";
    std::string machine = "qemu";
    std::string under;
    std::string entry;
    std::string suite = "quick";
    std::string clock = "instructions";
    std::vector<std::string> only;
    std::vector<std::string> set;
    std::string out = "results";
    std::string image_out;
    std::string qemu = "qemu-system-arm";
    std::vector<std::string> gem5;
    std::string lmbench;
    std::string image;
    std::string golden;
    unsigned speed = 115200;
    std::string load;
    std::string card;
    std::string tftp_server;
    std::string prompt;
    bool resume = false;
    std::optional<unsigned> machines;
    std::optional<int> time_limit;
    std::optional<int> stall_limit;
    bool quiet = false;
    bool verbose = false;
    std::string folder;
    std::string format = "text";
    std::vector<std::string> runs;
    std::vector<std::string> beside;
    std::vector<std::string> fail_on;
    std::string filter;
    bool all_rows = false;
    bool scenarios = false;
    unsigned repeat = 1;
    std::string action;
    std::string baseline;
    std::string baseline_run = "results";
    std::string store = "baselines";
    std::string model;
    GuestWords guest;
    bool all = false;
    bool parameters = false;
    bool settle = false;
    bool json = false;
    unsigned stride = 64;
    std::vector<std::string> cores{"cortex-a15"};
    std::vector<std::string> orders{"page-random", "thrash", "sequential"};
    std::vector<std::string> bytes{"8M", "256M"};
};

/// The names of rows, or of pointers to rows, of a table.
template <class Rows>
std::string names_of(const Rows& rows) {
    std::string names;
    for (const auto& row : rows) {
        names += names.empty() ? "" : ", ";
        if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(row)>>) {
            names += row->name;
        } else {
            names += row.name;
        }
    }
    return names;
}

/// Options of a board at a serial port. `way`: the option that says where the files come from.
void add_serial(CLI::App& app, Words& words, const char* ways, const char* way = "--load");

/// Whether `filter` is a regular expression, or why not; an empty one is.
[[nodiscard]] std::optional<UsageError> refuse_filter(const std::string& filter);

/// The first option of `app` that was given and is none of `taken`: "--entry has no effect on
/// Linux", where that is `on_what`.
[[nodiscard]] std::optional<UsageError> refuse_others(const CLI::App& app,
                                                      std::span<const std::string_view> taken,
                                                      std::string_view on_what);

/// Shows examples at the end of a command's help.
void add_examples(CLI::App& command, const std::vector<std::string>& examples);

[[nodiscard]] UsageError refuse_board(const std::string& name);

/// The board and what runs it, or why not.
[[nodiscard]] std::optional<UsageError> take_machine(const Words& words,
                                                     const std::filesystem::path& builds,
                                                     RunOptions& run);

/// How to talk to the board, or why not.
[[nodiscard]] std::optional<UsageError> take_serial(const Words& words, LoadWay by_default,
                                                    SerialOptions& serial);

}  // namespace hm::host
