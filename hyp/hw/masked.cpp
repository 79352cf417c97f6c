// The handlers of the vectors that watch how long HYP keeps interrupts masked: each calls the plain
// one and keeps the longest stretch. An exit after which the guest does not go on is not counted.

#include "measure/masked.hpp"

#include "drivers/pmu/hw/counters.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/hw/interrupts.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/traps.hpp"

namespace hm::hyp {

namespace {

// The causes of traps are the classes of HSR.
constexpr bool is_class(measure::MaskedCause cause, ExceptionClass its_class) {
    return static_cast<std::uint32_t>(cause) == static_cast<std::uint32_t>(its_class);
}
static_assert(is_class(measure::MaskedCause::kWait, ExceptionClass::kWfiWfe) &&
              is_class(measure::MaskedCause::kCp15, ExceptionClass::kCp15) &&
              is_class(measure::MaskedCause::kHypercall, ExceptionClass::kHvc) &&
              is_class(measure::MaskedCause::kPrefetchAbort, ExceptionClass::kPrefetchAbortLower) &&
              is_class(measure::MaskedCause::kDataAbort, ExceptionClass::kDataAbortLower));

/// A stretch that began at `begin` ends here.
void keep_longest(std::uint32_t begin, std::uint32_t cause) {
    const std::uint32_t ticks = pmu::stamp() - begin;
    measure::MaskedStretch& longest = this_cpu().longest_masked;
    if (ticks > longest.ticks) {
        longest = {.ticks = ticks, .cause = cause};
    }
}

std::uint32_t* keep_longest(std::uint32_t begin, measure::MaskedCause cause) {
    keep_longest(begin, static_cast<std::uint32_t>(cause));
    return &this_cpu().unwanted_stamp;
}

}  // namespace

extern "C" void hyp_trap_watched(std::uint32_t word, TrapFrame* frame, std::uint32_t cycles) {
    hyp_trap(word, frame);
    keep_longest(cycles, static_cast<std::uint32_t>(Hsr::from(word).get(Hsr::kEc)));
}
extern "C" std::uint32_t* hyp_irq_watched(TrapFrame*, std::uint32_t cycles, std::uint64_t) {
    hyp_irq();
    return keep_longest(cycles, measure::MaskedCause::kIrq);
}
extern "C" std::uint32_t* hyp_fiq_watched(TrapFrame* frame, std::uint32_t cycles, std::uint64_t) {
    hyp_fiq(frame);
    return keep_longest(cycles, measure::MaskedCause::kFiq);
}
extern "C" std::uint32_t* hyp_irq_or_tick_watched(TrapFrame* frame, std::uint32_t cycles,
                                                  std::uint64_t) {
    hyp_irq_or_tick(frame);
    return keep_longest(cycles, measure::MaskedCause::kIrq);
}

}  // namespace hm::hyp
