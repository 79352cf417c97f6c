#pragma once
// All that a guest must not change: memory that is not its own, and registers.

#include <array>
#include <cstdint>

#include "session/core/message.hpp"
#include "tests/target/snapshot.hpp"

namespace hm::isolation {

class Bystanders {
  public:
    /// As the clean scenarios leave everything.
    void remember();

    /// Doublewords of the monitor's data that are not the same after the same clean scenarios:
    /// counters and times, which are left out from here on (docs/isolation.md names them). False if
    /// they are more than those.
    [[nodiscard]] bool learn_counters();

    /// What an act that has just ended has changed, or nothing. `companion_ran`: the memory of the
    /// second VM is one that its guest has written.
    [[nodiscard]] bool unharmed_by_act(bool companion_ran, session::Message& message) const;

    /// What is not as it was after the clean scenarios that were remembered.
    [[nodiscard]] bool unharmed_since(session::Message& message);

    /// The memory of the second VM as if no guest had ever had it.
    static void clear_companion();

  private:
    static constexpr std::size_t kMostCounters = 6;
    struct Sums {
        std::uint32_t text, read_only, hyp_tables, companion, beyond;
    };

    [[nodiscard]] static Sums sums();
    [[nodiscard]] bool registers_unharmed(session::Message& message);

    [[nodiscard]] bool counts(std::size_t word) const;

    Sums sums_{};
    std::array<std::size_t, kMostCounters> counter_at_{};
    std::size_t counters_ = 0;
    target::Snapshot registers_{};
    target::Snapshot now_{};
};

}  // namespace hm::isolation
