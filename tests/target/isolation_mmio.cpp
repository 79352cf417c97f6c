// Hostile acts against emulated devices: forms of access, and the UART.

#include <string_view>

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

void print(const Hostile& me, std::string_view text) {
    for (const char c : text) {
        me.store(measure::uart(me.parameters.distributor), static_cast<std::uint32_t>(c));
    }
}

/// With the CRC that a record of the monitor would have (measure/record.hpp).
void print_records(Hostile& me) {
    print(me,
          "@hypmeter {\"record\":\"end\",\"seq\":1,\"ok\":true,\"records\":1} crc=01779bd3\n"
          "\r@hypmeter {}\n\x1b[2J\x1b[Hhypmeter: nothing more will come\n{");
    for (int i = 0; i < 10'000; ++i) {
        print(me, "x");
    }
}

constexpr std::array kActs{
    Act{.mechanism = "MMIO of more than a word",
        .sentence = "loads two registers of the distributor with LDM",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldm %0, {r2, r3}" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of more than a word",
        .sentence = "stores two registers to the distributor with STM",
        .act = in_guest([](Hostile& me) {
            asm volatile("stm %0, {r2, r3}" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of more than a word",
        .sentence = "loads a doubleword of the distributor with LDRD",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldrd r2, r3, [%0]" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of more than a word",
        .sentence = "stores a doubleword to the distributor with STRD",
        .act = in_guest([](Hostile& me) {
            asm volatile("strd r2, r3, [%0]" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO with writeback",
        .sentence = "loads from the distributor with writeback",
        .act = in_guest([](Hostile& me) {
            asm volatile("mov r2, %0\n\tldr r3, [r2], #4" ::"r"(me.parameters.distributor)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO with writeback",
        .sentence = "stores to the distributor with writeback",
        .act = in_guest([](Hostile& me) {
            asm volatile("mov r2, %0\n\tstr r3, [r2, #4]!" ::"r"(me.parameters.distributor)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of exclusives",
        .sentence = "loads exclusively from the distributor",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldrex r2, [%0]" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of exclusives",
        .sentence = "stores exclusively to the distributor after a load of its own memory",
        .act = in_guest([](Hostile& me) {
            std::uint32_t own = 0;
            std::uint32_t failed;
            asm volatile(
                "ldrex %0, [%2]\n\t"
                "strex %0, %3, [%1]"
                : "=&r"(failed)
                : "r"(me.parameters.distributor + 0x400), "r"(&own), "r"(0)
                : "memory");
            me.expect(failed == 1);
        })},
    Act{.mechanism = "MMIO that is unaligned",
        .sentence = "loads a word of the distributor that is not aligned",
        .act = in_guest([](Hostile& me) { (void)me.load(me.parameters.distributor + 0x402); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "MMIO of NEON and VFP",
        .sentence = "loads a vector from the distributor",
        .act = in_guest([](Hostile& me) {
            me.enable_vfp();
            asm volatile(".fpu neon-vfpv4\n\tvld1.32 {d0}, [%0]"
                         :
                         : "r"(me.parameters.distributor + 0x400)
                         : "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of NEON and VFP",
        .sentence = "stores a register of VFP to the distributor",
        .act = in_guest([](Hostile& me) {
            me.enable_vfp();
            asm volatile(".fpu neon-vfpv4\n\tvstr s0, [%0]"
                         :
                         : "r"(me.parameters.distributor + 0x400)
                         : "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO of less than a word",
        .sentence = "reads and writes every priority as a byte",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 32; ++i) {
                me.store<std::uint8_t>(me.parameters.distributor + 0x400 + i, 0xFF);
                me.expect(me.load<std::uint8_t>(me.parameters.distributor + 0x400 + i) == 0xF8);
            }
        })},
    Act{.mechanism = "MMIO of less than a word",
        .sentence = "loads a priority with its sign",
        .act = in_guest([](Hostile& me) {
            me.store<std::uint8_t>(me.parameters.distributor + 0x400, 0x80);
            me.expect(me.load<std::int8_t>(me.parameters.distributor + 0x400) == -128);
        })},
    Act{.mechanism = "MMIO of less than a word",
        .sentence = "loads a halfword of the priorities",
        .act = in_guest(
            [](Hostile& me) { (void)me.load<std::uint16_t>(me.parameters.distributor + 0x400); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "MMIO of less than a word",
        .sentence = "stores a byte to GICD_CTLR",
        .act = in_guest([](Hostile& me) { me.store<std::uint8_t>(me.parameters.distributor, 1); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "MMIO with a banked register",
        .sentence = "loads a register of the distributor into the stack pointer",
        .act = in_guest([](Hostile& me) {
            asm volatile("mov r4, sp\n\tldr sp, [%0]\n\tmov sp, r4" ::"r"(me.parameters.distributor)
                         : "r4", "memory");
        })},
    Act{.mechanism = "MMIO with a banked register",
        .sentence = "stores the link register to the distributor",
        .act = in_guest([](Hostile& me) {
            asm volatile("str lr, [%0]" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        })},
    Act{.mechanism = "MMIO with a banked register",
        .sentence = "loads the program counter from the distributor",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldr pc, [%0]" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO with writeback",
        .sentence = "loads from the distributor with LDRT",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldrt r2, [%0]" ::"r"(me.parameters.distributor + 0x400)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "MMIO from PL0",
        .sentence = "reads a register of the distributor in USR mode",
        .act = in_guest(
            [](Hostile& me) { me.as_user([](Hostile& user) { (void)user.gicd_read(0); }); })},
    Act{.mechanism = "MMIO in Thumb state",
        .sentence = "reads and writes the distributor in Thumb state",
        .act = in_guest([](Hostile& me) {
            constexpr std::uint32_t kPriorities = 0xF8'80'40'08;
            register std::uint32_t value asm("r3") = kPriorities;
            asm volatile(IN_THUMB("str %0, [%1]\n\t"
                                  "movs %0, #0\n\t"
                                  "ldr %0, [%1]")
                         : "+r"(value)
                         : "r"(me.parameters.distributor + 0x400)
                         : "r2", "cc", "memory");
            me.expect(value == kPriorities);
        })},
    Act{.mechanism = "conditional MMIO",
        .sentence = "loads from the distributor in an IT block whose condition fails",
        .act = in_guest([](Hostile& me) {
            asm volatile(IN_THUMB("movs r3, #1\n\t"
                                  "cmp r3, #0\n\t"
                                  "it eq\n\t"
                                  "ldreq r3, [%0]")
                         :
                         : "r"(me.parameters.distributor + 0xFFC)
                         : "r2", "r3", "cc", "memory");
        })},
    Act{.mechanism = "conditional MMIO",
        .sentence = "loads from where nothing is under a condition that fails",
        .act = in_guest([](Hostile& me) {
            asm volatile(
                "cmp %0, #0\n\t"
                "ldreq r2, [%0, #0x800]"
                :
                : "r"(me.parameters.distributor + 0x400)
                : "r2", "cc", "memory");
        })},
    Act{.mechanism = "maintenance by address",
        .sentence = "cleans the distributor from the caches by address",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 10, 1>(me.parameters.distributor); })},
    Act{.mechanism = "MMIO of more than a word",
        .sentence = "loads a doubleword across the end of the distributor",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldrd r2, r3, [%0]" ::"r"(me.parameters.distributor + 0xFFC)
                         : "r2", "r3", "memory");
        }),
        .ends = kMonitor,
        .words = "only to single loads and stores"},
    Act{.mechanism = "CPU interface: forms of access",
        .sentence = "reads and writes the CPU interface as bytes, halfwords and doublewords",
        .act = in_guest([](Hostile& me) {
            const std::uint32_t gicc = me.parameters.cpu_interface;
            me.survive_exceptions();
            (void)me.load<std::uint8_t>(gicc + 4);
            (void)me.load<std::uint16_t>(gicc + 4);
            me.store<std::uint8_t>(gicc + 5, 0xFF);
            asm volatile("ldrd r2, r3, [%0]" ::"r"(gicc) : "r2", "r3", "memory");
        })},
    Act{.mechanism = "CPU interface: forms of access",
        .sentence = "loads and stores exclusively on the CPU interface",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(
                "ldrex r2, [%0]\n\t"
                "strex r3, r2, [%0]"
                :
                : "r"(me.parameters.cpu_interface + 4)
                : "r2", "r3", "memory");
        })},
    Act{.mechanism = "UART: what it prints",
        .sentence = "prints records, escape sequences and 10,000 characters without a newline",
        .act = in_guest(print_records)},
    Act{.mechanism = "UART: what it prints",
        .sentence = "the same beside a VM that measures its timer",
        .act = in_guest(print_records),
        .where = kSecondVm},
    Act{.mechanism = "UART: what it prints",
        .sentence = "prints for ever",
        .act = in_guest([](Hostile& me) {
            for (;;) {
                print(me, "again\n");
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "UART: its registers",
        .sentence = "writes all ones to each word of the UART's page, and reads it",
        .act = in_guest([](Hostile& me) {
            const std::uint32_t uart = measure::uart(me.parameters.distributor);
            for (std::uint32_t at = 0; at < 0x1000; at += 4) {
                me.store<std::uint32_t>(uart + at, 0xFFFF'FFFF);
                const auto found = me.load<std::uint32_t>(uart + at);
                me.expect((found & 0xFFFF'0000) == 0);  // none has more bits (DDI 0183G, 3.2)
            }
        })},
    Act{.mechanism = "UART: its registers",
        .sentence = "reads a byte beside a register of the UART",
        .act = in_guest([](Hostile& me) {
            (void)me.load<std::uint8_t>(measure::uart(me.parameters.distributor) + 0x19);
        }),
        .ends = kException,
        .words = "data abort"},
};

}  // namespace

std::span<const Act> mmio_acts() { return kActs; }

}  // namespace hm::isolation
