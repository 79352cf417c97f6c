#include "host/judge/budgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "host/base/text.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

/// What a switch to another virtual machine at the end of a turn may take.
constexpr double kTurnLimit = 340;

/// What an event of `workload` took in HYP, without stamps, which would count too.
bool counts_exits(const Row& row, std::string_view workload) {
    return row.workload == workload && row.layer == kMonitorLayer && !row.native() &&
           row.param("stamps") != "1";
}

bool is_call(const Row& row, std::string_view path) {
    return counts_exits(row, "hypercall") && row.param("path") == path;
}

/// Of workload exits, as a whole.
bool is_exit(const Row& row, std::string_view exit) {
    return row.workload == "exits" && row.layer == "exit" && row.param("exit") == exit &&
           !row.native();
}

/// From a deadline to the application.
bool is_wake_up(const Row& row, std::string_view delivery) {
    return row.workload == "timer" && row.layer == kEndToEnd && row.delivery == delivery &&
           row.param("stamps") != "1";
}

/// A second VM that traps again and again.
bool beside_traps(const Row& row) {
    return row.param("load") == "vm-fault" || row.param("load") == "vm-hypercall";
}

/// A trapped WFI is one more exit, which no budget of an interrupt covers.
bool is_interrupt(const Row& row, std::string_view delivery) {
    return counts_exits(row, "timer") && row.delivery == delivery &&
           row.param("wait") != "wfi-trapped";
}

constexpr std::array<Budget, 21> kBudgets{{
    // The vector is the ERET.
    {"hypercall answered by the vector", [](const Row& row) { return is_call(row, "vector-only"); },
     1, 1},
    // Which call it is must be found out: a compare, two branches, the ERET.
    {"null hypercall, fast path", [](const Row& row) { return is_call(row, "null-fast"); }, 4, 12},
    // And a frame of the registers that a C++ function may change is saved and restored.
    {"null hypercall, dispatcher", [](const Row& row) { return is_call(row, "null-dispatch"); }, 10,
     30},
    // Some fifty registers of CP15, the GIC, the timers and the banked modes, out and in.
    {"switch that a guest asks for", [](const Row& row) { return is_call(row, "yield"); }, 200,
     270},
    // Whose turn it is, and whose deadline comes next, has to be found out too.
    {"switch at the end of a turn", [](const Row& row) { return counts_exits(row, "turn"); }, 250,
     kTurnLimit},
    // A frame; IAR read, EOIR and a list register written, with what finds them.
    {"timer injection", [](const Row& row) { return is_interrupt(row, "injected"); }, 20, 45},
    // The same twice.
    {"timer injection, end of interrupt by maintenance",
     [](const Row& row) { return is_interrupt(row, "injected-soft"); }, 40, 120},
    {"direct delivery", [](const Row& row) { return is_interrupt(row, "direct"); }, 0, 0},
    {"boosted delivery, HYP vector to guest vector",
     [](const Row& row) {
         return row.workload == "timer" && row.layer == kSwitchedIn && row.delivery == "boosted" &&
                row.param("load") == "vm-compute";
     },
     200, 500},
    // With the switch, the guest's own part, and what notices the deadline. A few in 10,000 pass
    // while HYP is in the middle of a switch away from their owner, and wait for its end too.
    {"boosted delivery, deadline to application",
     [](const Row& row) { return is_wake_up(row, "boosted") && !beside_traps(row); }, 60,
     440 + kTurnLimit},
    // HYP may have begun something else just before.
    {"boosted delivery beside a guest that traps, deadline to application",
     [](const Row& row) { return is_wake_up(row, "boosted") && beside_traps(row); }, 60, 720},
    {"injected delivery, deadline inside HYP's work, to application",
     [](const Row& row) { return is_wake_up(row, "injected") && row.param("wait") == "calls"; }, 60,
     140},
    // With what the guests do: docs/floor.md has the targets.
    {"access of an emulated register",
     [](const Row& row) {
         return is_exit(row, "gicd-ctlr-read") || is_exit(row, "device-read") ||
                is_exit(row, "device-write") || is_exit(row, "pl011-read");
     },
     36, 64},
    {"SGI to itself", [](const Row& row) { return is_exit(row, "sgi-self"); }, 50, 120},
    {"IPI to another core", [](const Row& row) { return is_exit(row, "ipi-other-core"); }, 93, 220},
    // A frame; IAR read, EOIR and a list register written, with whose interrupt it is.
    {"interrupt of a passed device",
     [](const Row& row) {
         return counts_exits(row, "exits") && row.param("exit") == "spi" &&
                row.delivery != "direct";
     },
     18, 90},
    {"interrupt of a passed device, straight from the GIC",
     [](const Row& row) {
         return counts_exits(row, "exits") && row.param("exit") == "spi" &&
                row.delivery == "direct";
     },
     0, 0},
    // With a switch to the other virtual CPU; and where a turn ends in between, with two more.
    {"IPI on the same core", [](const Row& row) { return is_exit(row, "ipi-same-core"); }, 200,
     1'500},
    // The first fault of a guest clears a table of each level, and maps 64 pages.
    {"longest stretch with interrupts masked in HYP",
     [](const Row& row) { return row.workload == "masked" && row.layer == "longest-masked"; }, 10,
     3'200},
    {"demand stage-2 fault",
     [](const Row& row) {
         return counts_exits(row, "demand") ||
                (counts_exits(row, "pagefault") && row.param("faults") == "stage2");
     },
     40, 150},
    {"guest's own stage-1 fault",
     [](const Row& row) {
         return row.workload == "pagefault" && row.layer == "fault" &&
                row.param("faults") == "stage1" && row.param("stamps") == "0";
     },
     40, 120},
}};

/// Budgets are of our monitor. What is below a guest that comes alone takes what it takes.
bool is_of(const Budget& budget, const Row& row) { return !row.alone() && budget.covers(row); }

/// The longest wake-up of a guest that has the core to itself, or null.
const Row* injected_alone(const std::vector<Row>& rows) {
    const Row* worst = nullptr;
    for (const Row& row : rows) {
        if (is_wake_up(row, "injected") && (worst == nullptr || row.max > worst->max)) {
            worst = &row;
        }
    }
    return worst;
}

}  // namespace

const Budget* budget_of(const Row& row) {
    const auto* found = std::find_if(kBudgets.begin(), kBudgets.end(),
                                     [&row](const Budget& budget) { return is_of(budget, row); });
    return found == kBudgets.end() ? nullptr : found;
}

void judge_budgets(const RunLog& log, std::vector<Verdict>& verdicts) {
    if (!log.counts_instructions()) {
        return;
    }
    for (const Budget& budget : kBudgets) {
        const Row* least = nullptr;
        const Row* most = nullptr;
        for (const Row& row : log.rows) {
            if (!is_of(budget, row)) {
                continue;
            }
            least = least == nullptr || row.min < least->min ? &row : least;
            most = most == nullptr || row.max > most->max ? &row : most;
        }
        if (most == nullptr) {
            continue;
        }
        const bool enough = least->min >= budget.least;
        const Row& worst = enough ? *most : *least;
        verdicts.push_back(
            {fmt::format("budget: {}", budget.name), enough && most->max <= budget.limit,
             fmt::format("{} instructions, {} to {} allowed ({} {})",
                         number_text(enough ? most->max : least->min), number_text(budget.least),
                         number_text(budget.limit), label_of(worst), worst.setting())});
    }
}

void judge_slices(const RunLog& log, std::vector<Verdict>& verdicts) {
    if (!log.counts_instructions()) {
        return;
    }
    constexpr double kMicrosecondsPerSecond = 1e6;
    const Row* alone = injected_alone(log.rows);
    for (const Row& row : log.rows) {
        if (!is_wake_up(row, "shared")) {
            continue;
        }
        const double slice = std::strtod(row.param("slice_us").c_str(), nullptr) *
                             static_cast<double>(log.begin->counter_hz) / kMicrosecondsPerSecond;
        // A deadline may pass just after the switch away from its owner. The wake-up itself counts
        // twice, since it may also have to wait for what the monitor was just doing.
        const double wake_up = alone != nullptr ? alone->max : row.min;
        const double limit = slice + kTurnLimit + 2 * wake_up;
        verdicts.push_back(
            {fmt::format("waits no longer than a slice: {}", label_of(row)), row.max <= limit,
             fmt::format("{} of at most {}: a slice ({}), a switch ({}), twice {} ({})",
                         number_text(row.max), number_text(limit), number_text(slice),
                         number_text(kTurnLimit),
                         alone != nullptr ? "an injected wake-up" : "its own shortest wake-up",
                         number_text(wake_up))});
    }
}

}  // namespace hm::host
