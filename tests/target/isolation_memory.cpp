// Hostile acts against memory that is not the guest's, or not in that way.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

extern "C" const char __guest_base[];
std::uint32_t board_base() { return reinterpret_cast<std::uint32_t>(__guest_base); }

constexpr std::array kActs{
    Act{.mechanism = "nothing",
        .sentence = "a guest that does nothing finishes",
        .act = in_guest([](Hostile&) {})},
    Act{.mechanism = "memory that is not its own",
        .sentence = "loads a word of the monitor's text",
        .act = in_guest([](Hostile& me) { (void)me.load(me.at.monitor_text); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "stores to the monitor's data",
        .act = in_guest([](Hostile& me) { me.store(me.at.monitor_data, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "stores to the monitor's stage-2 tables",
        .act = in_guest([](Hostile& me) { me.store(me.at.stage2_tables, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "loads from the monitor with only stage 2 on",
        .act = in_guest([](Hostile& me) { (void)me.load(me.at.monitor_text); }),
        .where = kStage2Only,
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "stores to the monitor from USR mode",
        .act = in_guest([](Hostile& me) {
            me.as_user([](Hostile& user) { user.store(user.at.monitor_data, 0); });
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "execution of what is not its own",
        .sentence = "executes the monitor's text",
        .act = in_guest([](Hostile& me) { me.call(me.at.monitor_text); }),
        .ends = kException,
        .words = "prefetch abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "stores to the memory of another VM",
        .act = in_guest([](Hostile& me) { me.store(me.at.other_vm, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "a second VM stores where its own memory really lies",
        .act = in_guest([](Hostile& me) { me.store(me.at.other_vm, 0); }),
        .where = kSecondVm,
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "stores to the records that a run keeps",
        .act = in_guest([](Hostile& me) { me.store(me.at.records, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "memory that is not its own",
        .sentence = "loads from memory that nobody has",
        .act = in_guest([](Hostile& me) { (void)me.load(me.at.free); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "devices that are not its own",
        .sentence = "stores to a list register",
        .act =
            in_guest([](Hostile& me) { me.store(board::kGich + gic::gich::lr(0), 0xFFFF'FFFF); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "devices that are not its own",
        .sentence = "a guest that has the CPU interface stores to GICH",
        .act = in_guest([](Hostile& me) { me.store(board::kGich, 1); }),
        .where = kDirect,
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "devices that are not its own",
        .sentence = "stores to GICV where it lies physically",
        .act = in_guest([](Hostile& me) { me.store(board::kGicv, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "devices that are not its own",
        .sentence = "stores behind the 8 KB of the CPU interface",
        .act = in_guest([](Hostile& me) { me.store(me.parameters.cpu_interface + 0x2000, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "devices that are not its own",
        .sentence = "stores behind the 4 KB of the distributor",
        .act = in_guest([](Hostile& me) { me.store(me.parameters.distributor + 0x1000, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "devices that are not its own",
        .sentence = "stores to the monitor's UART",
        .act = in_guest([](Hostile& me) { me.store(board::kUart, 0x41); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "hole",
        .sentence = "stores to address 0",
        .act = in_guest([](Hostile& me) { me.store(0, 0); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "hole",
        .sentence = "loads the last word of the address space",
        .act = in_guest([](Hostile& me) { (void)me.load(0xFFFF'FFFC); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "read-only page",
        .sentence = "stores to a page that is read-only",
        .act = in_guest([](Hostile& me) { me.store(kReadOnlyPage, 1); }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "read-only page",
        .sentence = "stores to a read-only page through its own tables",
        .act = in_guest([](Hostile& me) {
            me.translate_long();
            me.store(kReadOnlyPage + 4, 1);
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "execute-never page",
        .sentence = "executes a page that is execute-never",
        .act = in_guest([](Hostile& me) { me.call(kReadOnlyPage); }),
        .ends = kException,
        .words = "prefetch abort"},
    Act{.mechanism = "execute-never page",
        .sentence = "executes the CPU interface",
        .act = in_guest([](Hostile& me) { me.call(me.parameters.cpu_interface); }),
        .ends = kException,
        .words = "prefetch abort"},
    Act{.mechanism = "execution of what is not its own",
        .sentence = "executes the distributor",
        .act = in_guest([](Hostile& me) { me.call(me.parameters.distributor); }),
        .ends = kException,
        .words = "prefetch abort"},
    Act{.mechanism = "execution of what is not its own",
        .sentence = "executes address 0",
        .act = in_guest([](Hostile& me) { me.call(0); }),
        .ends = kException,
        .words = "prefetch abort"},
    Act{.mechanism = "access across a boundary",
        .sentence = "loads words across the end of its memory",
        .act = in_guest([](Hostile& me) {
            auto at = me.parameters.memory_end + me.parameters.demand_bytes - 8;
            asm volatile("ldm %0, {r4-r7}" ::"r"(at) : "r4", "r5", "r6", "r7", "memory");
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "exclusives",
        .sentence = "stores exclusively to another VM's memory, without a reservation",
        .act = in_guest([](Hostile& me) {
            std::uint32_t failed;
            asm volatile("strex %0, %2, [%1]"
                         : "=&r"(failed)
                         : "r"(me.at.other_vm), "r"(0)
                         : "memory");
            me.expect(failed == 1);
        })},
    Act{.mechanism = "exclusives",
        .sentence = "loads exclusively from another VM's memory",
        .act = in_guest([](Hostile& me) {
            asm volatile("ldrexd r2, r3, [%0]" ::"r"(me.at.other_vm) : "r2", "r3", "memory");
        }),
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "maintenance by address",
        .sentence = "invalidates the monitor's data by address",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 6, 1>(me.at.monitor_data); })},
    Act{.mechanism = "maintenance by address",
        .sentence = "cleans and invalidates another VM's memory by address",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 14, 1>(me.at.other_vm); })},
    Act{.mechanism = "maintenance by address",
        .sentence = "invalidates instructions at the monitor's text",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 5, 1>(me.at.monitor_text); })},
    Act{.mechanism = "preload",
        .sentence = "preloads the monitor's data and text",
        .act = in_guest([](Hostile& me) {
            asm volatile("pld [%0]\n\tpldw [%0]\n\tpli [%0]" ::"r"(me.at.monitor_data));
        })},
    Act{.mechanism = "address translation",
        .sentence = "translates an address of the monitor for stage 1",
        .act = in_guest([](Hostile& me) {
            me.mcr<15, 0, 7, 8, 0>(me.at.monitor_data);
            (void)me.mrc<15, 0, 7, 4, 0>();
        })},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "asks for the translation of both stages, which only HYP may",
        .act = in_guest([](Hostile& me) { me.mcr<15, 0, 7, 8, 4>(me.at.monitor_data); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "CP15 of HYP",
        .sentence = "asks for a translation of HYP",
        .act = in_guest([](Hostile& me) { me.mcr<15, 4, 7, 8, 0>(me.at.monitor_data); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "self-modifying code",
        .sentence = "changes an instruction that it then executes",
        .act = in_guest([](Hostile& me) {
            static std::uint32_t code[2];
            code[0] = 0xE3A00001;  // mov r0, #1
            code[1] = 0xE12FFF1E;  // bx lr
            for (int round = 0; round < 100; ++round) {
                code[0] ^= 2;
                asm volatile("dsb" ::: "memory");
                me.mcr<15, 0, 7, 5, 0>(0);  // ICIALLU
                asm volatile("dsb; isb" ::: "memory");
                me.call(reinterpret_cast<std::uint32_t>(code));
            }
        })},
    Act{.mechanism = "all of its memory",
        .sentence = "overwrites its parameters, stamps and report",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at = 0; at < measure::kSharedBytes; at += 4) {
                me.store(board_base() + at, 0xFFFF'FFFF);
            }
        })},
    Act{.mechanism = "all of its memory",
        .sentence = "overwrites all of its memory but its image",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at = me.parameters.memory_end - (1U << 20);
                 at < me.parameters.memory_end; at += 4) {
                me.store(at, at);
            }
        })},
    Act{.mechanism = "memory on demand",
        .sentence = "touches all pages of a guest that boots on demand",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t at = me.parameters.memory_end - (4U << 20);
                 at < me.parameters.memory_end; at += 4096) {
                me.store(at, at);
            }
        }),
        .where = kOnDemand},
    Act{.mechanism = "memory on demand",
        .sentence = "touches the page behind its memory on demand",
        .act = in_guest([](Hostile& me) {
            me.store(me.parameters.memory_end + me.parameters.demand_bytes, 0);
        }),
        .where = kOnDemand,
        .ends = kException,
        .words = "data abort"},
    Act{.mechanism = "hole",
        .sentence = "pushes to a stack that lies in a hole",
        .act = in_guest([](Hostile&) {
            asm volatile("mov r4, sp\n\tmov sp, #0\n\tpush {r0-r3}\n\tmov sp, r4" ::
                             : "r4", "memory");
        }),
        .ends = kException,
        .words = "data abort"},
};

}  // namespace

std::span<const Act> memory_acts() { return kActs; }

}  // namespace hm::isolation
