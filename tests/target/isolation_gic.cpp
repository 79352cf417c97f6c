// Hostile acts against the interrupt controller and the timer.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

/// `control` is for the control register of the CPU interface.
void take_timer_for_ever(Hostile& me, std::uint32_t control = 7) {
    me.assert_timer();
    me.gicc_write(0, control);
    me.answer_exceptions([](Hostile& hostile, ExceptionFrame&) {
        hostile.gicc_write(0x10, hostile.gicc_read(0x0C));
    });
    me.unmask();
    guest::loop_forever();
}

constexpr std::array kActs{
    Act{.mechanism = "distributor: its registers",
        .sentence = "writes all ones to enables, pending and active",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at : {0x100U, 0x180U, 0x200U, 0x280U, 0x300U, 0x380U}) {
                me.gicd_write(at, 0xFFFF'FFFF);
                me.gicd_write(at, 0);
                (void)me.gicd_read(at);
            }
        })},
    Act{.mechanism = "distributor: its registers",
        .sentence = "moves every interrupt to Group 0 and back, pending",
        .act = in_guest([](Hostile& me) {
            for (int i = 0; i < 50; ++i) {
                me.gicd_write(0x080, 0);
                me.gicd_write(0x200, 0xFFFF'0000);
                me.gicd_write(0x080, 0xFFFF'FFFF);
            }
        })},
    Act{.mechanism = "distributor: its registers",
        .sentence = "turns the distributor on and off a thousand times",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 1000; ++i) {
                me.gicd_write(0, i);
            }
        })},
    Act{.mechanism = "distributor: its registers",
        .sentence = "writes garbage to priorities and targets",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at = 0; at < 32; at += 4) {
                me.gicd_write(0x400 + at, 0x89AB'CDEF + at);
                me.gicd_write(0x800 + at, 0xFFFF'FFFF);
                me.expect(me.gicd_read(0x800 + at) == 0x0101'0101);  // its own (4.3.12)
            }
        })},
    Act{.mechanism = "distributor: its registers",
        .sentence = "writes to the type, the implementer and the configuration",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at : {0x004U, 0x008U, 0xC00U, 0xC04U}) {
                const std::uint32_t before = me.gicd_read(at);
                me.gicd_write(at, ~before);
                me.expect(me.gicd_read(at) == before);
            }
        })},
    Act{.mechanism = "distributor: shared interrupts",
        .sentence = "enables all of them, makes them pending and active, and turns everything on",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at : {0x104U, 0x204U, 0x304U, 0xC08U, 0xC0CU}) {
                me.gicd_write(at, 0xFFFF'FFFF);
            }
            me.gicd_write(0, 3);
            me.gicd_write(0x304, 0);
            me.gicd_write(0x384, 0xFFFF'FFFF);
            me.expect(me.gicd_read(0x204) == 0xFFFF'FFFF && me.gicd_read(0x304) == 0);
        })},
    Act{.mechanism = "distributor: registers that it does not have",
        .sentence = "writes all of them, and reads zeros",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at :
                 {0x00CU, 0x010U, 0x07CU, 0x088U, 0x108U, 0x2FCU, 0x308U, 0x440U, 0x7F8U, 0x840U,
                  0xC10U, 0xCFCU, 0xD00U, 0xEFCU, 0xF04U, 0xF30U, 0xFCCU, 0xFFCU}) {
                me.gicd_write(at, 0xFFFF'FFFF);
                me.expect(me.gicd_read(at) == 0);
            }
        })},
    Act{.mechanism = "distributor: software interrupts",
        .sentence = "writes garbage to GICD_SGIR",
        .act = in_guest([](Hostile& me) {
            me.gicd_write(0, 3);
            for (std::uint32_t i = 0; i < 64; ++i) {
                me.gicd_write(0xF00, 0xFFFF'FFFF - i * 0x0123'4567);
            }
        })},
    Act{.mechanism = "distributor: software interrupts",
        .sentence = "makes more of them pending than there are list registers, in every order",
        .act = in_guest([](Hostile& me) {
            me.gicd_write(0, 3);
            me.gicc_write(0, 7);
            me.gicc_write(4, 0xFF);
            for (std::uint32_t i = 0; i < 16; ++i) {
                me.gicd_write(0x400 + 4 * (i / 4), 0x0818'2838 * (i + 1));
                me.gicd_write(0xF20 + 4 * (i % 4), 0xFFFF'FFFF);
                me.gicd_write(0xF10 + 4 * (i / 4), 0x0101'0101);
            }
            for (int i = 0; i < 64; ++i) {
                me.gicc_write(0x10, me.gicc_read(0x0C));
            }
        })},
    Act{.mechanism = "distributor: registers that it does not have",
        .sentence = "writes the identification registers",
        .act = in_guest([](Hostile& me) {
            me.gicd_write(0xFE8, 0);
            me.expect(me.gicd_read(0xFE8) == 0x2B);  // 4.3.18
        })},
    Act{.mechanism = "distributor: sizes that it does not have",
        .sentence = "reads a byte of the enables",
        .act = in_guest(
            [](Hostile& me) { (void)me.load<std::uint8_t>(me.parameters.distributor + 0x100); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "distributor: sizes that it does not have",
        .sentence = "writes a halfword of the priorities",
        .act = in_guest([](Hostile& me) {
            me.store<std::uint16_t>(me.parameters.distributor + 0x400, 0xFFFF);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "test device",
        .sentence = "writes words to the test device and reads each again",
        .act = in_guest([](Hostile& me) {
            const std::uint32_t device = measure::test_device(me.parameters.distributor);
            me.expect(me.load<std::uint32_t>(device) == 0);
            for (const std::uint32_t word : {0xFFFFFFFFU, 0x12345678U, 0U, 0xA5A5A5A5U}) {
                me.store<std::uint32_t>(device, word);
                me.expect(me.load<std::uint32_t>(device) == word);
            }
        })},
    Act{.mechanism = "test device",
        .sentence = "reads behind the one register of the test device",
        .act = in_guest([](Hostile& me) {
            (void)me.load<std::uint32_t>(measure::test_device(me.parameters.distributor) + 4);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "test device",
        .sentence = "writes a byte of the test device's register",
        .act = in_guest([](Hostile& me) {
            me.store<std::uint8_t>(measure::test_device(me.parameters.distributor), 1);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "interrupts of HYP",
        .sentence = "enables the HYP timer and maintenance and makes them pending",
        .act = in_guest([](Hostile& me) {
            me.gicd_write(0, 3);
            me.gicd_write(0x100, 1U << 26 | 1U << 25);
            me.gicd_write(0x200, 1U << 26 | 1U << 25);
            me.gicc_write(0, 7);
            me.gicc_write(4, 0xFF);
            (void)me.gicc_read(0x0C);
        })},
    Act{.mechanism = "interrupts of HYP",
        .sentence = "disables the HYP timer and loops",
        .act = in_guest([](Hostile& me) {
            me.gicd_write(0x180, 0xFFFF'FFFF);
            guest::loop_forever();
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "CPU interface: its registers",
        .sentence = "writes all ones and zeros to control, mask and binary points",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at : {0x00U, 0x04U, 0x08U, 0x1CU}) {
                me.gicc_write(at, 0xFFFF'FFFF);
                me.gicc_write(at, 0);
            }
        })},
    Act{.mechanism = "CPU interface: acknowledge and end",
        .sentence = "ends interrupts that were never taken, of every number",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 1024; ++i) {
                me.gicc_write(0x10, i);
            }
        })},
    Act{.mechanism = "CPU interface: acknowledge and end",
        .sentence = "ends interrupts with garbage in the reserved bits",
        .act = in_guest([](Hostile& me) {
            me.gicc_write(0x10, 0xFFFF'FFFF);
            me.gicc_write(0x24, 0xFFFF'FFFF);
        })},
    Act{.mechanism = "CPU interface: acknowledge and end",
        .sentence = "deactivates every interrupt by GICC_DIR",
        .act = in_guest([](Hostile& me) {
            me.gicc_write(0, 0x207);
            for (std::uint32_t i = 0; i < 1024; ++i) {
                me.gicc_write(0x1000, i);
            }
        })},
    Act{.mechanism = "CPU interface: its registers",
        .sentence = "writes all ones to the active priorities",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at = 0xD0; at < 0xF0; at += 4) {
                me.gicc_write(at, 0xFFFF'FFFF);
            }
        })},
    Act{.mechanism = "CPU interface: acknowledge and end",
        .sentence = "acknowledges a thousand times with nothing pending",
        .act = in_guest([](Hostile& me) {
            for (int i = 0; i < 1000; ++i) {
                (void)me.gicc_read(0x0C);
                (void)me.gicc_read(0x20);
                (void)me.gicc_read(0x18);
            }
        })},
    Act{.mechanism = "CPU interface: its registers",
        .sentence = "reads and writes every word of the 8 KB",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            for (std::uint32_t at = 0; at < 0x2000; at += 4) {
                (void)me.gicc_read(at);
                me.gicc_write(at, at * 0x0101'0101);
            }
        })},
    Act{.mechanism = "interrupt that stays active",
        .sentence = "takes its timer interrupt and never ends it",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            (void)me.gicc_read(0x0C);
        })},
    Act{.mechanism = "interrupt that stays active",
        .sentence = "the same without a link",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            (void)me.gicc_read(0x0C);
        }),
        .where = kSoft},
    Act{.mechanism = "interrupt that stays active",
        .sentence = "the same with the CPU interface itself",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            (void)me.gicc_read(0x0C);
        }),
        .where = kDirect},
    Act{.mechanism = "CPU interface: acknowledge and end",
        .sentence = "ends its timer interrupt twice",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            const std::uint32_t id = me.gicc_read(0x0C);
            me.gicc_write(0x10, id);
            me.gicc_write(0x10, id);
            (void)me.gicc_read(0x0C);
        })},
    Act{.mechanism = "interrupt that stays active",
        .sentence = "masks its timer interrupt while it is active and finishes",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            (void)me.gicc_read(0x0C);
            me.mcr<15, 0, 14, 3, 1>(2);
            me.gicd_write(0x380, 1U << 27);
            me.gicd_write(0x280, 1U << 27);
        })},
    Act{.mechanism = "interrupt that stays active",
        .sentence = "leaves a running priority of the CPU interface behind",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            (void)me.gicc_read(0x0C);
            me.gicc_write(0, 0);
        }),
        .where = kDirect},
    Act{.mechanism = "storm of interrupts",
        .sentence = "takes its timer interrupt for ever",
        .act = in_guest([](Hostile& me) { take_timer_for_ever(me); }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "storm of interrupts",
        .sentence = "takes its timer interrupt for ever without a link",
        .act = in_guest([](Hostile& me) { take_timer_for_ever(me); }),
        .where = kSoft,
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "storm of interrupts",
        .sentence = "takes its timer interrupt for ever with the CPU interface itself",
        // With FIQEn: without it HYP's interrupts come to the guest, and only the host ends it.
        .act = in_guest([](Hostile& me) { take_timer_for_ever(me, 0xF); }),
        .where = kDirect,
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "CPU interface: acknowledge and end",
        .sentence = "ends and deactivates the interrupts of HYP with the CPU interface itself",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t id : {25U, 26U}) {
                me.gicc_write(0x10, id);
                me.gicc_write(0x1000, id);
            }
        }),
        .where = kDirect},
    Act{.mechanism = "CPU interface: its registers",
        .sentence =
            "leaves the CPU interface itself off, its mask closed, all bits in one binary point",
        .act = in_guest([](Hostile& me) {
            me.gicc_write(0x00, 0);
            me.gicc_write(0x04, 0);
            me.gicc_write(0x08, 7);
        }),
        .where = kDirect},
    Act{.mechanism = "interrupt that is never acknowledged",
        .sentence = "returns from its timer interrupt without acknowledging it",
        .act = in_guest([](Hostile& me) {
            me.assert_timer();
            me.answer_exceptions([](Hostile&, ExceptionFrame&) {});
            me.unmask();
            guest::loop_forever();
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "storm of interrupts",
        .sentence = "makes all its interrupts pending again and again",
        .act = in_guest([](Hostile& me) {
            me.gicd_write(0, 3);
            me.gicc_write(0, 7);
            me.gicc_write(4, 0xFF);
            me.gicd_write(0x100, 0xFFFF'FFFF);
            for (int i = 0; i < 200; ++i) {
                me.gicd_write(0x200, 0xFFFF'0000);
                me.gicc_write(0x10, me.gicc_read(0x0C));
            }
        })},
    Act{.mechanism = "timer registers",
        .sentence = "arms its timer in the past and in the far future",
        .act = in_guest([](Hostile& me) {
            for (int i = 0; i < 1000; ++i) {
                cpu::write(cpu::CntvCval::from(i % 2 == 0 ? 0 : ~0ULL));
                me.mcr<15, 0, 14, 3, 1>(static_cast<std::uint32_t>(i));
                me.mcr<15, 0, 14, 3, 0>(0x8000'0000);
            }
        })},
};

}  // namespace

std::span<const Act> gic_acts() { return kActs; }

}  // namespace hm::isolation
