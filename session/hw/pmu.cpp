#include "session/hw/pmu.hpp"

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/hw/timed_loop.hpp"
#include "drivers/pmu/registers.hpp"

namespace hm::session {

namespace {

constexpr std::uint32_t kInstructionCounters =
    (1U << pmu::kAllInstructionsCounter) | (1U << pmu::kGuestInstructionsCounter);

std::uint64_t before_the_last_start;

void set_filter(std::uint32_t counter, pmu::Pmxevtyper filter) {
    cpu::write(pmu::Pmselr{}.with(pmu::Pmselr::kSelect, counter));
    cpu::isb();  // selected before it is written (ARM DDI 0406C.d, C12.8.10)
    cpu::write(filter);
}

}  // namespace

EventPasses event_passes() {
    // A machine that models none of it counts none; QEMU's cores lack PMCEID0 too.
    const std::uint32_t at_once =
        pmu::memory_events_at_once(cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN));
    if (!machine().models_caches || at_once == 0) {
        return kNoEvents;
    }
    const std::uint32_t common = cpu::read<pmu::Pmceid0>().raw;
    std::uint32_t events = 0;
    for (std::uint32_t i = 0; i < pmu::kMemoryEvents.size(); ++i) {
        events |= (common >> pmu::kMemoryEvents[i] & 1) << i;
    }
    return {events, at_once};
}

void start_counters(const EventPasses& events, std::uint32_t pass) {
    before_the_last_start = instructions_so_far();
    // HYP is counted only where NSH is set (ARM DDI 0406C.d, C12.8.9): in the cycle counter, so
    // that stamps in HYP mean something, and in one of the two instruction counters, so that the
    // difference is what HYP took.
    const auto instructions =
        pmu::Pmxevtyper{}.with(pmu::Pmxevtyper::kEvent, pmu::kInstructionsRetired);
    cpu::write(
        pmu::Pmcr{}.with(pmu::Pmcr::kE, true).with(pmu::Pmcr::kP, true).with(pmu::Pmcr::kC, true));
    set_filter(pmu::kCycleFilterSelect, pmu::Pmxevtyper{}.with(pmu::Pmxevtyper::kNsh, true));
    set_filter(pmu::kAllInstructionsCounter, instructions.with(pmu::Pmxevtyper::kNsh, true));
    set_filter(pmu::kGuestInstructionsCounter, instructions);
    std::uint32_t counters = 0;
    for (std::uint32_t i = 0; i < measure::kEvents; ++i) {
        if (const std::uint32_t event = events.event_of(pass, i); event < measure::kEvents) {
            counters |= 1U << i;
            set_filter(pmu::kFirstMemoryCounter + i,
                       pmu::Pmxevtyper{}
                           .with(pmu::Pmxevtyper::kEvent, pmu::kMemoryEvents[event])
                           .with(pmu::Pmxevtyper::kNsh, true));
        }
    }
    cpu::write(pmu::Pmcntenset{}
                   .with(pmu::Pmcntenset::kCycles, true)
                   .with(pmu::Pmcntenset::kEvents,
                         kInstructionCounters | (counters << pmu::kFirstMemoryCounter)));
    cpu::isb();  // they count from here on (B3.15.5)
}

std::uint64_t instructions_so_far() {
    // Before the first start nothing is enabled that would count.
    const bool started = cpu::read<pmu::Pmcntenset>().get(pmu::Pmcntenset::kCycles);
    return before_the_last_start + (started ? pmu::event_count(pmu::kAllInstructionsCounter) : 0);
}

bool counts_instructions() {
    for (int i = 0; i < 4; ++i) {
        if (pmu::cycles_of_loop() != pmu::kLoopInstructions) {
            return false;
        }
    }
    return true;
}

measure::ClockRatio measure_clock_ratio(std::uint64_t counter_hz) {
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

}  // namespace hm::session
