#pragma once
// The plan of a run: which scenarios a request makes, and in which order.

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>

#include "measure/request.hpp"
#include "measure/scenario.hpp"

namespace hm::measure {

/// Calls, in loops of single calls, for each of Key::kRounds.
inline constexpr std::uint32_t kRepeatsPerRound = 50;

inline constexpr std::uint32_t kPageBytes = 4096;

/// The translations that are measured unless a row says something else, one for each regime.
inline constexpr std::array<Translation, 3> kPlain{kPlainNative, kPlainStage2, kPlainNested};

/// Whether the keys regime, stage1 and stage2 leave `translation` in.
[[nodiscard]] constexpr bool wants(const Request& request, const Translation& translation) {
    return request.wants(Key::kRegime, name_of(translation.regime())) &&
           request.wants(Key::kStage1, name_of(translation.stage1)) &&
           request.wants(Key::kStage2, name_of(translation.stage2));
}

/// Scenarios in the order in which they run.
class Plan {
  public:
    static constexpr std::size_t kMost = kMostScenarios;

    [[nodiscard]] std::span<const Scenario> scenarios() const {
        return std::span(scenarios_).first(count_);
    }
    void add(const Scenario& scenario);
    /// Takes out the scenarios at these places.
    void leave_out(const std::bitset<kMost>& places);
    /// Calls `change` with each scenario.
    template <class Change>
    void change_each(Change change) {
        for (std::size_t i = 0; i < count_; ++i) {
            change(scenarios_[i]);
        }
    }
    /// The same natively and as a guest with both stages, whose interrupts are injected.
    void add_in_both_worlds(const Scenario& scenario);
    /// The same under this translation.
    void add_in(const Translation& translation, const Scenario& scenario);
    /// And in this delivery.
    void add_in(const Translation& translation, const Scenario& scenario, Delivery delivery);

  private:
    std::array<Scenario, kMost> scenarios_{};
    std::size_t count_ = 0;
};

/// Adds to `plan`, which is too large for a stack, what `request` asks for on a machine whose
/// counter runs at `counter_hz`: the entries of each workload in the order of their table, but
/// those that are left out.
void make_plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

}  // namespace hm::measure
