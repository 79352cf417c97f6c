// The guest's main: prepares what the task needs at PL1, then runs the task as the application in
// USR mode (hypercalls at PL1, which alone may make them).

#include <algorithm>
#include <new>

#include "guest/bench/boot.hpp"
#include "guest/bench/chase.hpp"
#include "guest/bench/hypercall.hpp"
#include "guest/bench/load.hpp"
#include "guest/bench/page_fault.hpp"
#include "guest/bench/parity.hpp"
#include "guest/bench/timer.hpp"
#include "guest/hw/kernel.hpp"
#include "guest/hw/machine.hpp"

namespace hm::guest {

using measure::Outcome;
using measure::ParameterBlock;
using measure::Sample;
using measure::Task;
using measure::WakeUp;

/// What the application is to do, in its own memory.
struct Job {
    ParameterBlock parameters;
    std::span<Sample> samples;
    std::span<WakeUp> wake_ups;
    std::byte* memory;  ///< pages to fault on, or the chase's
    std::span<measure::Fault> faults;
};

namespace {

measure::Faults faults_of(const ParameterBlock& parameters) {
    return static_cast<measure::Faults>(parameters.arguments[4]);
}

alignas(Kernel) std::byte kernel_storage[sizeof(Kernel)];
Kernel* kernel;

/// Calls into the monitor, for guest/bench/hypercall.hpp.
struct HypercallMachine : ApplicationMachine {
    static void call(measure::Hypercall which) {
        if (which == measure::Hypercall::kNull) [[likely]] {
            hypercall<measure::Hypercall::kNull>();
        } else if (which == measure::Hypercall::kYield) {
            hypercall<measure::Hypercall::kYield>();
        } else {
            hypercall<measure::Hypercall::kNullCommon>();
        }
    }
    static void begin_vector_only() { hypercall<measure::Hypercall::kVectorOnly>(); }
    static void end_vector_only() { kernel->take_timer_interrupt_now(); }
};

/// What a second VM asks of the machine, for guest/bench/load.hpp.
struct LoadMachine : ApplicationMachine {
    static void keep(std::uint32_t value) { asm volatile("" : : "r"(value) : "memory"); }
    static void wait_for_interrupt() {
        (void)cpu::read<cpu::Cntvct>();  // as in the kernel's own idle loop
        cpu::wait_for_interrupt();
    }
    static void call() { hypercall<measure::Hypercall::kNullCommon>(); }
    static void yield() { hypercall<measure::Hypercall::kYield>(); }
    static void release_page(std::uintptr_t address) {
        hypercall<measure::Hypercall::kReleasePage>(address);
    }
};

[[noreturn]] void exit_application(Outcome outcome) {
    for (;;) {
        system_call<SystemCall::kFinish>(static_cast<std::uint32_t>(outcome));
    }
}

[[noreturn]] void application(Job* job) {
    ApplicationMachine machine;
    const ParameterBlock& parameters = job->parameters;
    const std::uint32_t first = parameters.arguments[0];
    const std::uint32_t second = parameters.arguments[1];
    const std::uint32_t third = parameters.arguments[2];
    SampleLog<Sample> samples(job->samples);
    SampleLog<WakeUp> wake_ups(job->wake_ups);
    SampleLog<measure::Fault> faults(job->faults);
    const std::uint32_t faults_before = report().faults;
    switch (parameters.task) {
        case Task::kPageFault: {
            const bool stamped = parameters.stamps != 0;
            page_fault_loop(machine,
                            {.pages = first,
                             .rounds = second,
                             .batch = third,
                             .visits = static_cast<measure::Visits>(parameters.arguments[3]),
                             .faults = faults_of(parameters)},
                            reinterpret_cast<std::uintptr_t>(job->memory), faults,
                            stamped ? &fault_stamps() : nullptr,
                            stamped ? &hyp_fault_stamps() : nullptr);
            break;
        }
        case Task::kBoot:
            (void)boot_loop(machine, parameters.demand_base, first);
            break;
        case Task::kParity:
            report().checksum =
                parity_loop(machine, static_cast<measure::ParityLoop>(first), samples);
            break;
        case Task::kDemandFault:
            demand_fault_loop(machine, parameters.demand_base, first, samples);
            break;
        case Task::kChase: {
            const ChaseLines lines(job->memory, {.order = static_cast<measure::ChaseOrder>(third),
                                                 .bytes = first,
                                                 .stride = parameters.arguments[3]});
            build_chain(lines);
            const ChaseTally tally =
                chase_loop(machine, lines, second,
                           static_cast<measure::TlbState>(parameters.arguments[4]), samples);
            report().loads = lines.count();
            report().overhead = tally.overhead;
            std::copy(std::begin(tally.events), std::end(tally.events), report().events);
            break;
        }
        case Task::kTimer:
        case Task::kHangInHandler: {
            const TimerTally tally = timer_loop(machine,
                                                {.period = first,
                                                 .wake_ups = second,
                                                 .warm_up = third,
                                                 .dither = parameters.arguments[4],
                                                 .slip = parameters.slip},
                                                &hyp_stamps(), &stamps(), wake_ups);
            report().missed = tally.missed;
            report().slips = tally.slips;
            break;
        }
        case Task::kStray:
            machine.touch(parameters.demand_base);  // mapped by the guest, not by the monitor
            break;
        default:
            exit_application(Outcome::kBadParameters);
    }
    report().faults -= faults_before;
    report().sample_count = samples.count() + wake_ups.count() + faults.count();
    exit_application(Outcome::kDone);
}

/// How many samples the task makes, and how many bytes it works on.
struct Needs {
    std::uint32_t samples = 0, wake_ups = 0, faults = 0, bytes = 0;
};

Needs needs_of(const ParameterBlock& parameters) {
    const std::uint32_t* const arguments = parameters.arguments;
    switch (parameters.task) {
        case Task::kPageFault:
            return {.faults = arguments[0] * arguments[1],
                    .bytes = in_stage2(faults_of(parameters)) ? 0 : arguments[0] * kPageBytes};
        case Task::kDemandFault:
            return {.samples = arguments[0]};
        case Task::kChase:
            return {.samples = arguments[1], .bytes = arguments[0]};
        case Task::kTimer:
        case Task::kHangInHandler:
            return {.wake_ups = arguments[1]};
        case Task::kHypercall:
        case Task::kParity:
            return {.samples = arguments[1]};
        default:
            return {};
    }
}

/// The application's memory for a job, or null where there is too little.
Job* prepare(const ParameterBlock& parameters) {
    const Needs needs = needs_of(parameters);
    std::byte* const place = kernel->allocate(sizeof(Job));
    std::byte* const log = kernel->allocate(static_cast<std::uint32_t>(
        needs.samples * sizeof(Sample) + needs.wake_ups * sizeof(WakeUp) +
        needs.faults * sizeof(measure::Fault)));
    std::byte* memory = kernel->allocate(needs.bytes, parameters.task == Task::kChase);
    if (place == nullptr || log == nullptr || memory == nullptr) {
        return nullptr;
    }
    report().samples = reinterpret_cast<std::uint32_t>(log);
    report().base = reinterpret_cast<std::uint32_t>(memory);
    report().tables_at = static_cast<std::uint32_t>(kernel->space().root().value);
    report().table_bytes = kernel->space().table_bytes();
    if (parameters.task == Task::kPageFault) {
        const bool by_monitor = in_stage2(faults_of(parameters));
        const std::uint32_t begin =
            by_monitor ? parameters.demand_base : reinterpret_cast<std::uint32_t>(memory);
        memory = reinterpret_cast<std::byte*>(begin);
        kernel->set_fault_range({{begin}, parameters.arguments[0] * kPageBytes});
    }
    return new (place) Job{
        .parameters = parameters,
        .samples = {reinterpret_cast<Sample*>(log), needs.samples},
        .wake_ups = {reinterpret_cast<WakeUp*>(log), needs.wake_ups},
        .memory = memory,
        .faults = {reinterpret_cast<measure::Fault*>(log), needs.faults},
    };
}

/// What a second VM does, at PL1 and for ever.
[[noreturn]] void run_load(const ParameterBlock& parameters) {
    LoadMachine machine;
    if (parameters.task == Task::kLoadFault) {
        kernel->map_demand_range();
    }
    for (;;) {
        load_round(machine, parameters.task, parameters.demand_base, parameters.demand_bytes);
        report().work = report().work + 1;
    }
}

[[noreturn]] void run(const ParameterBlock& parameters) {
    if (parameters.task == Task::kHang) {
        loop_forever();
    }
    if (parameters.task >= Task::kLoadIdle) {
        run_load(parameters);
    }
    Job* const job = prepare(parameters);
    if (job == nullptr) {
        Kernel::finish(Outcome::kOutOfMemory);
    }
    if (parameters.task == Task::kHypercall) {
        HypercallMachine machine;
        SampleLog<Sample> log(job->samples);
        hypercall_loop(machine, static_cast<measure::Hypercall>(parameters.arguments[0]), log);
        report().sample_count = log.count();
        Kernel::finish(Outcome::kDone);
    }
    if (parameters.demand_bytes != 0) {
        kernel->map_demand_range();
    }
    if (parameters.task == Task::kParity) {
        kernel->start_vfp();  // the one task that uses it: not every machine has it
    }
    kernel->start_application(
        &application, job,
        {.spin = parameters.arguments[5] != 0, .settle = parameters.arguments[3]});
}

}  // namespace

extern "C" [[noreturn]] void guest_main() {
    report() = measure::GuestReport{};
    const ParameterBlock block = parameters();
    if (block.magic != ParameterBlock::kMagic) {
        Kernel::finish(Outcome::kBadParameters);
    }
    kernel = new (kernel_storage) Kernel(block);
    kernel->start_mmu();
    kernel->start_interrupts();
    run(block);
}

extern "C" Frame* guest_system_call(Frame* frame) {
    // SVC's immediate is the low 24 bits of the instruction before the return address (A8.8.229).
    constexpr std::uint32_t kImmediate = 0x00FFFFFF;
    const auto* const instruction = reinterpret_cast<const std::uint32_t*>(frame->pc) - 1;
    return kernel->system_call(frame, *instruction & kImmediate);
}
extern "C" Frame* guest_data_abort(Frame* frame) { return kernel->data_abort<false>(frame); }
extern "C" Frame* guest_data_abort_stamped(Frame* frame) { return kernel->data_abort<true>(frame); }
extern "C" Frame* guest_irq(Frame* frame) { return kernel->interrupt<false>(frame); }
extern "C" Frame* guest_irq_stamped(Frame* frame) { return kernel->interrupt<true>(frame); }
extern "C" [[noreturn]] void guest_unexpected(const Frame* frame, std::uint32_t vector) {
    Kernel::unexpected(*frame, vector);
}

}  // namespace hm::guest
