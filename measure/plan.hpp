#pragma once
// The plan of a run: which scenarios a request makes, in which order, and what each is called.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/parameters.hpp"
#include "measure/record.hpp"
#include "measure/setting.hpp"

namespace hm::measure {

/// One workload in one setting.
struct Scenario {
    static constexpr std::size_t kMostParameters = 8;

    std::string_view workload;  ///< as records name it
    Delivery delivery = Delivery::kNative;
    Task task = Task::kPageFault;
    std::array<std::uint32_t, 6> arguments{};
    bool stamps = false;
    Wait wait = Wait::kWfi;
    Load load = Load::kIdle;
    std::uint32_t slice = 0;         ///< counter ticks, where two VMs share the core
    std::uint64_t waits = 0;         ///< counter ticks that pass between two checkpoints
    std::uint32_t memory_bytes = 0;  ///< that the workload goes through
    std::uint32_t demand_bytes = 0;  ///< besides, mapped on the first touch
    std::array<Parameter, kMostParameters> parameters{};
    std::size_t parameter_count = 0;

    [[nodiscard]] std::span<const Parameter> named_parameters() const {
        return std::span(parameters).first(parameter_count);
    }
};

/// Scenarios in the order in which they run.
class Plan {
  public:
    static constexpr std::size_t kMost = 160;

    [[nodiscard]] std::span<const Scenario> scenarios() const {
        return std::span(scenarios_).first(count_);
    }
    void add(const Scenario& scenario);
    /// The same natively and as a guest whose interrupts are injected.
    void add_in_both_worlds(Scenario scenario);

  private:
    std::array<Scenario, kMost> scenarios_{};
    std::size_t count_ = 0;
};

/// Adds to `plan`, which is too large for a stack, what `request` asks for on a machine whose
/// counter runs at `counter_hz`.
void make_plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

/// The scenarios of workload "timer"; part of make_plan.
void plan_timer(const Request& request, std::uint64_t counter_hz, Plan& plan);

/// Names the numbers and words that say how a scenario is run.
template <class... Parameters>
void set_parameters(Scenario& scenario, const Parameters&... parameters) {
    static_assert(sizeof...(parameters) <= Scenario::kMostParameters);
    std::size_t i = 0;
    ((scenario.parameters[i++] = parameters), ...);
    scenario.parameter_count = sizeof...(parameters);
}

/// "timer wait=wfi .. stamps=1 nested/injected" into `buffer`; what does not fit is cut.
[[nodiscard]] std::string_view name_of(const Scenario& scenario, std::span<char> buffer);

/// A buffer of this many bytes holds every name.
inline constexpr std::size_t kNameBytes = 176;

}  // namespace hm::measure
