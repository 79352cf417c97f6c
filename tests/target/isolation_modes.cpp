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
    Act{.mechanism = "FIQ mode",
        .sentence = "reads the distributor in FIQ mode into a banked register",
        .act = in_guest([](Hostile& me) {
            asm volatile("cps #0x11\n\tldr r8, [%0]\n\tcps #0x13" ::"r"(me.parameters.distributor)
                         : "r8", "memory");
        }),
        .ends = kMonitor,
        .words = "banked register"},
    Act{.mechanism = "big-endian data",
        .sentence = "reads the distributor with big-endian data",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "setend be\n\tldr r2, [%0]\n\tsetend le" ::"r"(me.parameters.distributor + 4)
                : "r2", "memory");
        }),
        .ends = kMonitor,
        .words = "big-endian"},
    Act{.mechanism = "big-endian data",
        .sentence = "calls the monitor with big-endian data",
        .act = in_guest([](Hostile&) {
            asm volatile("setend be");
            (void)guest::hypercall<measure::Hypercall::kNullCommon>();
            asm volatile("setend le");
        })},
    Act{.mechanism = "Monitor mode",
        .sentence = "changes to Monitor mode",
        .act = in_guest([](Hostile& me) {
            asm volatile("cps #0x16");
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "HYP mode",
        .sentence = "changes to HYP mode by CPS",
        .act = in_guest([](Hostile& me) {
            asm volatile("cps #0x1a");
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "HYP mode",
        .sentence = "changes to HYP mode by MSR",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "mrs r2, cpsr\n\tbic r2, r2, #0x1f\n\torr r2, r2, #0x1a\n\tmsr cpsr_c, r2" ::
                    : "r2");
            me.expect((psr() & 0x1F) == 0x13);
        })},
    Act{.mechanism = "HYP mode",
        .sentence = "returns from an exception to HYP mode",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "mrs r2, cpsr\n\tbic r2, r2, #0x1f\n\torr r2, r2, #0x1a\n\tmsr spsr_cxsf, "
                "r2\n\tadr lr, 1f\n\tmovs pc, lr\n1:" ::
                    : "r2", "lr");
            me.expect((psr() & 0x1F) != 0x1A);
        }),
        .ends = kCarriesOn},
    Act{.mechanism = "mode that does not exist",
        .sentence = "changes to a mode that does not exist",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "mrs r2, cpsr\n\tbic r2, r2, #0x1f\n\torr r2, r2, #0x15\n\tmsr cpsr_c, r2" ::
                    : "r2");
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
        .sentence = "executes ERET at PL1",
        .act = in_guest([](Hostile&) {
            asm volatile(
                ".arch_extension virt\n\tadr r2, 1f\n\tmrs r3, cpsr\n\tmsr spsr_cxsf, r3\n\tmov "
                "lr, r2\n\teret\n1:" ::
                    : "r2", "r3", "lr");
        })},
    Act{.mechanism = "SRS and RFE",
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
    Act{.mechanism = "WFI and WFE from PL0",
        .sentence = "waits in USR mode",
        .act = in_guest(
            [](Hostile& me) { me.as_user([](Hostile&) { asm volatile("sev\n\twfe"); }); })},
    Act{.mechanism = "hypercall in Thumb state",
        .sentence = "calls the monitor in Thumb state",
        .act = in_guest([](Hostile&) {
            asm volatile(
                "add r2, pc, #1\n\tbx r2\n\t.syntax unified\n\t.thumb\n\t.arch_extension "
                "virt\n\thvc #2\n\t.balign 4\n\tadd r2, pc, #0\n\tbx r2\n\t.balign 4\n\t.arm" ::
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
    Act{.mechanism = "all modes",
        .sentence = "goes through all modes with a hole as their stack",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(
                "mov r4, sp\n\tcps #0x17\n\tmov sp, #0\n\tcps #0x1b\n\tmov sp, #0\n\tcps "
                "#0x12\n\tmov sp, #0\n\tcps #0x1f\n\tmov sp, #0\n\tcps #0x13\n\tmov sp, r4" ::
                    : "r4");
        })},
};

}  // namespace

std::span<const Act> modes_acts() { return kActs; }

}  // namespace hm::isolation
