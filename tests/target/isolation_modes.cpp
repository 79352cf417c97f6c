// Hostile acts in modes and states that the measuring guest never uses.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

std::uint32_t psr() {
    std::uint32_t value;
    asm volatile("mrs %0, cpsr" : "=r"(value));
    return value;
}

constexpr std::array kActs{
    Act{.mechanism = "MMIO with a banked register",
        .sentence = "reads the distributor in FIQ mode into a banked register",
        .act = in_guest([](Hostile& me) {
            asm volatile("cps #0x11\n\tldr r8, [%0]\n\tcps #0x13" ::"r"(me.parameters.distributor)
                         : "r8", "memory");
        })},
    Act{.mechanism = "big-endian data",
        .sentence = "reads the distributor with big-endian data",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "setend be\n\t"
                "ldr r2, [%0]\n\t"
                "setend le"
                :
                : "r"(me.parameters.distributor + 4)
                : "r2", "memory");
        }),
        .ends = kMonitor,
        .words = "not served to big-endian data"},
    Act{.mechanism = "big-endian data",
        .sentence = "calls the monitor with big-endian data",
        .act = in_guest([](Hostile&) {
            asm volatile("setend be");
            (void)guest::hypercall<measure::Hypercall::kNullCommon>();
            asm volatile("setend le");
        })},
    Act{.mechanism = "modes that it may not enter",
        .sentence = "changes to Monitor mode",
        .act = in_guest([](Hostile& me) {
            asm volatile("cps #0x16");
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "modes that it may not enter",
        .sentence = "changes to HYP mode by CPS",
        .act = in_guest([](Hostile& me) {
            asm volatile("cps #0x1a");
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "modes that it may not enter",
        .sentence = "changes to HYP mode by MSR",
        .act = in_guest([](Hostile& me) {
            asm volatile("msr cpsr_c, %0" : : "r"((psr() & ~0x1FU) | 0x1A));
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "modes that it may not enter",
        .sentence = "returns from an exception to HYP mode",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "msr spsr_cxsf, %0\n\t"
                "adr lr, 1f\n\t"
                "movs pc, lr\n"
                "1:"
                :
                : "r"((psr() & ~0x1FU) | 0x1A)
                : "lr", "cc");
            me.expect((psr() & 0x1F) != 0x1A);
        })},
    Act{.mechanism = "modes that it may not enter",
        .sentence = "changes to a mode that does not exist",
        .act = in_guest([](Hostile& me) {
            asm volatile("msr cpsr_c, %0" : : "r"((psr() & ~0x1FU) | 0x15));
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "banked registers of HYP",
        .sentence = "reads ELR_hyp",
        .act = in_guest([](Hostile&) {
            asm volatile(".arch_extension virt\n\tmrs r2, elr_hyp" ::: "r2");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "banked registers of HYP",
        .sentence = "writes SP_hyp",
        .act = in_guest([](Hostile&) { asm volatile(".arch_extension virt\n\tmsr sp_hyp, r2"); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "ERET",
        .sentence = "returns from no exception with ERET, at PL1",
        .act = in_guest([](Hostile&) {
            asm volatile(
                ".arch_extension virt\n\t"
                "msr spsr_cxsf, %0\n\t"
                "adr lr, 1f\n\t"
                "eret\n"
                "1:"
                :
                : "r"(psr())
                : "lr", "cc");
        })},
    Act{.mechanism = "SRS",
        .sentence = "stores the return state on the stack of Monitor mode",
        .act = in_guest([](Hostile&) { asm volatile("srsdb sp!, #0x16"); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "hypercall from PL0",
        .sentence = "calls the monitor in USR mode",
        .act = in_guest([](Hostile& me) {
            me.as_user([](Hostile&) { (void)guest::hypercall<measure::Hypercall::kFinish>(0); });
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "WFE from PL0",
        .sentence = "waits in USR mode",
        .act = in_guest(
            [](Hostile& me) { me.as_user([](Hostile&) { asm volatile("sev\n\twfe"); }); })},
    Act{.mechanism = "hypercall in Thumb state",
        .sentence = "calls the monitor in Thumb state",
        .act = in_guest([](Hostile&) {
            asm volatile(IN_THUMB(".arch_extension virt\n\t"
                                  "hvc #2")
                         :
                         :
                         : "r0", "r2", "memory");
        })},
    Act{.mechanism = "asynchronous aborts",
        .sentence = "lets asynchronous aborts in and reads a hole",
        .act = in_guest([](Hostile& me) {
            me.unmask();
            (void)me.load(0x1000);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "stacks of all modes",
        .sentence = "goes through all modes with a hole as their stack",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(
                "mov r4, sp\n\t"
                ".irp mode, 0x17, 0x1b, 0x12, 0x11, 0x1f\n\t"
                "cps #\\mode\n\t"
                "mov sp, #0\n\t"
                ".endr\n\t"
                "cps #0x13\n\t"
                "mov sp, r4"
                :
                :
                : "r4");
        })},
};

}  // namespace

std::span<const Act> modes_acts() { return kActs; }

}  // namespace hm::isolation
