#pragma once
// What a workload needs of the machine it runs on: real on the target (guest/hw), simulated in the
// host's tests. Loops are templates over it, so that measuring costs no call.

#include <concepts>
#include <cstdint>

#include "measure/guest_abi.hpp"

namespace hm::guest {

struct Instructions {
    std::uint32_t all;    ///< retired in all modes
    std::uint32_t guest;  ///< retired in PL1 and PL0
};

struct BothClocks {
    std::uint32_t count;  ///< CNTVCT, low word
    std::uint32_t ticks;  ///< PMCCNTR
};

/// Other events that the PMU has counted so far; zero if it lacks an event.
struct Events {
    std::uint32_t count[measure::kEvents];
};

/// ticks() is PMCCNTR, count() CNTVCT; opaque() gives back its argument in a way that the compiler
/// cannot see through; touch() stores to an address; the rest are calls of the guest's kernel.
/// unmap_page() makes the next touch of a page a fault of stage 1; release_page() gives a page that
/// stage 2 maps on demand back to the monitor, so that its next touch is a fault of stage 2;
/// flush_tlb() drops everything from the TLBs, of both stages.
template <class M>
concept Machine = requires(M& machine, std::uintptr_t address, void* pointer, std::uint64_t time,
                           std::uint32_t number) {
    { machine.ticks() } -> std::same_as<std::uint32_t>;
    { machine.count() } -> std::same_as<std::uint64_t>;
    { machine.both_clocks() } -> std::same_as<BothClocks>;
    { machine.instructions() } -> std::same_as<Instructions>;
    { machine.events() } -> std::same_as<Events>;
    { machine.opaque(pointer) } -> std::same_as<void*>;
    machine.touch(address);
    machine.unmap_page(address);
    machine.release_page(address);
    machine.flush_tlb();
    machine.wait_until(time);
    machine.checkpoint(number, number);
};

inline constexpr std::uint32_t kPageBytes = 4096;

/// The difference of two readings of PMCCNTR next to each other: the smallest of several tries.
template <Machine M>
[[nodiscard]] std::uint32_t reading_cost(M& machine) {
    std::uint32_t least = UINT32_MAX;
    for (int i = 0; i < 16; ++i) {
        const std::uint32_t before = machine.ticks();
        const std::uint32_t cost = machine.ticks() - before;
        least = cost < least ? cost : least;
    }
    return least;
}

}  // namespace hm::guest
