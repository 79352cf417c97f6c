// Hostile calls: of the monitor, of firmware, of the host.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

constexpr std::array kActs{
    Act{.mechanism = "SMC",
        .sentence = "calls firmware with SMC #0, as PSCI does",
        .act = in_guest([](Hostile&) {
            asm volatile(
                ".arch_extension sec\n\t"
                "movw r0, #0x0008\n\t"
                "movt r0, #0x8400\n\t"
                "smc #0"
                :
                :
                : "r0", "r1", "r2", "r3", "memory");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "SMC",
        .sentence = "calls firmware with SMC #15",
        .act = in_guest([](Hostile&) {
            asm volatile(".arch_extension sec\n\tsmc #15" ::: "memory");
        }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "firmware call",
        .sentence = "asks PSCI for everything that it knows and does not know",
        .act = in_guest([](Hostile& me) {
            for (std::uint32_t i = 0; i < 64; ++i) {
                // Not those that end the guest: CPU_OFF, SYSTEM_OFF, SYSTEM_RESET.
                if (i == 2 || i == 8 || i == 9) {
                    continue;
                }
                register std::uint32_t r0 asm("r0") = 0x8400'0000 + i;
                register std::uint32_t r1 asm("r1") = 0xFFFF'FFFF;
                register std::uint32_t r2 asm("r2") = me.at.monitor_data;
                asm volatile(".arch_extension virt\n\thvc #0"
                             : "+r"(r0)
                             : "r"(r1), "r"(r2)
                             : "r3", "memory");
                const auto answer = static_cast<std::int32_t>(r0);
                me.expect(answer < 0 || i == 0 || i == 6);
            }
        })},
    Act{.mechanism = "firmware call",
        .sentence = "turns the machine off with PSCI by HVC #0",
        .act = in_guest([](Hostile&) {
            asm volatile(
                ".arch_extension virt\n\t"
                "movw r0, #0x0008\n\t"
                "movt r0, #0x8400\n\t"
                "hvc #0"
                :
                :
                : "r0", "memory");
        }),
        .ends = kMonitor,
        .words = "turned itself off by PSCI"},
    Act{.mechanism = "unknown hypercall",
        .sentence = "makes the hypercall with the highest number",
        .act = in_guest([](Hostile&) {
            asm volatile(".arch_extension virt\n\thvc #0xffff" ::: "memory");
        }),
        .ends = kMonitor,
        .words = "HVC #65535"},
    Act{.mechanism = "unknown hypercall",
        .sentence = "makes the hypercall behind the last one",
        .act = in_guest([](Hostile&) {
            asm volatile(".arch_extension virt\n\thvc #9" ::: "memory");
        }),
        .ends = kMonitor,
        .words = "HVC #9"},
    Act{.mechanism = "SVC",
        .sentence = "asks semihosting to end the machine with SVC 0x123456",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(
                "mov r0, #0x18\n\t"
                "movw r1, #0x0026\n\t"
                "movt r1, #0x0002\n\t"
                "svc #0x123456"
                :
                :
                : "r0", "r1", "lr", "memory");
            me.expect(me.taken() == 1 && me.last().vector == 2);
        })},
    Act{.mechanism = "SVC",
        .sentence = "asks semihosting for a file in Thumb state with SVC 0xAB",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(IN_THUMB("movs r0, #1\n\t"
                                  "svc #0xab")
                         :
                         :
                         : "r0", "r2", "lr", "memory");
            me.expect(me.taken() == 1);
        })},
    Act{.mechanism = "SVC",
        .sentence = "makes the highest system call",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile("svc #0xffffff" ::: "lr", "memory");
            me.expect(me.taken() == 1);
        })},
    Act{.mechanism = "HLT",
        .sentence = "asks semihosting with HLT, in both encodings",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(".word 0xe10f0070\n\t"         // HLT #0xf000
                         IN_THUMB(".inst.n 0xbabc\n\t"  // HLT #0x3c
                                  "nop")
                         :
                         :
                         : "r2", "memory");
            me.expect(me.taken() == 2);
        })},
    Act{.mechanism = "BKPT",
        .sentence = "executes BKPT with the highest number",
        .act = in_guest([](Hostile&) { asm volatile("bkpt #0xffff"); }),
        .ends = kException,
        .words = "prefetch abort"},
    Act{.mechanism = "undefined instructions",
        .sentence = "executes UDF with the highest number",
        .act = in_guest([](Hostile&) { asm volatile("udf #0xffff"); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "undefined instructions",
        .sentence = "executes an undefined instruction in USR mode",
        .act = in_guest([](Hostile& me) { me.as_user([](Hostile&) { asm volatile("udf #1"); }); }),
        .ends = kException,
        .words = "undefined instruction"},
    Act{.mechanism = "undefined instructions",
        .sentence = "executes words that are no instructions",
        .act = in_guest([](Hostile& me) {
            me.survive_exceptions();
            asm volatile(".word 0xffffffff\n\t.word 0xf7f0a000\n\t.word 0xe7f000f0" ::: "memory");
            me.expect(me.taken() == 3);
        })},
    Act{.mechanism = "checkpoint with nonsense",
        .sentence = "reports more progress than there is",
        .act = in_guest([](Hostile&) {
            (void)guest::hypercall<measure::Hypercall::kCheckpoint>(0xFFFF'FFFF, 0);
        })},
    Act{.mechanism = "release of pages",
        .sentence = "releases pages that were never mapped on demand",
        .act =
            in_guest([](Hostile&) { (void)guest::hypercall<measure::Hypercall::kReleasePage>(0); }),
        .ends = kMonitor,
        .words = "HVC #7"},
    Act{.mechanism = "release of pages",
        .sentence = "releases a page of the monitor",
        .act = in_guest([](Hostile& me) {
            (void)guest::hypercall<measure::Hypercall::kReleasePage>(me.at.monitor_data);
        }),
        .ends = kMonitor,
        .words = "HVC #7"},
    Act{.mechanism = "release of pages",
        .sentence = "releases the distributor",
        .act = in_guest([](Hostile& me) {
            (void)guest::hypercall<measure::Hypercall::kReleasePage>(me.parameters.distributor);
        }),
        .ends = kMonitor,
        .words = "HVC #7"},
    Act{.mechanism = "release of pages",
        .sentence = "releases the page that it runs in, on demand",
        .act = in_guest([](Hostile&) {
            (void)guest::hypercall<measure::Hypercall::kReleasePage>(
                reinterpret_cast<std::uint32_t>(__builtin_return_address(0)));
        }),
        .where = kOnDemand},
    Act{.mechanism = "release of pages",
        .sentence = "releases and touches a page on demand a thousand times",
        .act = in_guest([](Hostile& me) {
            const std::uint32_t at = me.parameters.memory_end - 4096;
            for (int i = 0; i < 1000; ++i) {
                me.store(at, 1);
                (void)guest::hypercall<measure::Hypercall::kReleasePage>(at + 4095);
            }
        }),
        .where = kOnDemand},
    Act{.mechanism = "finish with nonsense",
        .sentence = "finishes with an outcome that does not exist",
        .act = in_guest([](Hostile& me) { me.finish(0x77); }),
        .ends = kException,
        .words = "which is no outcome"},
    Act{.mechanism = "finish with nonsense",
        .sentence = "finishes with the highest outcome",
        .act = in_guest([](Hostile& me) { me.finish(0xFFFF); }),
        .ends = kException,
        .words = "which is no outcome"},
    Act{.mechanism = "storm of hypercalls",
        .sentence = "gives the core away a thousand times with nobody to take it",
        .act = in_guest([](Hostile&) {
            for (int i = 0; i < 1000; ++i) {
                (void)guest::hypercall<measure::Hypercall::kYield>();
            }
        })},
    Act{.mechanism = "fast vector table",
        .sentence = "asks for the vector that only returns, then misbehaves",
        .act = in_guest([](Hostile& me) {
            (void)guest::hypercall<measure::Hypercall::kVectorOnly>();
            me.survive_exceptions();
            (void)me.load(me.at.monitor_text);
            guest::loop_forever();
        }),
        .ends = kMonitor,
        .words = "HVC #3"},
    Act{.mechanism = "storm of hypercalls",
        .sentence = "drops the TLB entries of all guests a thousand times",
        .act = in_guest([](Hostile&) {
            for (int i = 0; i < 1000; ++i) {
                (void)guest::hypercall<measure::Hypercall::kFlushTlb>();
            }
        })},
    Act{.mechanism = "storm of hypercalls",
        .sentence = "calls the monitor for ever",
        .act = in_guest([](Hostile&) {
            for (;;) {
                (void)guest::hypercall<measure::Hypercall::kNullCommon>();
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "storm of hypercalls",
        .sentence = "gives the core away for ever",
        .act = in_guest([](Hostile&) {
            for (;;) {
                (void)guest::hypercall<measure::Hypercall::kYield>();
            }
        }),
        .ends = kWatchdog,
        .words = "watchdog"},
};

}  // namespace

std::span<const Act> calls_acts() { return kActs; }

}  // namespace hm::isolation
