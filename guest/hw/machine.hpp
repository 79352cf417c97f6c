#pragma once
// The real machine of guest/bench/machine.hpp, for code that runs in PL0: counters that PL0 may
// read, and system calls.

#include <cstdint>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/power/psci.hpp"
#include "guest/bench/machine.hpp"
#include "guest/core/system_call.hpp"
#include "guest_board.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

template <SystemCall kCall>
[[gnu::always_inline]] inline void system_call(std::uint32_t first = 0, std::uint32_t second = 0) {
    register std::uint32_t r0 asm("r0") = first;
    register std::uint32_t r1 asm("r1") = second;
    asm volatile("svc %c2" : "+r"(r0), "+r"(r1) : "i"(kCall) : "memory");
}

class ApplicationMachine {
  public:
    [[gnu::always_inline]] static std::uint32_t ticks() { return board::ticks(); }

    [[gnu::always_inline]] static std::uint64_t count() {
        pmu::stamp_isb();  // otherwise it could be read early (ARM DDI 0406C.d, A3.8.3)
        return cpu::read<cpu::Cntvct>().raw;
    }

    [[gnu::always_inline]] static BothClocks both_clocks() { return board::both_clocks(); }
    [[gnu::always_inline]] static Instructions instructions() { return board::instructions(); }
    static Events events() { return board::events(); }

    [[gnu::always_inline]] static void* opaque(void* pointer) {
        asm volatile("" : "+r"(pointer));
        return pointer;
    }

    [[gnu::always_inline]] static void touch(std::uintptr_t address) {
        asm volatile("str %0, [%0]" : : "r"(address) : "memory");
    }

    [[gnu::always_inline]] static void unmap_page(std::uintptr_t address) {
        system_call<SystemCall::kUnmapPage>(address);
    }
    [[gnu::always_inline]] static void release_page(std::uintptr_t address) {
        system_call<SystemCall::kReleasePage>(address);
    }
    static void flush_tlb() { system_call<SystemCall::kFlushTlb>(); }
    [[gnu::always_inline]] static void wait_until(std::uint64_t time) {
        system_call<SystemCall::kWaitUntil>(static_cast<std::uint32_t>(time),
                                            static_cast<std::uint32_t>(time >> 32));
    }
    static void checkpoint(std::uint32_t done, std::uint32_t of) {
        system_call<SystemCall::kCheckpoint>(done, of);
    }
};
static_assert(Machine<ApplicationMachine>);

/// How a guest hangs: with interrupts masked, only the watchdog ends it.
[[noreturn]] inline void loop_forever() {
    for (;;) {
        asm volatile("");
    }
}

/// Calls the monitor; only PL1 may.
template <measure::Hypercall kCall>
[[gnu::always_inline]] inline std::uint32_t hypercall(std::uint32_t first = 0,
                                                      std::uint32_t second = 0) {
    return board::hypercall<kCall>(first, second);
}

/// Calls the monitor as firmware (SMCCC): r0 to r3 may come back changed.
[[gnu::always_inline]] inline std::uint32_t firmware_call(power::psci::Function function) {
    register std::uint32_t r0 asm("r0") = static_cast<std::uint32_t>(function);
    asm volatile("hvc #0" : "+r"(r0) : : "r1", "r2", "r3", "memory");
    return r0;
}

/// The same with arguments.
inline std::uint32_t firmware_call(const power::psci::Call& what) {
    register std::uint32_t r0 asm("r0") = static_cast<std::uint32_t>(what.function);
    register std::uint32_t r1 asm("r1") = what.arguments[0];
    register std::uint32_t r2 asm("r2") = what.arguments[1];
    register std::uint32_t r3 asm("r3") = what.arguments[2];
    asm volatile("hvc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : : "memory");
    return r0;
}

}  // namespace hm::guest
