#pragma once
// Turns of two virtual CPUs on one physical CPU: the schedule of hyp/core/schedule.hpp, and the
// deadline of the one that sleeps. Plain state: no timer and no register is touched here.

#include <algorithm>
#include <array>
#include <cstdint>

#include "hyp/core/schedule.hpp"
#include "hyp/core/time.hpp"
#include "hyp/core/vcpu.hpp"

namespace hm::hyp {

class Scheduler {
  public:
    /// For one virtual CPU, which has the core to itself.
    constexpr Scheduler() = default;

    /// For two. A window of `first` begins now. `ends_in_turn`: once `first` has finished, the run
    /// ends where its next window would begin.
    constexpr Scheduler(Vcpu& first, Vcpu& second, const Schedule& schedule, bool ends_in_turn)
        : vcpus_{&first, &second}, schedule_(schedule), ends_in_turn_(ends_in_turn) {}

    [[nodiscard]] constexpr bool shares() const { return vcpus_[0] != nullptr; }

    /// next_deadline(), or kNever where `running` has the core to itself.
    [[nodiscard]] constexpr std::uint64_t deadline(const Vcpu& running) const {
        return shares() ? next_deadline(running) : kNever;
    }

    // The rest holds only where two share the core.

    [[nodiscard]] constexpr Vcpu& first() const { return *vcpus_[0]; }
    /// The one that should have the core now.
    [[nodiscard]] constexpr Vcpu& chosen() const { return *vcpus_[schedule_.running]; }
    [[nodiscard]] constexpr Vcpu& other_than(const Vcpu& vcpu) const {
        return *vcpus_[other_vm(vcpu.turn)];
    }
    [[nodiscard]] constexpr bool boosts() const { return schedule_.boosted; }
    [[nodiscard]] constexpr bool ends_in_turn() const { return ends_in_turn_; }

    /// When on_time() is to be called at the latest, while `running` has the core. It is counted,
    /// so it is inlined, as on_time() is.
    [[nodiscard, gnu::always_inline]] constexpr std::uint64_t next_deadline(
        const Vcpu& running) const {
        return std::min(next_event(schedule_), other_than(running).deadline);
    }

    /// The time is `now`. True where the run ends: the first VM has finished, and its next window
    /// begins.
    [[nodiscard, gnu::always_inline]] constexpr bool on_time(std::uint64_t now) {
        const bool was_theirs = schedule_.window != 0;
        hyp::on_time(schedule_, now);
        return finished_ && was_theirs && schedule_.window == 0;
    }

    /// True where the deadline of `asleep` has passed, once for each deadline.
    [[nodiscard]] constexpr bool wakes(Vcpu& asleep, std::uint64_t now) {
        if (asleep.deadline > now) {
            return false;
        }
        asleep.deadline = kNever;
        asleep.deadline_seen = true;
        on_deadline(schedule_, asleep.turn, now);
        return true;
    }

    /// An interrupt has come for `asleep`: that is as if its deadline had passed. deadline() says
    /// so too.
    static constexpr void wake(Vcpu& asleep) {
        asleep.waits = false;
        asleep.deadline = 0;
    }

    /// Whether the window of `running` is over, and a boost may follow it.
    [[nodiscard]] constexpr bool ends_window_of(const Vcpu& running) const {
        return schedule_.policy == Policy::kBoosted && schedule_.running != running.turn;
    }
    /// Its window ended while it handled an interrupt: it goes on, as if that had come in the
    /// other's window.
    constexpr void on_interrupt_in_hand(const Vcpu& running, std::uint64_t now) {
        on_deadline(schedule_, running.turn, now);
    }

    /// The one that runs has nothing to do.
    constexpr void on_yield(std::uint64_t now) { hyp::on_yield(schedule_, now); }

    /// The first VM has finished, and waits for the end of the run.
    constexpr void on_finish() { finished_ = true; }

  private:
    std::array<Vcpu*, 2> vcpus_{};
    Schedule schedule_{};
    bool ends_in_turn_ = false;
    bool finished_ = false;
};

}  // namespace hm::hyp
