#include "hyp/hw/own_cores.hpp"

#include <array>
#include <atomic>
#include <optional>

#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/hw/counter_setup.hpp"
#include "hyp/hw/entry.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vector_tables.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

constinit std::array<Cpu, VmConfig::kMostCpus> cores;

namespace {

/// CNTPCT ticks that virtual CPUs had on each core but the first.
constinit std::array<std::uint64_t, VmConfig::kMostCpus> ticks_on_core{};

/// What counts on every core; nothing: on each what counts there.
constinit std::optional<CounterSetup> counters_everywhere;

[[nodiscard]] CounterSetup counters_of_this_core() {
    return counters_everywhere ? *counters_everywhere : counter_setup();
}

/// By core: the virtual CPU that it is to run, or runs; null: none.
constinit std::array<std::atomic<Vcpu*>, VmConfig::kMostCpus> to_run{};
static_assert(std::atomic<Vcpu*>::is_always_lock_free);

/// From here on `vcpu` can be turned on again.
void set_off(Vcpu& vcpu) {
    Vm& vm = *vcpu.vm;
    vm.lock.lock();
    vm.power[vcpu.index] = CpuPower::kOff;
    vm.lock.unlock();  // which tells those who wait for this core
}

/// The virtual CPU of the first core, `cpu`, is off, and another one is not. How the VM ended
/// meanwhile; nothing where this one has been turned on again.
[[nodiscard]] std::optional<Left> wait_until_turned_on(Cpu& cpu) {
    const Vm& vm = *cpu.vcpu->vm;
    set_off(*cpu.vcpu);
    while (to_run[cpu.number].load(std::memory_order_acquire) == nullptr) {
        if (vm.ends.load(std::memory_order_acquire)) {
            return Left::kStoppedByOther;
        }
        if (const std::uint64_t time = cpu::read<cpu::Cntpct>().raw;
            cpu.watchdog.has_expired(time)) {
            cpu.stop.reason =
                cpu.watchdog.is_spent(time) ? StopReason::kBudget : StopReason::kWatchdog;
            end_others(cpu);
            return Left::kStopped;
        }
        cpu::yield();
    }
    to_run[cpu.number].store(nullptr, std::memory_order_relaxed);
    return std::nullopt;
}

/// Natively no kick reaches HYP, so that another core than the first looks now and then whether the
/// VM has stopped. Its watchdog serves as the clock for that: the first core's watches all of them.
constexpr std::uint64_t kTicksBetweenLooks = 1U << 20;

void run_on_this_core(Cpu& cpu, Vcpu& vcpu) {
    const bool native = vcpu.vm->config.stages == Stages::kStage1Only;
    cpu.vcpu = &vcpu;
    cpu.scheduler = Scheduler{};
    cpu.next_look = kNever;
    cpu.stop = {};
    set_identity(mpidr_of(vcpu));
    load_core(vcpu);
    join(cpu);
    if (native && !vcpu.vm->config.is_left_alone) {
        cpu.watchdog = Watchdog(kTicksBetweenLooks, kLongest, cpu::read<cpu::Cntpct>().raw);
        arm_timer();
        cpu::write(cpu::CnthpCtl{}.with(cpu::CnthpCtl::kEnable, true));
        cpu::isb();  // before the guest is entered (B3.15.5)
    }
    const std::uint64_t began = cpu::read<cpu::Cntpct>().raw;
    (void)enter(cpu);
    ticks_on_core[cpu.number] += cpu::read<cpu::Cntpct>().raw - began;
    cpu::write(plain_vectors());
    cpu::write(cpu::CnthpCtl{});
    cpu::write(cpu::CntvCtl{});
    cpu::isb();  // quiet before it is cleared (B3.15.5)
    clear_core(counters_of_this_core());
    clear_gic_of_core(cpu);
}

}  // namespace

std::uint64_t ticks_on_other_core() { return ticks_on_core[1]; }

void count_on_every_core() { counters_everywhere = counter_setup(); }

void join(Cpu& cpu) {
    Vm& vm = *cpu.vcpu->vm;
    vm.lock.lock();
    hand_over_gic(cpu);
    if (cpu.vcpu->others != 0 && vm.config.routing != InterruptRouting::kStraight) {
        kick(1U << cpu.number);  // mail may have come since it was off
    }
    vm.power[cpu.vcpu->index] = CpuPower::kOn;
    vm.is_parked[cpu.vcpu->index].store(false, std::memory_order_relaxed);
    vm.lock.unlock();
}

Left run_first_vcpu(Cpu& cpu) {
    for (;;) {
        const Left left = enter(cpu);
        if (left != Left::kCpuOff) {
            return left;
        }
        if (const auto ended = wait_until_turned_on(cpu)) {
            return *ended;
        }
        load_core(*cpu.vcpu);
        join(cpu);
    }
}

void end_others(const Cpu& cpu) {
    Vm& vm = *cpu.vcpu->vm;
    if (!vm.ends.exchange(true)) {
        vm.stopped_by = cpu.number;
    }
    if (vm.config.routing != InterruptRouting::kStraight) {
        tell_other(*cpu.vcpu, kLookInMail);
    }
}

void wait_for_others(const Cpu& cpu) {
    for (std::uint32_t i = 0; i < to_run.size(); ++i) {
        wait_until([&] {
            return i == cpu.number || to_run[i].load(std::memory_order_acquire) == nullptr;
        });
    }
}

void serve_on_another_core(bool (*is_wanted)()) {
    Cpu& cpu = cores[1];
    cpu::write(cpu::Htpidr::from(reinterpret_cast<std::uint32_t>(&cpu)));
    cpu.timer_route = cores[0].timer_route;
    cpu.list_registers = cores[0].list_registers;
    clear_core(counters_of_this_core());
    clear_gic_of_core(cpu);
    std::atomic<Vcpu*>& next = to_run[cpu.number];
    while (is_wanted()) {
        if (Vcpu* const vcpu = next.load(std::memory_order_acquire)) {
            run_on_this_core(cpu, *vcpu);
            next.store(nullptr, std::memory_order_release);
            set_off(*vcpu);
        } else {
            cpu::wait_for_event();
        }
    }
}

void run_on_own_core(Vcpu& vcpu) {
    to_run[vcpu.index].store(&vcpu, std::memory_order_release);
    cpu::send_event();
}

}  // namespace hm::hyp
