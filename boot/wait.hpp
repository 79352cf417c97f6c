#pragma once
// Waiting for another core or a device, with a time limit.

#include <cstdint>

#include "board/hw/counter.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"

namespace hm::boot {

/// False if `condition` does not become true within two seconds. The limit is long because cores
/// run in turn under icount, 100 ms of the counter at a time.
template <class Condition>
[[nodiscard]] bool wait_for(Condition&& condition) {
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    const std::uint64_t patience = std::uint64_t{2} * board::counter_hz();
    while (!condition()) {
        if (cpu::read<cpu::Cntpct>().raw - start > patience) {
            return false;
        }
        cpu::yield();
    }
    return true;
}

inline void wait_for_milliseconds(std::uint32_t milliseconds) {
    constexpr std::uint32_t kInASecond = 1000;
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    const std::uint64_t ticks = std::uint64_t{milliseconds} * (board::counter_hz() / kInASecond);
    while (cpu::read<cpu::Cntpct>().raw - start <= ticks) {
        cpu::yield();
    }
}

}  // namespace hm::boot
