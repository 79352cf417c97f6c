// Hostile acts through the guest's own tables of stage 1.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

constexpr std::array kActs{
    Act{.mechanism = "stage-1 table where it has no memory",
        .sentence = "puts long tables where nothing is",
        .act = in_guest([](Hostile& me) { me.translate(me.kEae, 0x1000); }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "stage-1 table where it has no memory",
        .sentence = "puts short tables where nothing is",
        .act = in_guest([](Hostile& me) { me.translate(0, 0x4000); }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "stage-1 table where it has no memory",
        .sentence = "puts its tables into the monitor's memory",
        .act = in_guest([](Hostile& me) { me.translate(me.kEae, me.at.monitor_text); }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "stage-1 table on a device",
        .sentence = "puts its tables on the distributor",
        .act = in_guest([](Hostile& me) { me.translate(me.kEae, me.parameters.distributor); }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "stage-1 table on a device",
        .sentence = "puts its tables on the CPU interface",
        .act = in_guest([](Hostile& me) { me.translate(me.kEae, me.parameters.cpu_interface); }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "stage-1 table where it has no memory",
        .sentence = "puts its tables above 4 GB",
        .act = in_guest([](Hostile& me) { me.translate(me.kEae, 0x12'4000'0000); }),
        .ends = kMonitor,
        .words = "its vectors lie in the very page that it cannot fetch"},
    Act{.mechanism = "stage-1 table on itself",
        .sentence = "maps its tables as the next level of themselves, at every level",
        .act = in_guest([](Hostile& me) {
            LongTable* const tables = me.long_tables();
            tables[0].entry[3] = reinterpret_cast<std::uint32_t>(&tables[0]) | 0x403;
            me.translate_long();
            me.survive_exceptions();
            for (std::uint32_t at = 0xC000'0000; at != 0; at += 1U << 24) {
                (void)me.load(at);
            }
            me.expect(me.taken() == 64);
            // Entry 3 of each level: the table as a page, of which this is entry 1.
            me.expect(me.load(0xC060'3008) == static_cast<std::uint32_t>(tables[0].entry[1]));
        })},
    Act{.mechanism = "stage 1 above 4 GB",
        .sentence = "reaches above 4 GB through long descriptors",
        .act = in_guest([](Hostile& me) {
            me.long_tables()->entry[3] = 0x1'0000'0000 | me.kBlock;
            me.translate_long();
            (void)me.load(0xC000'0000);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "stage 1 above 4 GB",
        .sentence = "reaches the last gigabyte of 40 bits",
        .act = in_guest([](Hostile& me) {
            me.long_tables()->entry[3] = 0xFF'C000'0000 | me.kBlock;
            me.translate_long();
            me.store(0xC000'0000, 0);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "stage 1 above 4 GB",
        .sentence = "reaches above 4 GB through a supersection",
        .act = in_guest([](Hostile& me) {
            ShortTable& table = me.short_table();
            for (unsigned i = 0; i < 16; ++i) {
                table.entry[0xC00 + i] = 0x0014'0C02;  // PA 39:32 = 0x01
            }
            me.translate(0, reinterpret_cast<std::uint32_t>(&table));
            (void)me.load(0xC000'0000);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "alias through stage 1",
        .sentence = "maps the monitor's memory at another address",
        .act = in_guest([](Hostile& me) {
            me.long_tables()->entry[3] = 0x4000'0000 | me.kBlock;
            me.translate_long();
            (void)me.load(me.at.monitor_text + 0x8000'0000);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "alias through stage 1",
        .sentence = "maps another VM's memory with short descriptors",
        .act = in_guest([](Hostile& me) {
            ShortTable& table = me.short_table();
            table.entry[0xC00] = (me.at.other_vm & 0xFFF0'0000) | me.kSection;
            me.translate(0, reinterpret_cast<std::uint32_t>(&table));
            me.store(0xC000'8000, 0);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "TTBCR",
        .sentence = "shrinks the region of TTBR0 to 32 MB with short tables",
        .act = in_guest([](Hostile& me) {
            me.translate(7, reinterpret_cast<std::uint32_t>(&me.short_table()));
        })},
    Act{.mechanism = "TTBCR",
        .sentence = "disables walks of both table registers",
        .act = in_guest([](Hostile& me) {
            me.translate(me.kEae | 1U << 7 | 1U << 23,
                         reinterpret_cast<std::uint32_t>(me.long_tables()));
        }),
        .ends = kSilence},
    Act{.mechanism = "TTBCR",
        .sentence = "gives both table registers 32 MB with long tables",
        .act = in_guest([](Hostile& me) {
            me.translate(me.kEae | 7 | 7 << 16, reinterpret_cast<std::uint32_t>(me.long_tables()));
        }),
        .ends = kSilence},
    Act{.mechanism = "TTBCR",
        .sentence = "writes all ones to TTBCR with the MMU off",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 2, 0, 2>(0xFFFF'FFFF);
            me.mcr<15, 0, 2, 0, 0>(0xFFFF'FFFF);
        })},
    Act{.mechanism = "memory attributes of stage 1",
        .sentence = "maps everything as device and runs in it",
        .act = in_guest([](Hostile& me) {
            LongTable* const tables = me.long_tables();
            for (unsigned i = 0; i < 4; ++i) {
                tables->entry[i] |= 1 << 2;
            }
            me.translate_long();
        })},
    Act{.mechanism = "memory attributes of stage 1",
        .sentence = "writes nonsense to MAIR and turns the MMU on",
        .act = in_guest([](Hostile& me) {
            me.long_tables();
            me.mcr<15, 0, 10, 2, 0>(0x1234'5678);
            me.mcr<15, 0, 10, 2, 1>(0xFFFF'FFFF);
            me.translate_long();
        })},
    Act{.mechanism = "faults of stage 1",
        .sentence = "takes a permission fault of its own",
        .act = in_guest([](Hostile& me) {
            LongTable* const tables = me.long_tables();
            tables->entry[3] |= 2 << 6;
            me.translate_long();
            me.survive_exceptions();
            me.store(0xC000'0000, 0);
            me.expect_data_abort(0xA0D);
        })},
    Act{.mechanism = "faults of stage 1",
        .sentence = "takes an access-flag fault of its own",
        .act = in_guest([](Hostile& me) {
            me.long_tables()->entry[3] &= ~0x400ULL;
            me.translate_long();
            me.survive_exceptions();
            (void)me.load(0xC000'0000);
            me.expect_data_abort(0x209);
        })},
    Act{.mechanism = "faults of stage 1",
        .sentence = "takes a translation fault of its own",
        .act = in_guest([](Hostile& me) {
            me.long_tables()->entry[3] = 0;
            me.translate_long();
            me.long_tables()->entry[3] = 0;
            me.mcr<15, 0, 8, 7, 0>(0);
            me.survive_exceptions();
            (void)me.load(0xC000'0000);
            me.expect_data_abort(0x205);
        })},
    Act{.mechanism = "faults of stage 1",
        .sentence = "takes a domain fault of its own",
        .act = in_guest([](Hostile& me) {
            me.translate(0, reinterpret_cast<std::uint32_t>(&me.short_table()));
            me.short_table().entry[0xC00] |= 5 << 5;
            me.mcr<15, 0, 8, 7, 0>(0);
            me.survive_exceptions();
            (void)me.load(0xC000'0000);
            me.expect_data_abort(0x059);
        })},
    Act{.mechanism = "execute-never of stage 1",
        .sentence = "maps its own code execute-never",
        .act = in_guest([](Hostile& me) {
            LongTable* const tables = me.long_tables();
            tables->entry[1] |= 1ULL << 54;
            me.translate_long();
        }),
        .ends = kSilence},
    Act{.mechanism = "ASIDs",
        .sentence = "changes ASID a thousand times with the MMU on",
        .act = in_guest([](Hostile& me) {
            me.translate_long();
            for (std::uint32_t i = 0; i < 1000; ++i) {
                me.mcr<15, 0, 13, 0, 1>(i);
                cpu::write(cpu::Ttbr0::from(reinterpret_cast<std::uint32_t>(me.long_tables()) |
                                            std::uint64_t{i & 0xFF} << 48));
            }
        })},
    Act{.mechanism = "TLB maintenance",
        .sentence = "drops TLB entries in all ways a thousand times",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 1000; ++i) {
                me.mcr<15, 0, 8, 7, 0>(0);
                me.mcr<15, 0, 8, 3, 0>(0);
                me.mcr<15, 0, 8, 7, 1>(i << 12);
                me.mcr<15, 0, 8, 3, 3>(i << 12);
                me.mcr<15, 0, 8, 7, 2>(i);
                me.mcr<15, 0, 8, 6, 0>(0);
                me.mcr<15, 0, 8, 5, 0>(0);
            }
        })},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "drops the TLB entries of HYP",
        .act = in_guest([](Hostile& me) { me.mcr<15, 4, 8, 7, 0>(0); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "drops the TLB entries of all guests by itself",
        .act = in_guest([](Hostile& me) { me.mcr<15, 4, 8, 7, 4>(0); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "SCTLR",
        .sentence = "writes all ones to SCTLR but the MMU",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 1, 0, 0>(0xFFFF'FFFE & ~(1U << 25) & ~(1U << 30) & ~(1U << 1));
        })},
    Act{.mechanism = "SCTLR",
        .sentence = "turns alignment checks on and loads unaligned",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            me.mcr<15, 0, 1, 0, 0>(0x00C5'007A);
            asm volatile("ldr r1, [%0]" ::"r"(reinterpret_cast<std::uint32_t>(me.long_tables()) + 1)
                         : "r1");
            me.expect_data_abort(0x001);
        })},
    Act{.mechanism = "tables in big-endian order",
        .sentence = "reads its tables in big-endian order",
        .act = in_guest([](Hostile& me) {
            me.translate(me.kEae, reinterpret_cast<std::uint32_t>(me.long_tables()),
                         me.kMmuOn | 1U << 25);
        }),
        .ends = kSilence},
};

}  // namespace

std::span<const Act> tables_acts() { return kActs; }

}  // namespace hm::isolation
