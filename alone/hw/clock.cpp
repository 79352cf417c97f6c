#include "alone/hw/clock.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/hw/stamp_barrier.hpp"
#include "drivers/pmu/hw/timed_loop.hpp"
#include "drivers/pmu/registers.hpp"

namespace hm::alone {

namespace {

std::uint32_t cycles_of_loop() { return pmu::cycles_of_loop(); }

/// The same of CNTVCT.
std::uint32_t counts_of_loop() {
    std::uint32_t turns = pmu::kLoopTurns;
    std::uint32_t start;
    std::uint32_t end;
    std::uint32_t high;
    // The ISBs: as above (A3.8.3).
    asm volatile(HYPMETER_STAMP_ISB_TEXT
                 "\nmrrc p15, 1, %[start], %[high], c14\n"
                 "1: subs %[turns], %[turns], #1\n"
                 "bne 1b\n" HYPMETER_STAMP_ISB_TEXT "\nmrrc p15, 1, %[end], %[high], c14\n"
                 : [start] "=&r"(start), [end] "=&r"(end), [high] "=&r"(high), [turns] "+r"(turns)
                 :
                 : "cc");
    return end - start;
}

/// Whether one instruction is one tick.
bool counts_instructions(std::uint32_t (*ticks_of_loop)()) {
    for (int i = 0; i < 4; ++i) {
        if (ticks_of_loop() != pmu::kLoopInstructions) {
            return false;
        }
    }
    return true;
}

/// False if it does not count: a hypervisor may answer each reading with zero.
bool start_pmu() {
    cpu::write(pmu::Pmcr{}.with(pmu::Pmcr::kE, true).with(pmu::Pmcr::kC, true));
    cpu::write(pmu::Pmcntenset{}.with(pmu::Pmcntenset::kCycles, true));
    cpu::isb();  // it counts from here on (ARM DDI 0406C.d, B3.15.5)
    return cycles_of_loop() != 0;
}

measure::ClockRatio ratio_to(std::uint64_t counter_hz) {
    const auto wanted = static_cast<std::uint32_t>(counter_hz / 100);
    std::uint32_t first_count;
    std::uint32_t first_cycles;
    std::uint32_t count;
    std::uint32_t cycles;
    pmu::count_and_cycles(first_count, first_cycles);
    do {
        pmu::count_and_cycles(count, cycles);
    } while (count - first_count < wanted);
    return {.ticks = cycles - first_cycles, .counter_ticks = count - first_count};
}

}  // namespace

ClockFound start_clock(ClockChoice choice) {
    ClockFound found{.counter_hz = cpu::read<cpu::Cntfrq>().raw};
    found.is_pmu = choice == ClockChoice::kPerformanceMonitor && start_pmu();
    if (counts_instructions(found.is_pmu ? cycles_of_loop : counts_of_loop)) {
        found.meaning = measure::Clock::kInstructions;
    } else if (found.is_pmu) {
        found.meaning = measure::Clock::kCycles;
        found.ratio = ratio_to(found.counter_hz);
        found.ticks_hz = found.counter_hz * found.ratio.ticks / found.ratio.counter_ticks;
    }
    return found;
}

}  // namespace hm::alone
