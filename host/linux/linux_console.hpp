#pragma once
// What the guest Linux prints (toolchain/linux/init), read.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

/// When the first program began.
struct Userland {
    std::uint64_t counter = 0;    ///< CNTVCT
    std::uint64_t frequency = 0;  ///< of it, in Hz
    std::uint64_t now_ns = 0;     ///< of Linux' own clock, which begins later
    std::string kernel;           ///< its release
};

/// What one program printed.
struct ProgramText {
    std::string text;
    std::optional<int> status;  ///< nothing: it did not end
};

struct LinuxConsole {
    std::optional<Userland> userland;
    std::map<std::string, ProgramText> programs;  ///< by name
    std::vector<std::string> refused;             ///< words that it did not take, and why
    bool off = false;                             ///< it came to its end
};

[[nodiscard]] LinuxConsole read_linux_console(std::string_view text);

/// cyclictest's histogram, in ns.
struct Cyclictest {
    std::map<std::uint64_t, std::uint64_t> bins;  ///< count by latency
    std::uint64_t min = 0;
    std::uint64_t mean = 0;
    std::uint64_t max = 0;
    std::uint64_t beyond = 0;  ///< latencies that were too long for the histogram

    [[nodiscard]] std::uint64_t count() const;
    /// By nearest rank; nothing where it lies beyond the histogram.
    [[nodiscard]] std::optional<std::uint64_t> percentile(unsigned per_cent) const;
};

/// Nothing if the text is not complete.
[[nodiscard]] std::optional<Cyclictest> read_cyclictest(std::string_view text);

/// lat_pagefault's result in ns: "Pagefaults on FILE: 1.0560 microseconds".
[[nodiscard]] std::optional<double> read_lat_pagefault(std::string_view text);

/// lat_mem_rd's last line, its largest size: "8.00000 1.034", in ns.
[[nodiscard]] std::optional<double> read_lat_mem_rd(std::string_view text);

}  // namespace hm::host
