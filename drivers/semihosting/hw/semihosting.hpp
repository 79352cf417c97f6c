#pragma once
// Semihosting, used for one thing: to hand an exit status to the emulator.
// "Semihosting for AArch32 and AArch64" (ARM-software/abi-aa), SYS_EXIT_EXTENDED.

#include <cstdint>

namespace hm::semihosting {

/// Ends the emulator with `status`. Returns where nobody listens. In A32 state, whose SVC number
/// this is.
[[gnu::target("arm"), gnu::noinline]] inline void exit(std::uint32_t status) {
    struct {
        std::uint32_t reason, status;
    } block{0x20026, status};  // ADP_Stopped_ApplicationExit
    register std::uint32_t operation asm("r0") = 0x20;
    register void* argument asm("r1") = &block;
    asm volatile("svc 0x123456" : "+r"(operation) : "r"(argument) : "memory", "lr");
}

}  // namespace hm::semihosting
