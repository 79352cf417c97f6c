#pragma once
// Guests in C++ that lie in the monitor's image. They run in SVC mode with their MMU off,
// everything masked and no vectors. They may use constants, their stack, and what else a case maps
// for them.

#include <array>
#include <cstdint>

#include "guest/hw/machine.hpp"
#include "measure/guest_abi.hpp"
#include "tests/target/small_guest.hpp"

extern "C" {
extern const char __image_start[], __rodata_end[];
/// Every CPU of a guest begins here; in Thumb at the second one, with 1 added.
extern const char cpp_guest_start[], cpp_guest_start_in_thumb[];
}

namespace hm::target {

/// What a CPU does; it never returns. `context`: what CPU_ON was given for it.
using Body = void (*)(std::uint32_t context);

/// How cpp_guest.S finds it: the word above the stack of each CPU.
struct CppGuestCpu {
    alignas(8) std::array<std::byte, 2040> stack;
    Body body;
};
static_assert(sizeof(CppGuestCpu) == 2048);
extern "C" {
alignas(mmu::kFrameBytes) inline std::array<CppGuestCpu, 2> cpp_guest_cpus;
}

/// What such a guest needs of stage 2.
[[nodiscard]] inline hyp::MemoryRegion cpp_guest_code() {
    return code_region(__image_start, __rodata_end);
}
[[nodiscard]] inline hyp::MemoryRegion cpp_guest_stacks() { return page_region(&cpp_guest_cpus); }

/// Its first CPU will do this.
inline void prepare_cpp_guest(Body body) {
    cpp_guest_cpus = {};
    cpp_guest_cpus[0].body = body;
    make_code_visible();
}

[[noreturn]] inline void finish(std::uint32_t outcome = 0) {
    for (;;) {
        (void)guest::hypercall<measure::Hypercall::kFinish>(outcome);
    }
}

}  // namespace hm::target
