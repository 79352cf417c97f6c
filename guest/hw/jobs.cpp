#include "guest/hw/jobs.hpp"

#include <algorithm>

#include "drivers/timer/exynos_pwm.hpp"
#include "drivers/timer/pl031.hpp"
#include "drivers/uart/pl011_layout.hpp"
#include "guest/bench/boot.hpp"
#include "guest/bench/chase.hpp"
#include "guest/bench/evict.hpp"
#include "guest/bench/exits.hpp"
#include "guest/bench/hypercall.hpp"
#include "guest/bench/load.hpp"
#include "guest/bench/page_fault.hpp"
#include "guest/bench/parity.hpp"
#include "guest/bench/timer.hpp"
#include "guest/bench/turn.hpp"
#include "guest/hw/machine.hpp"
#include "guest/hw/second_cpu.hpp"
#include "measure/workload/table.hpp"

namespace hm::guest {

namespace {

using measure::Sample;
using measure::Task;

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
    static bool begin_vector_only() { return hypercall<measure::Hypercall::kVectorOnly>() != 0; }
    static void end_vector_only() {
        Kernel::arm_timer(count());
        kernel().take_timer_interrupt();
    }
};

/// What a second VM asks of the machine, for guest/bench/load.hpp.
struct LoadMachine : ApplicationMachine {
    static void keep(std::uint32_t value) { asm volatile("" : : "r"(value) : "memory"); }
    static void wait_for_interrupt() { cpu::wait_for_interrupt(); }
    static void call() { hypercall<measure::Hypercall::kNullCommon>(); }
    static void yield() { hypercall<measure::Hypercall::kYield>(); }
    static void release_page(std::uintptr_t address) {
        hypercall<measure::Hypercall::kReleasePage>(address);
    }
};

/// Of pages that stage 2 refuses the memory is the demand range: the monitor maps it.
void prepare_page_faults(Kernel& kernel, Job& job) {
    const auto arguments = job.arguments<measure::page_fault::Arguments>();
    if (in_stage2(arguments.faults)) {
        job.memory = reinterpret_cast<std::byte*>(job.block.demand_base);
    }
    kernel.set_fault_range(
        {{reinterpret_cast<std::uint32_t>(job.memory)}, arguments.pages * kPageBytes});
}

void run_page_faults(Job& job) {
    ApplicationMachine machine;
    const bool stamped = job.block.stamps != 0;
    auto log = job.log<measure::Fault>();
    page_fault_loop(machine, job.arguments<measure::page_fault::Arguments>(),
                    reinterpret_cast<std::uintptr_t>(job.memory), log,
                    stamped ? &fault_stamps() : nullptr, stamped ? &hyp_fault_stamps() : nullptr);
    job.keep(log);
}

void run_demand_faults(Job& job) {
    ApplicationMachine machine;
    auto log = job.log<Sample>();
    demand_fault_loop(machine, job.block.demand_base,
                      job.arguments<measure::demand_fault::Arguments>().pages, log);
    job.keep(log);
}

void run_boot(Job& job) {
    ApplicationMachine machine;
    (void)boot_loop(machine, job.block.demand_base,
                    job.arguments<measure::boot::Arguments>().working_set);
}

/// Not every machine has VFP: the loop of integers runs on all of them.
void prepare_parity(Kernel& kernel, Job& job) {
    if (job.arguments<measure::parity::Arguments>().loop == measure::ParityLoop::kFloat) {
        kernel.start_vfp();
    }
}

void run_parity(Job& job) {
    ApplicationMachine machine;
    auto log = job.log<Sample>();
    report().numbers = measure::parity::Report{
        .checksum = parity_loop(machine, job.arguments<measure::parity::Arguments>().loop, log)};
    job.keep(log);
}

void run_chase(Job& job) {
    ApplicationMachine machine;
    const auto arguments = job.arguments<measure::chase::Arguments>();
    auto log = job.log<Sample>();
    const ChaseLines lines(
        job.memory,
        {.order = arguments.order, .bytes = arguments.bytes, .stride = arguments.stride});
    build_chain(lines);
    const ChaseTally tally = chase_loop(machine, lines, arguments.laps, arguments.tlb, log);
    report().numbers = measure::chase::Report{
        .loads = lines.count(), .overhead = tally.overhead, .events = std::to_array(tally.events)};
    job.keep(log);
}

Layout layout_of_chase(const measure::ParameterBlock& block) {
    return block.arguments.as<measure::chase::Arguments>().placement ==
                   measure::Placement::kScattered
               ? Layout::kScattered
               : Layout::kBlocks;
}

measure::timer::Idle idle_of_timer(const Job& job) {
    return job.arguments<measure::timer::Arguments>().idle;
}

/// For guest/bench/evict.hpp.
struct EvictingMachine {
    [[gnu::always_inline]] static void load(std::uintptr_t address) {
        std::uint32_t value = 0;
        asm volatile("ldr %0, %1"
                     : "=r"(value)
                     : "m"(*reinterpret_cast<const std::uint32_t*>(address)));
    }
    static void run(std::uintptr_t address) { reinterpret_cast<void (*)()>(address)(); }
};

Eviction eviction_of(const Job& job) {
    return {.data = reinterpret_cast<std::uintptr_t>(job.memory),
            .data_bytes = measure::timer::kEvictingData};
}

/// Writes the code that the application runs between its waits.
void prepare_timer(Kernel& kernel, Job& job) {
    if (job.block.work_bytes == 0) {
        return;
    }
    const Eviction memory = eviction_of(job);
    constexpr std::uint32_t kBytes = measure::timer::kEvictingCode;
    write_chain({reinterpret_cast<std::uint32_t*>(memory.code()), kBytes / sizeof(std::uint32_t)});
    kernel.make_code({{static_cast<std::uint32_t>(memory.code())}, kBytes});
}

/// With caches that are cold in each wait. A loop of its own, with all that it needs: that of the
/// others must stay the same, instruction by instruction.
[[gnu::noinline]] void run_cold_wake_ups(Job& job) {
    ApplicationMachine machine;
    EvictingMachine evicting;
    const Eviction memory = eviction_of(job);
    const auto arguments = job.arguments<measure::timer::Arguments>();
    auto log = job.log<measure::WakeUp>();
    const TimerTally tally =
        timer_loop(machine,
                   {.period = arguments.period,
                    .wake_ups = arguments.wake_ups,
                    .warm_up = arguments.warm_up,
                    .dither = arguments.dither,
                    .slip = job.block.slip},
                   &hyp_stamps(), &stamps(), log, [&] { evict(evicting, memory); });
    report().numbers = measure::timer::Report{.missed = tally.missed};
    report().slips = tally.slips;
    report().stale = stamps().stale;
    job.keep(log);
}

[[gnu::noinline]] void run_wake_ups(Job& job) {
    ApplicationMachine machine;
    const auto arguments = job.arguments<measure::timer::Arguments>();
    auto log = job.log<measure::WakeUp>();
    const TimerTally tally = timer_loop(machine,
                                        {.period = arguments.period,
                                         .wake_ups = arguments.wake_ups,
                                         .warm_up = arguments.warm_up,
                                         .dither = arguments.dither,
                                         .slip = job.block.slip},
                                        &hyp_stamps(), &stamps(), log);
    report().numbers = measure::timer::Report{.missed = tally.missed};
    report().slips = tally.slips;
    report().stale = stamps().stale;
    job.keep(log);
}

void run_timer(Job& job) {
    if (job.block.work_bytes != 0) {
        run_cold_wake_ups(job);
    } else {
        run_wake_ups(job);
    }
}

/// Touches what the guest maps, but the monitor does not.
void run_stray(Job& job) { ApplicationMachine::touch(job.block.demand_base); }

measure::Hypercall call_of(measure::hypercall::Path path) {
    switch (path) {
        case measure::hypercall::Path::kVectorOnly:
            return measure::Hypercall::kVectorOnly;
        case measure::hypercall::Path::kNullFast:
            return measure::Hypercall::kNull;
        case measure::hypercall::Path::kNullDispatch:
            return measure::Hypercall::kNullCommon;
        case measure::hypercall::Path::kYield:
            break;
    }
    return measure::Hypercall::kYield;
}

void run_hypercalls(Job& job) {
    HypercallMachine machine;
    auto log = job.log<Sample>();
    hypercall_loop(machine, call_of(job.arguments<measure::hypercall::Arguments>().path), log);
    job.keep(log);
}

/// An exit that needs nothing before or after it.
template <class Cause>
struct PlainExit {
    Cause cause;
    static void prepare() {}
    static void finish() {}
};
template <class Cause>
PlainExit(Cause) -> PlainExit<Cause>;

auto read_of(std::uint32_t address) {
    return PlainExit{[address] {
        // Into r0: an access that uses lr, which is banked, is not emulated.
        register std::uint32_t value asm("r0");
        asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(address));
    }};
}

auto write_of(std::uint32_t address) {
    return PlainExit{[address] {
        register std::uint32_t value asm("r0") = 1;
        asm volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
    }};
}

struct SelfSgi {
    Kernel& kernel;
    gic::GiccIar taken{};
    static void prepare() {}
    [[gnu::always_inline]] void cause() {
        kernel.interrupt_self();
        taken = kernel.take_own_interrupt();
    }
    void finish() { kernel.end(taken); }
};

/// An interrupt that is masked ends WFI all the same (ARM DDI 0406C.d, B1.8.14).
struct MaskedWait {
    Kernel& kernel;
    static void arm(std::uint64_t deadline) { Kernel::arm_timer(deadline); }
    [[gnu::always_inline]] static void wait() { cpu::wait_for_interrupt(); }
    void finish() { kernel.take_timer_interrupt(); }
};

struct AcknowledgeEnd {
    Kernel& kernel;
    void prepare() { kernel.interrupt_self(); }
    [[gnu::always_inline]] void cause() { kernel.end(kernel.take_own_interrupt()); }
    static void finish() {}
};

/// What can be asked of the spare timer, whichever it is; what is not timed is not inlined.
struct SpareTimer {
    timer::RaisingWrite raising{};
    void (*clear)() = nullptr;
};

template <template <class> class Timer>
SpareTimer start_timer() {
    static reg::Mmio bus;
    static Timer<reg::Mmio> timer(bus, parameters().spare_timer.base);
    timer.start();
    return {.raising = timer.raising(), .clear = [] { timer.clear(); }};
}

[[gnu::noinline]] SpareTimer start_spare_timer() {
    switch (static_cast<timer::SpareKind>(parameters().spare_timer.kind)) {
        case timer::SpareKind::kPl031:
            return start_timer<timer::Pl031>();
        case timer::SpareKind::kExynosPwm:
            return start_timer<timer::ExynosPwm>();
        case timer::SpareKind::kNone:
            break;
    }
    Kernel::finish(measure::Outcome::kBadParameters);
}

/// The timer's level falls before the interrupt ends, or it would come again (ARM IHI 0048B,
/// 3.2.4).
struct Spi {
    Kernel& kernel;
    SpareTimer timer;
    gic::IntId id;
    gic::GiccIar taken{};
    static void prepare() {}
    [[gnu::always_inline]] void cause() {
        reg::Mmio::write(timer.raising.address, timer.raising.value);
        taken = kernel.take_own_interrupt(id);
    }
    void finish() {
        timer.clear();
        cpu::dsb();
        kernel.end(taken);
    }
};

/// Waits in WFE: on a machine that runs its cores in turn, that lets the other one run.
struct Ipi {
    Kernel& kernel;
    [[gnu::always_inline]] void send() {
        const std::uint32_t before = answers().count;
        kernel.interrupt_others(kIpi);
        do {
            cpu::wait_for_event();
        } while (answers().count == before);
    }
    static std::uint32_t taken_at() { return answers().taken_at; }
};

void prepare_exits(Kernel& kernel, Job& job) {
    kernel.start_own_interrupt();
    kernel.map_devices_of_exits();
    const auto exit = job.arguments<measure::exits::Arguments>().exit;
    if (measure::exits::second_cpu_of(exit) != measure::SecondCpu::kNone && !start_second_cpu()) {
        Kernel::finish(measure::Outcome::kBadParameters);
    }
    if (job.block.spare_timer.kind != 0) {
        kernel.start_spare_timer();
    }
}

void run_exits(Job& job) {
    ApplicationMachine machine;
    auto log = job.log<Sample>();
    const std::uint32_t distributor = parameters().distributor;
    switch (job.arguments<measure::exits::Arguments>().exit) {
        case measure::exits::Exit::kActlrRead:
            exit_loop(machine, PlainExit{[] {
                          asm volatile("mrc p15, 0, r0, c1, c0, 1" : : : "r0");
                      }},
                      log);
            break;
        case measure::exits::Exit::kNull:
            exit_loop(machine, PlainExit{[] { hypercall<measure::Hypercall::kNullCommon>(); }},
                      log);
            break;
        case measure::exits::Exit::kPsciVersion:
            exit_loop(machine,
                      PlainExit{[] { (void)firmware_call(power::psci::Function::kVersion); }}, log);
            break;
        case measure::exits::Exit::kGicdCtlrRead:
            exit_loop(machine, read_of(distributor + gic::GicdCtlr::kOffset), log);
            break;
        case measure::exits::Exit::kGicdTyperRead:
            exit_loop(machine, read_of(distributor + gic::GicdTyper::kOffset), log);
            break;
        case measure::exits::Exit::kSelfSgi:
            exit_loop(machine, SelfSgi{.kernel = kernel()}, log);
            break;
        case measure::exits::Exit::kAcknowledgeEnd:
            exit_loop(machine, AcknowledgeEnd{.kernel = kernel()}, log);
            break;
        case measure::exits::Exit::kDeviceRead:
            exit_loop(machine, read_of(measure::test_device(distributor)), log);
            break;
        case measure::exits::Exit::kDeviceWrite:
            exit_loop(machine, write_of(measure::test_device(distributor)), log);
            break;
        case measure::exits::Exit::kPl011Read:
            exit_loop(machine, read_of(board::uart(parameters()) + uart::Pl011Flags::kOffset), log);
            break;
        case measure::exits::Exit::kWfi:
            wait_loop(machine, MaskedWait{.kernel = kernel()},
                      job.arguments<measure::exits::Arguments>().ahead, log);
            break;
        case measure::exits::Exit::kIpiOtherCore:
        case measure::exits::Exit::kIpiSameCore:
            ipi_loop(machine, Ipi{.kernel = kernel()}, log);
            break;
        case measure::exits::Exit::kSpi:
            exit_loop(machine,
                      Spi{.kernel = kernel(),
                          .timer = start_spare_timer(),
                          .id = parameters().spare_timer.acknowledged},
                      log);
            break;
    }
    job.keep(log);
}

void run_turns(Job& job) {
    ApplicationMachine machine;
    auto log = job.log<Sample>();
    turn_loop(machine, log);
    job.keep(log);
}

void run_hang(Job&) { loop_forever(); }

/// Nothing is mapped at address 0: fetching the vector of the abort aborts as well.
void run_freeze(Job&) {
    cpu::write(cpu::Vbar{});
    cpu::isb();  // before the next exception is taken (ARM DDI 0406C.d, B3.15.5)
    asm volatile("svc #0");
}

/// What a second VM does, for ever.
void run_load(Job& job) {
    LoadMachine machine;
    for (;;) {
        load_round(machine, job.block.task, job.block.demand_base, job.block.demand_bytes);
        report().work = report().work + 1;
    }
}

constexpr JobRow load(Task task) {
    return {.task = task, .run = run_load, .level = Level::kForever};
}

constexpr JobRow kJobs[] = {
    JobRow{.task = measure::page_fault::kTask,
           .run = run_page_faults,
           .prepare = prepare_page_faults,
           .level = Level::kApplication},
    JobRow{.task = measure::demand_fault::kTask,
           .run = run_demand_faults,
           .level = Level::kApplication},
    JobRow{.task = measure::boot::kTask, .run = run_boot, .level = Level::kApplication},
    JobRow{.task = measure::parity::kTask,
           .run = run_parity,
           .prepare = prepare_parity,
           .level = Level::kApplication},
    JobRow{.task = measure::chase::kTask,
           .run = run_chase,
           .layout = layout_of_chase,
           .level = Level::kApplication},
    JobRow{.task = measure::timer::kTask,
           .run = run_timer,
           .prepare = prepare_timer,
           .idle = idle_of_timer,
           .level = Level::kApplication},
    JobRow{.task = measure::timer::kHangInHandler,
           .run = run_timer,
           .idle = idle_of_timer,
           .level = Level::kApplication},
    JobRow{.task = measure::stray::kTask, .run = run_stray, .level = Level::kApplication},
    JobRow{.task = measure::hypercall::kTask, .run = run_hypercalls, .level = Level::kKernel},
    JobRow{.task = measure::exits::kTask,
           .run = run_exits,
           .prepare = prepare_exits,
           .level = Level::kKernel},
    JobRow{.task = measure::turn::kTask, .run = run_turns, .level = Level::kApplication},
    JobRow{.task = measure::hang::kTask, .run = run_hang, .level = Level::kForever},
    JobRow{.task = measure::freeze::kTask, .run = run_freeze, .level = Level::kForever},
    load(measure::load::kIdle),
    load(measure::load::kCompute),
    load(measure::load::kFault),
    load(measure::load::kHypercall),
    load(measure::load::kYield),
};

}  // namespace

void run(Job& job) { job_of(job.block.task)->run(job); }

const JobRow* job_of(measure::Task task) {
    const auto* const row = std::find_if(std::begin(kJobs), std::end(kJobs),
                                         [task](const JobRow& job) { return job.task == task; });
    return row == std::end(kJobs) ? nullptr : row;
}

}  // namespace hm::guest
