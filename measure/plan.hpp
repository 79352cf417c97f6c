#pragma once
// The plan of a run: which scenarios a request makes, in which order, and what each is called.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/parameters.hpp"
#include "measure/record.hpp"

namespace hm::measure {

/// Natively, or as a guest with both stages and injected interrupts.
enum class World : std::uint8_t { kNative, kGuest };

[[nodiscard]] constexpr std::string_view regime_of(World world) {
    return world == World::kNative ? "native" : "nested";
}
[[nodiscard]] constexpr std::string_view delivery_of(World world) {
    return world == World::kNative ? "native" : "injected";
}

/// One workload in one world.
struct Scenario {
    static constexpr std::size_t kMostParameters = 3;

    std::string_view workload;  ///< as records name it
    World world = World::kNative;
    Task task = Task::kPageFault;
    std::array<std::uint32_t, 4> arguments{};
    bool stamps = false;
    std::uint64_t waits = 0;         ///< counter ticks that pass idly between two checkpoints
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
    static constexpr std::size_t kMost = 64;

    [[nodiscard]] std::span<const Scenario> scenarios() const {
        return std::span(scenarios_).first(count_);
    }
    void add(const Scenario& scenario);
    /// The same natively and as a guest.
    void add_in_both_worlds(Scenario scenario);

  private:
    std::array<Scenario, kMost> scenarios_{};
    std::size_t count_ = 0;
};

/// What `request` asks for on a machine whose counter runs at `counter_hz`.
[[nodiscard]] Plan make_plan(const Request& request, std::uint64_t counter_hz);

/// "timer period=1000 count=1000 stamps=1 nested/injected" into `buffer`; what does not fit is cut.
[[nodiscard]] std::string_view name_of(const Scenario& scenario, std::span<char> buffer);

/// A buffer of this many bytes holds every name.
inline constexpr std::size_t kNameBytes = 96;

}  // namespace hm::measure
