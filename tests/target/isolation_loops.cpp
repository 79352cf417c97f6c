// Hostile acts that never end, but by the watchdog.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

constexpr std::array kActs{
    Act{.mechanism = "endless loop",
        .sentence = "loops for ever at PL1 with interrupts masked",
        .act = in_guest([](Hostile&) { guest::loop_forever(); }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "endless loop",
        .sentence = "loops for ever with only stage 2 on",
        .act = in_guest([](Hostile&) { guest::loop_forever(); }),
        .where = kStage2Only,
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "interrupts of HYP turned off",
        .sentence = "turns the CPU interface off that it has to itself, and loops",
        .act = in_guest([](Hostile& me) {
            me.gicc_write(0, 0);
            guest::loop_forever();
        }),
        .where = kDirect,
        .ends = kSilence},
    Act{.mechanism = "endless loop",
        .sentence = "loops for ever at PL0",
        .act = in_guest([](Hostile& me) { me.as_user([](Hostile&) { guest::loop_forever(); }); }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "wait for ever",
        .sentence = "waits in WFI with nothing to wake it",
        .act = in_guest([](Hostile&) {
            for (;;) {
                asm volatile("wfi");
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "wait for ever",
        .sentence = "waits in WFE for ever",
        .act = in_guest([](Hostile&) {
            for (;;) {
                asm volatile("wfe");
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "endless loop",
        .sentence = "branches to itself in Thumb state",
        .act = in_guest([](Hostile&) {
            asm volatile(IN_THUMB("1:\tb 1b") : : : "r2");
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "loop of exceptions",
        .sentence = "takes system calls for ever",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            for (;;) {
                asm volatile("svc #1" ::: "lr", "memory");
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "loop of exceptions",
        .sentence = "takes undefined instructions for ever",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            for (;;) {
                asm volatile("udf #1");
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "loop of exceptions",
        .sentence = "takes data aborts of stage 1 for ever",
        .act = in_guest([](Hostile& me) {
            me.long_tables()->entry[3] = 0;
            me.translate_long();
            me.long_tables()->entry[3] = 0;
            me.mcr<15, 0, 8, 7, 0>(0);
            me.survive_exceptions();
            for (;;) {
                (void)me.load(0xC000'0000);
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "vectors that it cannot execute",
        .sentence = "takes a system call with its vectors in a hole",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 12, 0, 0>(0x1000);
            cpu::isb();
            asm volatile("svc #1" ::: "lr", "memory");
        }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "vectors that it cannot execute",
        .sentence = "takes a system call with high vectors",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 1, 0, 0>(0x00C5'2078);
            cpu::isb();
            asm volatile("svc #1" ::: "lr", "memory");
        }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "vectors that it cannot execute",
        .sentence = "takes a system call with its vectors on the CPU interface",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 12, 0, 0>(me.parameters.cpu_interface);
            cpu::isb();
            asm volatile("svc #1" ::: "lr", "memory");
        }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "loop of exceptions",
        .sentence = "takes undefined instructions in the vector of undefined instructions",
        .act = in_guest([](Hostile& me) {
            alignas(32) static std::uint32_t vectors[8];
            // QEMU takes an exception far more slowly than it executes an instruction: with a few
            // between two of them the watchdog comes sooner by the host's clock.
            for (std::uint32_t& vector : vectors) {
                vector = 0xE320F000;  // nop
            }
            vectors[7] = 0xE7F000F0;  // udf #0
            asm volatile("dsb" ::: "memory");
            me.mcr<15, 0, 7, 5, 0>(0);
            me.mcr<15, 0, 12, 0, 0>(reinterpret_cast<std::uint32_t>(vectors));
            cpu::isb();
            asm volatile("udf #0");
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
};

}  // namespace

std::span<const Act> loops_acts() { return kActs; }

}  // namespace hm::isolation
