#pragma once
// Timers that a board can spare for a guest: what all their drivers can do.

#include <concepts>
#include <cstdint>

namespace hm::timer {

enum class SpareKind : std::uint32_t {
    kNone,
    kPl031,      ///< drivers/timer/pl031.hpp
    kExynosPwm,  ///< drivers/timer/exynos_pwm.hpp
};

/// A write of a word, after which a timer's interrupt comes. It can be timed, with nothing around.
struct RaisingWrite {
    std::uint32_t address = 0;
    std::uint32_t value = 0;
};

template <class T>
concept Spare = requires(T timer) {
    timer.start();  // it asserts nothing, and is ready for the first write
    { timer.raising() } -> std::same_as<RaisingWrite>;
    timer.clear();  // its level has fallen, and it is ready for the next write
};

}  // namespace hm::timer
