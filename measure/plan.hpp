#pragma once
// The plan of a run: which scenarios a request makes, in which order, and what each is called.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/record.hpp"
#include "measure/request.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::measure {

/// One workload in one setting.
struct Scenario {
    static constexpr std::size_t kMostParameters = 8;

    const char* workload;  ///< as records name it
    Delivery delivery = Delivery::kNative;
    Translation translation = kPlainNative;
    Mapping mapping = Mapping::kNone;  ///< of a guest that boots
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

    /// Names a number or a word that says how the scenario is run; at most kMostParameters of them.
    /// Not inlined, since plans are long and the image is to stay small.
    Scenario& name(const char* key, std::uint32_t value);
    Scenario& name(const char* key, const char* value);

    [[nodiscard]] std::span<const Parameter> named_parameters() const {
        return std::span(parameters).first(parameter_count);
    }
};

/// Calls, and computations, of one round of those workloads (Key::kRounds).
inline constexpr std::uint32_t kRepeatsPerRound = 50;

/// Scenarios in the order in which they run.
class Plan {
  public:
    static constexpr std::size_t kMost = 900;

    [[nodiscard]] std::span<const Scenario> scenarios() const {
        return std::span(scenarios_).first(count_);
    }
    void add(const Scenario& scenario);
    /// The same natively and as a guest with both stages, whose interrupts are injected.
    void add_in_both_worlds(const Scenario& scenario);
    /// The same where addresses translate so.
    void add_in(const Translation& translation, const Scenario& scenario);

  private:
    std::array<Scenario, kMost> scenarios_{};
    std::size_t count_ = 0;
};

/// Adds to `plan`, which is too large for a stack, what `request` asks for on a machine whose
/// counter runs at `counter_hz`.
void make_plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

/// Its parts: the scenarios of workload "timer"; those of memory, which are figure 2's.
void plan_timer(const Request& request, std::uint64_t counter_hz, Plan& plan);
void plan_chase(const Request& request, Plan& plan);
void plan_page_faults(const Request& request, Plan& plan);
void plan_boot(const Request& request, Plan& plan);
void plan_parity(const Request& request, Plan& plan);

/// The size after `bytes` in the steps of LMbench's lat_mem_rd: two an octave (from 1 KB on; its
/// step(), lat_mem_rd.c of LMbench 3.0-a9).
[[nodiscard]] constexpr std::uint32_t next_chase_size(std::uint32_t bytes) {
    const bool power_of_two = (bytes & (bytes - 1)) == 0;
    return power_of_two ? bytes / 2 * 3 : bytes / 3 * 4;
}
static_assert(next_chase_size(4096) == 6144 && next_chase_size(6144) == 8192);

/// What says in a record how stage 2 is made; empty where that is plain, or there is none.
[[nodiscard]] const char* stage2_of(const Scenario& scenario);

/// "timer wait=wfi .. stamps=1 nested/injected", or "nested:2M/injected" where stage 2 is not
/// plain, into `buffer`; what does not fit is cut.
[[nodiscard]] std::string_view name_of(const Scenario& scenario, std::span<char> buffer);

/// A buffer of this many bytes holds every name.
inline constexpr std::size_t kNameBytes = 176;

}  // namespace hm::measure
