#pragma once
// What the SoC of a board does where no firmware does it. A driver of an SoC derives from PlainSoc
// and hides what it can do better; a board without such a driver has PlainSoc itself.

#include <cstdint>

#include "drivers/reg/bus.hpp"

namespace hm::power {

struct NoBlocks {};

template <reg::Bus B>
class PlainSoc {
  public:
    constexpr PlainSoc() = default;
    constexpr PlainSoc(B& /*bus*/, const NoBlocks& /*blocks*/) {}

    /// Stops the firmware's watchdog, and starts the counter that the generic timers follow; false
    /// if that does not run.
    [[nodiscard]] bool start() { return true; }

    /// By a watchdog. May return before the reset happens: the caller waits.
    void reset_board() {}

    /// A second core that waits in a loader finds `entry` when an event or an interrupt wakes it;
    /// false if it has no power.
    [[nodiscard]] bool set_way_out_of_loader(std::uint32_t /*entry*/) { return true; }

    /// Whether start_core() can work. `has_power_control`: the machine has the registers that give
    /// power to a core.
    [[nodiscard]] static constexpr bool starts_cores(bool /*has_power_control*/) { return false; }

    /// A core that is off begins at `entry`; false if it does not get power. `settle` waits for ten
    /// milliseconds.
    template <class Settle>
    [[nodiscard]] bool start_core(std::uint32_t /*core*/, std::uint32_t /*entry*/,
                                  bool /*has_power_control*/, Settle&& /*settle*/) {
        return false;
    }
};

}  // namespace hm::power
