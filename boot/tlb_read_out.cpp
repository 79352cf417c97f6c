#include "boot/tlb_read_out.hpp"

namespace hm::boot {

namespace {

/// To read_tlb_ram in reset.S, which uses r12 besides.
cpu::TlbWords read(cpu::TlbSelect select) {
    register std::uint32_t r0 asm("r0") = select.raw;
    register std::uint32_t r1 asm("r1");
    register std::uint32_t r2 asm("r2");
    asm volatile(
        ".arch_extension sec\n"
        "smc #0"
        : "+r"(r0), "=r"(r1), "=r"(r2)
        :
        : "r12", "memory");
    return {r0, r1, r2};
}

}  // namespace

session::TlbReadOut tlb_read_out(const cpu::CoreFacts& core, bool secure) {
    if (core.tlb_rams == nullptr) {
        return {.lack = "no way is known to read the RAMs of this core's TLBs (Cortex-A7 has one)"};
    }
    if (!secure) {
        return {.lack =
                    "only Secure state can read the TLBs' RAMs, and the loader has kept it: "
                    "enter in Secure state (U-Boot: setenv bootm_boot_mode sec, or go)"};
    }
    return {.rams = core.tlb_rams, .read = read};
}

}  // namespace hm::boot
