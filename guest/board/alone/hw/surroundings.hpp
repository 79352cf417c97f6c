#pragma once
// What the session of a guest that runs by itself tells it besides its parameters. It lies in the
// page of the parameters, which the application may read.

#include <cstdint>

#include "measure/guest_abi.hpp"

extern "C" {
extern char __guest_base[], __image_start[], __image_end[];
/// Goes back to the session, from PL1: alone/hw/start.S.
[[noreturn]] void leave_guest(std::uint32_t outcome);
}

namespace hm::guest::board {

struct Surroundings {
    std::uint32_t clock_is_pmu;  ///< 1: PMCCNTR; 0: CNTVCT
    std::uint32_t heap;          ///< where the memory begins that the guest uses
    std::uint32_t uart;
};

/// The offset is in guest_board.S, too.
inline constexpr std::uint32_t kSurroundings = measure::kParameterPage + 0x800;
static_assert(sizeof(measure::ParameterBlock) <= 0x800);

[[nodiscard, gnu::always_inline]] inline volatile Surroundings& surroundings() {
    return *reinterpret_cast<volatile Surroundings*>(__guest_base + kSurroundings);
}

}  // namespace hm::guest::board
