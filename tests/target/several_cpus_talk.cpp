#include "tests/target/several_cpus_talk.hpp"

#include <atomic>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/power/psci.hpp"
#include "guest/hw/machine.hpp"

namespace hm::target {

SeveralCpusPage several_cpus_page;

namespace psci = power::psci;
using guest::hypercall;
using guest::loop_forever;
using measure::Hypercall;

void let_run() {
    (void)hypercall<Hypercall::kYield>();
    cpu::wait_for_event();
}

namespace {

std::uint32_t read(std::uint32_t& word) {
    return std::atomic_ref(word).load(std::memory_order_relaxed);
}

}  // namespace

void wait_for(std::uint32_t& word, std::uint32_t value) {
    while (read(word) != value) {
        let_run();
    }
}
void tell(std::uint32_t& word, std::uint32_t value) {
    std::atomic_ref(word).store(value, std::memory_order_relaxed);
    cpu::send_event();
}

[[noreturn]] void wait_for_ever() {
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

void compute_until(std::uint32_t& word, std::uint32_t value) {
    while (read(word) != value) {
        cpu::yield();
    }
}

std::uint32_t this_cpu() { return psci::target_of(cpu::read<cpu::Mpidr>()).raw; }

std::uint32_t turn_on(std::uint32_t cpu, Body body, std::uint32_t context, std::uint32_t entry) {
    cpp_guest_cpus[cpu].body = body;
    cpu::dsb();
    return guest::firmware_call(psci::cpu_on(psci::Target::from(cpu), entry, context));
}

[[noreturn]] void turn_off() {
    (void)guest::firmware_call(psci::cpu_off());
    loop_forever();
}

std::uint32_t affinity_info(std::uint32_t cpu) {
    return guest::firmware_call(psci::affinity_info(psci::Target::from(cpu)));
}
void wait_until_off(std::uint32_t cpu) {
    while (affinity_info(cpu) != static_cast<std::uint32_t>(psci::Affinity::kOff)) {
        let_run();
    }
}

}  // namespace hm::target
