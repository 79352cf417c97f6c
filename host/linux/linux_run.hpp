#pragma once
// Runs Linux, natively and in the monitor, with the words that its first program takes.

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/guest/guest_run.hpp"
#include "host/linux/linux_console.hpp"
#include "host/linux/linux_rows.hpp"

namespace hm::host {

struct LinuxOptions {
    GuestHost host;
    std::vector<const LinuxWorkload*> workloads;
    std::filesystem::path folder;   ///< what `./hypmeter linux` has made
    std::filesystem::path lmbench;  ///< the archive of toolchain/linux/lmbench.py; empty: none
    std::uint32_t count = 200;      ///< of wake-ups
    std::uint32_t period_us = 30'000;
    std::filesystem::path out;
    bool quiet = false;
};

/// One boot.
struct LinuxResult {
    const LinuxRow* row = nullptr;
    GuestEnd end;
    std::string console;
    LinuxConsole read;
    std::string why_failed;  ///< in one line; empty if it went well
};

/// Why Linux cannot be run at all, with what to do, in one line; empty if it can.
[[nodiscard]] std::string why_no_linux(const LinuxOptions& options);

/// Runs every row of `workload`, and calls `on_row` before each. Stops early if this program is
/// told to stop.
[[nodiscard]] std::vector<LinuxResult> run_linux(
    const LinuxOptions& options, const LinuxWorkload& workload,
    const std::function<void(const LinuxRow&)>& on_row);

}  // namespace hm::host
