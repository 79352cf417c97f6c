// A fault of the monitor itself: prints what helps to find it, and ends the run.

#include <array>

#include "board/hw/console.hpp"
#include "board/hw/start.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

namespace {

void print_register(std::string_view name, std::uint32_t value) {
    board::print(name);
    board::print(" ");
    board::print_hex(value);
    board::print("  ");
}

}  // namespace

/// `registers`: r0 to r12 and lr. HTPIDR holds the stack pointer at the fault.
extern "C" [[noreturn]] void hyp_fault(std::uint32_t cause, const std::uint32_t* registers) {
    constexpr std::array<std::string_view, 5> kCauses{"reset", "undefined instruction",
                                                      "HVC in HYP", "prefetch abort", "data abort"};
    std::uint32_t pc;
    std::uint32_t cpsr;
    std::uint32_t stack;
    asm volatile("mrs %0, elr_hyp" : "=r"(pc));
    asm volatile("mrs %0, spsr" : "=r"(cpsr));
    asm volatile("mrc p15, 4, %0, c13, c0, 2" : "=r"(stack));
    const Hsr hsr = Hsr::from(cpu::read<cpu::HsrRegister>().raw);
    std::array<char, kDescriptionBytes> words;

    board::print("\nhypmeter: fault in HYP: ");
    board::print(cause < kCauses.size() ? kCauses[cause] : "unknown");
    board::print(": ");
    board::print(describe(hsr, words));
    board::print("\n");
    constexpr std::array<std::string_view, 14> kNames{"r0", "r1", "r2", "r3",  "r4",  "r5",  "r6",
                                                      "r7", "r8", "r9", "r10", "r11", "r12", "lr"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        print_register(kNames[i], registers[i]);
        if (i % 4 == 3) {
            board::print("\n");
        }
    }
    print_register("sp", stack);
    print_register("pc", pc);
    board::print("\n");
    print_register("SPSR", cpsr);
    print_register("HSR", hsr.raw);
    print_register("HDFAR", cpu::read<cpu::Hdfar>().raw);
    print_register("HIFAR", cpu::read<cpu::Hifar>().raw);
    board::print("\n");
    board::give_up();
}

}  // namespace hm::hyp
