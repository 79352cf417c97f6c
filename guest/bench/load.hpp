#pragma once
// What a second VM does while the first is measured: nothing, or one kind of work again and again.

#include <concepts>
#include <cstdint>

#include "guest/bench/machine.hpp"
#include "measure/workload/load.hpp"

namespace hm::guest {

/// A machine that a load runs on. `keep` takes a value in a way that the compiler cannot see
/// through, so the value has to be computed. `release_page` gives a page back to the monitor: its
/// next touch is a fault of stage 2 again.
template <class M>
concept LoadMachineLike = requires(M& machine, std::uintptr_t address, std::uint32_t value) {
    machine.keep(value);
    machine.touch(address);
    machine.wait_for_interrupt();
    machine.call();
    machine.yield();
    machine.release_page(address);
};

/// Turns of one round of computing.
inline constexpr std::uint32_t kComputeTurns = 100;

/// One round of the load `task` (measure/workload/load.hpp); a round of kFault touches each page of
/// the range and gives it back.
template <LoadMachineLike M>
void load_round(M& machine, measure::Task task, std::uintptr_t demand_base,
                std::uint32_t demand_bytes) {
    switch (task) {
        case measure::load::kCompute: {
            std::uint32_t value = 0x9E3779B9;
            for (std::uint32_t turn = 0; turn < kComputeTurns; ++turn) {
                value ^= value << 13;  // xorshift32 (Marsaglia, "Xorshift RNGs", 2003)
                value ^= value >> 17;
                value ^= value << 5;
            }
            machine.keep(value);
            return;
        }
        case measure::load::kFault:
            for (std::uint32_t offset = 0; offset < demand_bytes; offset += kPageBytes) {
                machine.touch(demand_base + offset);
                machine.release_page(demand_base + offset);
            }
            return;
        case measure::load::kHypercall:
            machine.call();
            return;
        case measure::load::kYield:
            machine.yield();
            return;
        default:
            machine.wait_for_interrupt();
    }
}

}  // namespace hm::guest
