#pragma once
// Which of two VMs has the core, and until when. This is plain state: its functions are given the
// time, and touch no timer and no VM.
//
// Windows of one slice each go to VM 0 and VM 1 in turn, at times that are fixed when the schedule
// begins. The cost of a switch comes out of the slice that it begins, and no VM waits longer than a
// slice for its turn. With Policy::kBoosted, a VM whose deadline passes in the other's window gets
// the core at once. The other's window is extended by the time that this took, and the next window
// of the VM that took it is shortened by as much.
//
// Times are in ticks of CNTPCT.

#include <algorithm>
#include <array>
#include <cstdint>

#include "hyp/core/time.hpp"

namespace hm::hyp {

enum class Policy : std::uint8_t {
    kShared,   ///< a deadline waits for its VM's window
    kBoosted,  ///< a deadline brings its VM the core at once
};

struct Schedule {
    Policy policy = Policy::kShared;
    std::uint64_t slice = 0;
    std::uint64_t window_end = 0;
    std::uint32_t window = 0;   ///< whose window it is
    std::uint32_t running = 0;  ///< who has the core
    bool boosted = false;       ///< `running` has it because of a deadline in the other's window
    std::uint64_t boosted_since = 0;
    std::array<std::uint64_t, 2> debt{};  ///< by VM: what it took from the other's windows
};

[[nodiscard]] constexpr std::uint32_t other_vm(std::uint32_t vm) { return 1 - vm; }

/// Begins with a window of `first`. `now` is before kEndOfTime, and so are the times of all calls
/// that follow. A slice is cut to what can be counted with, from one tick up to kLongest.
[[nodiscard]] constexpr Schedule begin_schedule(Policy policy, std::uint64_t slice,
                                                std::uint64_t now, std::uint32_t first = 0) {
    Schedule schedule;
    schedule.policy = policy;
    schedule.window = first;
    schedule.running = first;
    schedule.slice = std::clamp<std::uint64_t>(slice, 1, kLongest);
    schedule.window_end = now + schedule.slice;
    return schedule;
}

/// When on_time must be called at the latest. A boost lasts for at most one slice, whatever its VM
/// does.
[[nodiscard]] constexpr std::uint64_t next_event(const Schedule& schedule) {
    std::uint64_t at = schedule.window_end;
    if (schedule.boosted) {
        at = schedule.boosted_since + schedule.slice;
    }
    return at;
}

/// The VM that was boosted gives the core back, and owes what it took.
constexpr void end_boost(Schedule& schedule, std::uint64_t now) {
    const std::uint64_t taken = now - schedule.boosted_since;
    schedule.debt[schedule.running] += taken;
    schedule.window_end += taken;
    schedule.running = schedule.window;
    schedule.boosted = false;
}

/// The window that begins is shorter by what its VM owes, or over at once.
constexpr void pay_debt(Schedule& schedule) {
    std::uint64_t& debt = schedule.debt[schedule.window];
    const std::uint64_t paid = std::min(debt, schedule.slice);
    debt -= paid;
    schedule.window_end -= paid;
}

/// The time is `now`: windows and boosts that are over end. A window that its VM owes
/// entirely is skipped. It is counted, so it is inlined.
[[gnu::always_inline]] constexpr void on_time(Schedule& schedule, std::uint64_t now) {
    if (schedule.boosted) {
        if (now < next_event(schedule)) {
            return;
        }
        end_boost(schedule, now);
    }
    while (now >= schedule.window_end) {
        schedule.window = other_vm(schedule.window);
        schedule.running = schedule.window;
        schedule.window_end += schedule.slice;
        if (schedule.debt[schedule.window] != 0) {
            pay_debt(schedule);
        }
    }
}

/// A deadline of `vm`, which does not run, has passed.
constexpr void on_deadline(Schedule& schedule, std::uint32_t vm, std::uint64_t now) {
    if (schedule.policy != Policy::kBoosted || schedule.running == vm) {
        return;
    }
    // The window is its own: it gets back what the other took.
    if (schedule.boosted) {
        end_boost(schedule, now);
        return;
    }
    // In its own window it only takes back what it gave away.
    schedule.boosted = schedule.window != vm;
    schedule.boosted_since = now;
    schedule.running = vm;
}

/// The VM that runs has nothing to do: a boost ends, or the other gets the rest of the window.
constexpr void on_yield(Schedule& schedule, std::uint64_t now) {
    if (!schedule.boosted) {
        schedule.running = other_vm(schedule.running);
    } else {
        end_boost(schedule, now);
    }
}

}  // namespace hm::hyp
