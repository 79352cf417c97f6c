#pragma once
// Guests with two CPUs, of which the first turns the second on, and what they share.

#include <cstdint>

#include "drivers/mmu/address.hpp"

namespace hm::target {

/// Their page.
struct alignas(mmu::kFrameBytes) SeveralCpusPage {
    // ---- What they say to each other ----
    std::uint32_t is_ready;  ///< the second one; it counts how often
    std::uint32_t may_go;
    std::uint32_t may_end;
    std::uint32_t is_over;
    std::uint32_t taken;  ///< the interrupt that the second one has taken
    std::uint32_t rounds;

    // ---- What they find, for the case ----
    std::uint32_t wrong;  ///< interrupts and values that should not be
    std::uint32_t mpidr[2];
    std::uint32_t cpsr;     ///< of the second one as it began
    std::uint32_t context;  ///< and what CPU_ON was given for it
    std::uint32_t on, on_again, on_self;
    std::uint32_t affinity_before, affinity_while_on;
    std::uint32_t active_meanwhile, active_after;
};
extern SeveralCpusPage several_cpus_page;

/// A shared interrupt.
inline constexpr std::uint32_t kSpi = 40;

// What the first CPU does: a Body of cpp_guest.hpp each.

void turns_another_on_and_off(std::uint32_t);
void turns_thumb_on(std::uint32_t);
void turns_itself_off_while_another_goes_on(std::uint32_t);
void both_turn_off(std::uint32_t);
void turns_off_and_is_turned_on_again(std::uint32_t);
void another_turns_the_machine_off(std::uint32_t);
void another_asks_for_nonsense(std::uint32_t);
void another_loops(std::uint32_t);
void finishes_while_another_loops(std::uint32_t);
void both_wait_for_ever(std::uint32_t);
void is_off_while_another_loops(std::uint32_t);
void has_its_own_thumb_ee(std::uint32_t);
void sends_and_is_answered(std::uint32_t);
void sends_all_at_once(std::uint32_t);
void sees_what_another_does(std::uint32_t);
void wakes_one_that_waits(std::uint32_t);
void computes_while_another_waits_for_its_timer(std::uint32_t);
void writes_beside_another(std::uint32_t);
/// Finishes with the ticks of CNTVCT that the longest answer took. The other one handles each
/// interrupt for kHandlingTicks.
void waits_for_slow_answers(std::uint32_t);
inline constexpr std::uint32_t kHandlingTicks = 75'000;

}  // namespace hm::target
