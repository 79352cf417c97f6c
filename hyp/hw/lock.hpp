#pragma once
// A lock that two cores share, in HYP with interrupts masked. Who waits does so in WFE: on a
// machine that runs its cores in turn, that lets the other one run.

#include <atomic>
#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"

namespace hm::hyp {

/// Whoever makes `condition` true sends an event after it.
template <class Condition>
void wait_until(Condition&& condition) {
    while (!condition()) {
        cpu::wait_for_event();
    }
}

class Lock {
  public:
    [[nodiscard, gnu::always_inline]] bool try_lock() {
        return word_.exchange(1, std::memory_order_acquire) == 0;
    }
    void lock() {
        wait_until([this] { return try_lock(); });
    }
    [[gnu::always_inline]] void unlock() {
        word_.store(0, std::memory_order_release);
        cpu::send_event();
    }

  private:
    std::atomic<std::uint32_t> word_{};
    static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
};

}  // namespace hm::hyp
