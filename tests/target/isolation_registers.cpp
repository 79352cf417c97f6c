// Hostile acts against system registers.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

constexpr std::array kActs{
    Act{.mechanism = "ACTLR",
        .sentence = "writes ACTLR and reads it unchanged",
        .act = in_guest([](Hostile& me) {
            const std::uint32_t own = me.mrc<15, 0, 1, 0, 1>();
            me.mcr<15, 0, 1, 0, 1>(~own);
            me.expect(me.mrc<15, 0, 1, 0, 1>() == own);
        })},
    // HCR.TSW must trap these two. QEMU does not model that for ARMv7: it executes all cache
    // maintenance of CP15 c7 as nothing (CACHEMAINT in its target/arm/helper.c).
    Act{.mechanism = "set/way maintenance",
        .sentence = "cleans and invalidates the caches by set and way",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 14, 2>(0); })},
    Act{.mechanism = "set/way maintenance",
        .sentence = "invalidates the data cache by set and way",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 6, 2>(0); })},
    Act{.mechanism = "implementation-defined registers",
        .sentence = "reads CBAR",
        .act = in_guest([](Hostile& me) { (void)me.mrc<15, 4, 15, 0, 0>(); }),
        .ends = kException,
        .words = "undefined instruction"},
    // HCR.TIDCP must trap it, as with QEMU 8.2. 7.2 does not model that, and ignores the write.
    Act{.mechanism = "implementation-defined registers",
        .sentence = "writes the control of the L2 cache",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            const std::uint32_t own = me.mrc<15, 1, 9, 0, 2>();
            me.mcr<15, 1, 9, 0, 2>(~own);
            const bool unchanged = me.mrc<15, 1, 9, 0, 2>() == own;
            me.expect(unchanged || me.taken() == 3);
        })},
    Act{.mechanism = "implementation-defined registers",
        .sentence = "reads the RAM of the caches through CP15 c15",
        .act = in_guest([](Hostile& me) { (void)me.mrc<15, 3, 15, 0, 0>(); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "reads HSCTLR",
        .act = in_guest([](Hostile& me) { (void)me.mrc<15, 4, 1, 0, 0>(); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "writes HVBAR",
        .act = in_guest([](Hostile& me) { me.mcr<15, 4, 12, 0, 0>(0); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "writes VTTBR",
        .act = in_guest([](Hostile&) {
            asm volatile("mcrr p15, 6, r2, r3, c2" ::: "memory");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "writes HCR to turn stage 2 off",
        .act = in_guest([](Hostile& me) { me.mcr<15, 4, 1, 1, 0>(0); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "registers of Secure state",
        .sentence = "reads SCR",
        .act = in_guest([](Hostile& me) { (void)me.mrc<15, 0, 1, 1, 0>(); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "registers of Secure state",
        .sentence = "writes NSACR",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 1, 1, 2>(0xFFFF'FFFF); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "registers of Secure state",
        .sentence = "writes MVBAR",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 12, 0, 1>(0); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "performance monitor",
        .sentence = "resets the counters, enables all and lets them interrupt",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 32; ++i) {
                me.mcr<15, 0, 9, 12, 5>(i);
                me.mcr<15, 0, 9, 13, 1>(i * 8);
                me.mcr<15, 0, 9, 13, 2>(0xFFFF'FFF0);
            }
            me.mcr<15, 0, 9, 12, 0>(0x3F);
            me.mcr<15, 0, 9, 12, 1>(0xFFFF'FFFF);
            me.mcr<15, 0, 9, 14, 1>(0xFFFF'FFFF);
            me.mcr<15, 0, 9, 14, 0>(1);
        })},
    Act{.mechanism = "performance monitor",
        .sentence = "lets the counters count in HYP only",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 9, 12, 5>(31);
            me.mcr<15, 0, 9, 13, 1>(0xF800'0000);
            for (std::uint32_t i = 0; i < 6; ++i) {
                me.mcr<15, 0, 9, 12, 5>(i);
                me.mcr<15, 0, 9, 13, 1>(0xF800'0008);
            }
        })},
    Act{.mechanism = "physical timer",
        .sentence = "writes the physical timer of PL1",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 14, 2, 1>(1); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "registers of Secure state",
        .sentence = "writes the frequency of the counter",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 14, 0, 0>(1); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "registers of PL1",
        .sentence = "gives PL0 all counters and timers",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 14, 1, 0>(0xFFFF'FFFF); })},
    Act{.mechanism = "ThumbEE",
        .sentence = "writes TEECR and TEEHBR",
        .act = in_guest([](Hostile& me) {
            me.expect(me.mrc<14, 6, 0, 0, 0>() == 0 && me.mrc<14, 6, 1, 0, 0>() == 0);
            me.mcr<14, 6, 0, 0, 0>(1);
            me.mcr<14, 6, 1, 0, 0>(0xFFFF'FFFC);
            me.expect(me.mrc<14, 6, 0, 0, 0>() == 1);
            me.expect(me.mrc<14, 6, 1, 0, 0>() == 0xFFFF'FFFC);
        })},
    Act{.mechanism = "ThumbEE",
        .sentence = "reads TEEHBR in USR mode, which TEECR forbids",
        .act = in_guest([](Hostile& me) {
            me.mcr<14, 6, 0, 0, 0>(1);
            me.as_user([](Hostile& user) { (void)user.mrc<14, 6, 1, 0, 0>(); });
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "Jazelle",
        .sentence = "branches with BXJ",
        .act = in_guest([](Hostile&) {
            asm volatile("adr r2, 1f\n\tbxj r2\n1:" ::: "r2");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "Jazelle",
        .sentence = "writes the OS control of Jazelle",
        .act = in_guest([](Hostile& me) { me.mcr<14, 7, 1, 0, 0>(0xFFFF'FFFF); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "debug registers",
        .sentence = "reads the address of the debug ROM",
        .act = in_guest([](Hostile& me) { (void)me.mrc<14, 0, 1, 0, 0>(); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "debug registers",
        .sentence = "looks for a debug architecture, and writes over the answer",
        .act = in_guest([](Hostile& me) {
            me.expect((me.mrc<14, 0, 0, 0, 0>() & 0x000F'0000) == 0);
            me.survive_exceptions();
            me.mcr<14, 0, 0, 0, 0>(0xFFFF'FFFF);
            me.expect((me.mrc<14, 0, 0, 0, 0>() & 0x000F'0000) == 0);
        })},
    Act{.mechanism = "debug registers",
        .sentence = "writes the OS lock",
        .act = in_guest([](Hostile& me) { me.mcr<14, 0, 1, 0, 4>(0xC5AC'CE55); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "debug registers",
        .sentence = "writes a breakpoint on its own code",
        .act = in_guest([](Hostile& me) { me.mcr<14, 0, 0, 0, 5>(0xFFFF'FFFF); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "debug registers",
        .sentence = "loads the debug channel with LDC",
        .act = in_guest([](Hostile&) {
            std::uint32_t word = 0;
            asm volatile("ldc p14, c5, [%0]" ::"r"(&word) : "memory");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "trace registers",
        .sentence = "reads the trace ID register",
        .act = in_guest([](Hostile& me) { (void)me.mrc<14, 1, 0, 0, 0>(); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "absent coprocessors",
        .sentence = "accesses coprocessors 0, 5 and 9",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            (void)me.mrc<0, 0, 0, 0, 0>();
            (void)me.mrc<5, 0, 0, 0, 0>();
            (void)me.mrc<9, 0, 0, 0, 0>();
            me.expect(me.taken() == 3);
        })},
    Act{.mechanism = "VFP",
        .sentence = "uses VFP while CPACR and FPEXC turn it off",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 1, 0, 2>(0);
            cpu::isb();
            asm volatile(".fpu vfpv4\n\tvmov s0, r0");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "VFP",
        .sentence = "writes all ones to CPACR",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 1, 0, 2>(0xFFFF'FFFF); })},
    Act{.mechanism = "VFP",
        .sentence = "fills all VFP registers and enables its exceptions",
        .act = in_guest([](Hostile& me) {
            me.enable_vfp();
            asm volatile(
                ".fpu neon-vfpv4\n\t"
                "vmsr fpscr, %0\n\t"
                ".irp reg, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
                "vdup.32 q\\reg, %0\n\t"
                ".endr"
                :
                : "r"(~0U));
        })},
    Act{.mechanism = "identification registers",
        .sentence = "writes MIDR, which is read-only",
        .act = in_guest([](Hostile& me) {
            const std::uint32_t own = me.mrc<15, 0, 0, 0, 0>();
            me.survive_exceptions();
            me.mcr<15, 0, 0, 0, 0>(~own);
            me.expect(me.mrc<15, 0, 0, 0, 0>() == own);
        })},
    Act{.mechanism = "registers of PL1",
        .sentence = "writes garbage to CSSELR and reads the sizes",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 16; ++i) {
                me.mcr<15, 2, 0, 0, 0>(i);
                (void)me.mrc<15, 1, 0, 0, 0>();
            }
        })},
    Act{.mechanism = "registers of PL1",
        .sentence = "writes all thread registers and VBAR",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 13, 0, 2>(~0U);
            me.mcr<15, 0, 13, 0, 3>(~0U);
            me.mcr<15, 0, 13, 0, 4>(~0U);
            me.mcr<15, 0, 12, 0, 0>(0xFFFF'FFE0);
        })},
    Act{.mechanism = "registers of PL1",
        .sentence = "writes garbage to the fault status and addresses",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 5, 0, 0>(~0U);
            me.mcr<15, 0, 5, 0, 1>(~0U);
            me.mcr<15, 0, 6, 0, 0>(~0U);
            me.mcr<15, 0, 6, 0, 2>(~0U);
            me.mcr<15, 0, 5, 1, 0>(~0U);
            me.mcr<15, 0, 7, 4, 0>(~0U);
        })},
    Act{.mechanism = "caches and predictors as a whole",
        .sentence = "invalidates instructions and predictors a thousand times",
        .act = in_guest([](Hostile& me) {
            for (int i = 0; i < 1000; ++i) {
                me.mcr<15, 0, 7, 5, 0>(0);
                me.mcr<15, 0, 7, 1, 0>(0);
                me.mcr<15, 0, 7, 5, 6>(0);
                me.mcr<15, 0, 7, 1, 6>(0);
            }
        })},
    Act{.mechanism = "unallocated CP15",
        .sentence = "reads registers of CP15 that do not exist",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            (void)me.mrc<15, 7, 0, 0, 7>();
            (void)me.mrc<15, 0, 4, 0, 0>();
            (void)me.mrc<15, 3, 8, 3, 3>();
            me.expect(me.taken() == 3);
        })},
    Act{.mechanism = "CP15 from PL0",
        .sentence = "reads TTBR0 in USR mode",
        .act = in_guest([](Hostile& me) {
            me.as_user([](Hostile& user) { (void)user.mrc<15, 0, 2, 0, 0>(); });
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "unallocated CP15",
        .sentence = "reads a wide register that does not exist",
        .act = in_guest([](Hostile&) {
            asm volatile("mrrc p15, 3, r2, r3, c9" ::: "r2", "r3");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "conditional access that fails",
        .sentence = "accesses a trapped register under a condition that fails",
        .act = in_guest([](Hostile& me) {
            std::uint32_t kept = 0x5A5A'5A5A;
            asm volatile(
                "cmp r0, r0\n\t"
                "mrcne p15, 0, %0, c1, c0, 1"  // ACTLR
                : "+r"(kept)
                :
                : "cc");
            me.expect(kept == 0x5A5A'5A5A);
        })},
};

}  // namespace

std::span<const Act> registers_acts() { return kActs; }

}  // namespace hm::isolation
