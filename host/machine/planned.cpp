#include "host/machine/planned.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "alone/core/plan.hpp"
#include "measure/plan.hpp"
#include "measure/workload/workload.hpp"

namespace hm::host {
namespace {

using measure::Scenario;

/// A number that rows of the scenario name; `otherwise` if they do not.
double number_of(const Scenario& scenario, std::string_view key, double otherwise = 0) {
    for (const measure::NamedValue& named : scenario.named_values()) {
        if (named.name == key && named.text == nullptr) {
            return named.number;
        }
    }
    return otherwise;
}

/// Instructions that an emulator executes for the scenario, as counted in finished runs.
double instructions_of(const Scenario& scenario) {
    constexpr double kTicksPerMicrosecond = 1000;
    constexpr double kTight = 5;  // loops that only count are emulated so much faster
    constexpr double kPerWakeUp = 400;
    constexpr double kPerFault = 800;
    constexpr double kPerLoad = 6;
    constexpr double kPerPage = 400;
    constexpr double kPageBytes = 4096;
    constexpr double kOthers = 1e6;
    const std::string_view workload = measure::workload_name(scenario);
    if (workload == "timer") {
        const double wake_ups = number_of(scenario, "count") + number_of(scenario, "warm_up");
        // A core that has nothing to do is not emulated; one that computes or spins is.
        const bool busy =
            scenario.wait == measure::Wait::kSpin ||
            (scenario.load != measure::Load::kIdle && scenario.load != measure::Load::kVmIdle);
        return wake_ups * (busy ? number_of(scenario, "period_us") * kTicksPerMicrosecond / kTight
                                : kPerWakeUp);
    }
    if (workload == "pagefault") {
        return number_of(scenario, "pages") * number_of(scenario, "rounds") * kPerFault;
    }
    if (workload == "chase") {
        return number_of(scenario, "bytes") / number_of(scenario, "stride", kPageBytes) *
               (number_of(scenario, "laps") + 4) * kPerLoad;
    }
    return workload == "boot" ? number_of(scenario, "working_set") / kPageBytes * kPerPage
                              : kOthers;
}

}  // namespace

std::vector<PlannedScenario> planned(const RunOptions& options) {
    constexpr double kInstructionsPerSecond = 100e6;
    constexpr double kEach = 0.05;  // loading a guest, checks, records
    constexpr double kMicrosecond = 1e-6;
    const bool exact = options.clock == ClockSource::kInstructions;
    // No plan of ours depends on the frequency in which scenarios it has.
    constexpr std::uint64_t kCounterHz = 1'000'000'000;
    RunOptions whole = options;
    whole.pick.clear();
    const std::string line = request_text(whole);
    const measure::ParsedRequest parsed = measure::parse_request(line);
    const auto plan = std::make_unique<measure::Plan>();
    const auto make = options.under.name.empty() ? measure::make_plan : alone::make_alone_plan;
    make(parsed.request, kCounterHz, *plan);
    std::vector<PlannedScenario> all;
    for (const Scenario& scenario : plan->scenarios()) {
        std::array<char, measure::kNameBytes> buffer{};
        const double waits =
            exact ? 0
                  : kMicrosecond * number_of(scenario, "period_us") *
                        (number_of(scenario, "count") + number_of(scenario, "warm_up"));
        const bool skipped = measure::uses_second_core(scenario.load) && options.cores() < 2;
        all.push_back(
            {measure::workload_name(scenario), std::string(measure::name_of(scenario, buffer)),
             skipped
                 ? 0
                 : kEach + std::max(waits, instructions_of(scenario) / kInstructionsPerSecond)});
    }
    return all;
}

}  // namespace hm::host
