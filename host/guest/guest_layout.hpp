#pragma once
// What a foreign guest's machine looks like, and what it may be.

#include <cstdint>

#include "board/host_facts.hpp"
#include "host/guest/guest_tree.hpp"

namespace hm::host {

/// The same on every board, and like QEMU's `virt`: some guests are linked for that.
inline const VirtualMachine kVirtualMachine{.memory_base = 0x4000'0000,
                                            .distributor = 0x0800'0000,
                                            .cpu_interface = 0x0801'0000,
                                            .uart = 0x0900'0000,
                                            .uart_interrupt = 33};

/// The board's own.
[[nodiscard]] inline VirtualMachine native_machine(const board::ForeignFacts& facts) {
    return {.memory_base = facts.memory,
            .distributor = facts.distributor,
            .cpu_interface = facts.cpu_interface,
            .uart = facts.uart,
            .uart_interrupt = facts.uart_interrupt};
}

inline constexpr std::uint32_t kLeastGuestMemory = 16U << 20;
/// The monitor begins a gigabyte into memory.
inline constexpr std::uint32_t kMostGuestMemory = 1U << 30;

/// Ticks of the counter in 10 ms: between two looks whether something was typed, and of a turn
/// where a second VM shares the core.
[[nodiscard]] constexpr std::uint32_t ticks_of_a_turn(const board::ForeignFacts& facts) {
    return facts.counter_hz / 100;
}

}  // namespace hm::host
