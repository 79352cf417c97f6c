// Hostile acts of a second VM, and of two against each other.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

constexpr std::array kActs{
    Act{.mechanism = "second VM: endless loop",
        .sentence = "a second VM loops for ever with interrupts masked",
        .act = in_guest([](Hostile&) { guest::loop_forever(); }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: endless loop",
        .sentence = "a second VM loops for ever beside a boosted one",
        .act = in_guest([](Hostile&) { guest::loop_forever(); }),
        .where = kBoostedVm},
    Act{.mechanism = "second VM: interrupts",
        .sentence = "a second VM masks all interrupts at its CPU interface",
        .act = in_guest([](Hostile& me) {
            me.gicc_write(0, 0);
            me.gicc_write(4, 0);
            guest::loop_forever();
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: interrupts",
        .sentence = "a second VM takes its timer interrupt and never ends it",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            (void)me.gicc_read(0x0C);
            guest::loop_forever();
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: storm of calls",
        .sentence = "a second VM drops all TLB entries for ever",
        .act = in_guest([](Hostile& me) {
            for (;;) {
                (void)guest::hypercall<measure::Hypercall::kFlushTlb>();
                me.mcr<15, 0, 8, 7, 0>(0);
            }
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: storm of calls",
        .sentence = "a second VM gives the core away for ever",
        .act = in_guest([](Hostile&) {
            for (;;) {
                (void)guest::hypercall<measure::Hypercall::kYield>();
            }
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: registers",
        .sentence = "a second VM writes the counters of the first",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0;; ++i) {
                me.mcr<15, 0, 9, 12, 0>(0x3F);
                me.mcr<15, 0, 9, 13, 0>(i);
                me.mcr<15, 0, 9, 12, 2>(0xFFFF'FFFF);
            }
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: registers",
        .sentence = "a second VM fills the registers of PL1 with garbage",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 13, 0, 4>(~0U);
            me.mcr<15, 0, 13, 0, 1>(0x1234'56FF);
            me.mcr<15, 0, 10, 2, 0>(~0U);
            me.mcr<15, 0, 3, 0, 0>(~0U);
            me.mcr<15, 0, 14, 1, 0>(~0U);
            guest::loop_forever();
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: registers",
        .sentence = "a second VM fills VFP and loops",
        .act = in_guest([](Hostile& me) {
            me.enable_vfp();
            asm volatile(
                ".fpu neon-vfpv4\n\t"
                "vdup.32 q0, %0\n\t"
                "vdup.32 q15, %0"
                :
                : "r"(~0U));
            guest::loop_forever();
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: registers",
        .sentence = "a second VM fills the registers of ThumbEE and loops",
        .act = in_guest([](Hostile& me) {
            me.mcr<14, 6, 0, 0, 0>(1);
            me.mcr<14, 6, 1, 0, 0>(0xFFFF'FFFC);
            guest::loop_forever();
        }),
        .where = kSecondVm},
    Act{.mechanism = "second VM: end",
        .sentence = "a second VM finishes",
        .act = in_guest([](Hostile&) { (void)guest::hypercall<measure::Hypercall::kFinish>(0); }),
        .where = kSecondVm,
        .ends = kReportRefused,
        .words = "it never should"},
    Act{.mechanism = "second VM: end",
        .sentence = "a second VM takes an exception that it reports",
        .act = in_guest([](Hostile&) { asm volatile("udf #0"); }),
        .where = kSecondVm,
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "second VM: storm of calls",
        .sentence = "a second VM makes checkpoints for ever",
        .act = in_guest([](Hostile&) {
            for (;;) {
                (void)guest::hypercall<measure::Hypercall::kCheckpoint>(1, 2);
            }
        }),
        .where = kSecondVm},
    Act{.mechanism = "two VMs: time of the core",
        .sentence = "both VMs call the monitor a thousand times",
        .act = in_guest([](Hostile&) {
            for (int i = 0; i < 1000; ++i) {
                (void)guest::hypercall<measure::Hypercall::kYield>();
                (void)guest::hypercall<measure::Hypercall::kFlushTlb>();
            }
        }),
        .where = kBothVms},
    Act{.mechanism = "memory that is not its own",
        .sentence = "both VMs store to the memory of the other",
        .act = in_guest([](Hostile& me) { me.store(me.at.other_vm, 0); }),
        .where = kBothVms,
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "two VMs: interrupts",
        .sentence = "both VMs arm their timers and mask them at random",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 1000; ++i) {
                me.gicd_write(0, 3);
                me.gicd_write(i % 3 == 0 ? 0x180 : 0x100, 1U << 27);
                me.gicc_write(4, i);
                cpu::write(cpu::CntvCval::from(0));
                me.mcr<15, 0, 14, 3, 1>(i & 3);
                me.gicc_write(0x10, me.gicc_read(0x0C));
            }
        }),
        .where = kBothVms},
    Act{.mechanism = "two VMs: exclusives",
        .sentence = "both VMs reserve the same address and store to it",
        .act = in_guest([](Hostile&) {
            static std::uint32_t word;
            for (int i = 0; i < 2000; ++i) {
                asm volatile("ldrex r2, [%0]\n\tadd r2, r2, #1\n\tstrex r3, r2, [%0]" ::"r"(&word)
                             : "r2", "r3", "memory");
            }
        }),
        .where = kBothVms},
    Act{.mechanism = "two VMs: time of the core",
        .sentence = "both VMs loop for ever",
        .act = in_guest([](Hostile&) { guest::loop_forever(); }),
        .where = kBothVms,
        .ends = kWatchdog,
        .words = "watchdog"},
};

}  // namespace

std::span<const Act> pairs_acts() { return kActs; }

}  // namespace hm::isolation
