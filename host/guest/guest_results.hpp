#pragma once
// What the monitor counted of a foreign guest, as results for people and programs.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/params.hpp"

namespace hm::host {

/// Exits of one virtual CPU for one reason.
struct ExitRow {
    std::uint32_t cpu = 0;
    std::string reason;
    std::uint64_t count = 0;
    std::uint64_t ticks = 0;  ///< of all of them, in HYP
    std::uint64_t most = 0;   ///< of the longest
};

/// How long one virtual CPU was on, in ticks of the counter; waits are in it.
struct CpuTime {
    std::uint32_t cpu = 0;
    std::uint64_t on = 0;
};

struct GuestCosts {
    std::uint64_t elapsed = 0;        ///< ticks of the counter, waits included
    std::uint64_t prepare_ticks = 0;  ///< before it was entered
    std::uint64_t demand_faults = 0;
    std::uint64_t table_bytes = 0;  ///< of its stage-2 tables
    std::uint64_t stale_interrupts = 0;
    /// Of the first CPU, HYP's included; nothing where they are not counted.
    std::optional<std::uint64_t> instructions, guest_instructions;
};

struct GuestResults {
    std::string version, board, machine;
    std::string clock;  ///< what a tick is
    std::uint64_t counter_hz = 0;
    Params parameters;
    std::vector<ExitRow> exits;
    std::vector<CpuTime> times;
    std::optional<GuestCosts> costs;
    std::optional<bool> ended_well;  ///< nothing: it never ended
    std::string ending;
    std::string host = "{}";  ///< how it was run here: an object of JSON
    /// What is wrong with the target's records; with any, nothing above is to be trusted.
    std::vector<std::string> faults;

    [[nodiscard]] bool ok() const { return ended_well.value_or(false) && faults.empty(); }
};

/// How it ended, what it cost, and a table of its exits.
[[nodiscard]] std::string guest_text(const GuestResults& results, std::size_t width);

/// The same as one object of JSON.
[[nodiscard]] std::string guest_json(const GuestResults& results);

}  // namespace hm::host
