#pragma once
// A workload: a loop of the guest that is measured. Everything that monitor, session and host tool
// know of one is in its header in this folder, and one row of measure/workload/table.hpp registers
// it. guest/hw/jobs.cpp has the loop that runs.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/costs.hpp"
#include "measure/guest_abi.hpp"
#include "measure/keys.hpp"
#include "measure/layer.hpp"
#include "measure/plan.hpp"
#include "measure/scenario.hpp"

namespace hm::measure {

/// What the guest leaves of each event. Samples become rows by the workload's own layers; wake-ups
/// and faults by the layers between their stamps (wake_up_layers.hpp, fault_layers.hpp).
enum class EventKind : std::uint8_t { kNone, kSample, kWakeUp, kFault };

[[nodiscard]] constexpr std::uint32_t event_bytes(EventKind kind) {
    switch (kind) {
        case EventKind::kNone:
            break;
        case EventKind::kSample:
            return sizeof(Sample);
        case EventKind::kWakeUp:
            return sizeof(WakeUp);
        case EventKind::kFault:
            return sizeof(Fault);
    }
    return 0;
}

/// How stage 2 maps a scenario's `demand_bytes`.
enum class DemandRange : std::uint8_t {
    kMapped,   ///< before the guest is entered, with the rest of its memory
    kOnTouch,  ///< one page at a time, by the monitor, when the guest touches it
    kNever,    ///< not at all: touching it stops the guest
};

/// What is known of a scenario that ended, besides its events.
struct Facts {
    const Scenario& scenario;
    const GuestReport& report;
    Costs costs{};
    Clock clock = Clock::kInstructions;
    std::uint32_t pmu_events = 0;  ///< which of kEventNames were counted, one bit each
    std::uint64_t elapsed = 1;     ///< ticks of CNTPCT from entry to end
    std::optional<std::uint32_t> companion_work{};  ///< rounds of a second VM's load

    /// The workload's own numbers, of its type `Report`.
    template <class Report>
    [[nodiscard]] Report reported() const {
        return report.numbers.as<Report>();
    }
};

/// What the monitor has counted; nothing where the guest runs by itself.
[[nodiscard]] inline std::optional<std::uint32_t> of_monitor(const Facts& facts,
                                                             std::uint32_t value) {
    return facts.scenario.is_alone ? std::nullopt : std::optional(value);
}

/// A row of one value: a number that the guest reports, or a cost.
struct Number {
    const char* layer;
    const char* unit;  ///< null: that of `ticks`
    /// Nothing if there is no such row.
    std::optional<std::uint32_t> (*value)(const Facts&);
    Unit ticks = Unit::kTicks;
    std::uint32_t scale = 1;  ///< 1000 if the value is in thousandths
};

inline constexpr std::uint32_t kThousandths = 1000;

struct Workload {
    const char* name;               ///< in records
    const char* meaning = nullptr;  ///< for people; null if --only does not take its name
    /// Only --only asks for it: no suite has it.
    bool on_request = false;
    /// The word of --only that asks for it. Null: it is always asked for, and makes scenarios only
    /// if its own key is set.
    const char* only = nullptr;
    Task task{};
    std::span<const Key> keys = {};  ///< that its plan looks at
    /// Adds its scenarios to the plan. `counter_hz` is the frequency of CNTVCT.
    void (*plan)(const Request& request, std::uint64_t counter_hz, Plan& plan) = nullptr;

    // How events and reports become rows.
    EventKind events = EventKind::kNone;
    std::span<const Layer<Sample>> layers = {};  ///< of kSample
    /// Into how many equal parts the values of a sample are divided; null: one.
    std::uint32_t (*parts)(const Facts&) = nullptr;
    std::span<const Number> numbers = {};
    /// What is wrong with a guest that ended well otherwise; empty: nothing. Null: no check.
    std::string_view (*check)(const Facts&) = nullptr;

    // What it needs of the monitor.
    DemandRange demand = DemandRange::kMapped;
    bool null_ends_in_vector = false;  ///< null hypercalls are answered in the vector itself
    bool is_quiet = false;    ///< nothing is printed while it runs: its time as a whole counts
    bool never_ends = false;  ///< only the watchdog can stop it
};

/// The layers of a workload whose samples are plain: ticks under this name, instructions in HYP and
/// in PL1 and PL0.
[[nodiscard]] constexpr std::array<Layer<Sample>, 3> plain_layers(const char* name) {
    return {{
        {name, Unit::kTicks, [](const Sample& sample) { return sample.ticks; }},
        kHypInstructions<Sample>,
        kGuestInstructions<Sample>,
    }};
}

}  // namespace hm::measure
