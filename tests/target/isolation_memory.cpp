// Hostile acts against memory that is not the guest's.

#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

constexpr std::array kActs{
    Act{.mechanism = "nothing",
        .sentence = "a guest that does nothing finishes",
        .act = in_guest([](Hostile&) {})},
    Act{.mechanism = "memory of the monitor",
        .sentence = "loads a word of the monitor's text",
        .act = in_guest([](Hostile& me) { (void)me.load(me.at.monitor_text); }),
        .ends = kMonitor,
        .words = "data abort"},
    Act{.mechanism = "memory of the monitor",
        .sentence = "stores to the monitor's data",
        .act = in_guest([](Hostile& me) { me.store(me.at.monitor_data, 0); }),
        .ends = kMonitor,
        .words = "data abort"},
    Act{.mechanism = "memory of the monitor",
        .sentence = "stores to the monitor's stage-2 tables",
        .act = in_guest([](Hostile& me) { me.store(me.at.stage2_tables, 0); }),
        .ends = kMonitor,
        .words = "data abort"},
    Act{.mechanism = "memory of the monitor: execution",
        .sentence = "executes the monitor's text",
        .act = in_guest([](Hostile& me) { me.call(me.at.monitor_text); }),
        .ends = kMonitor,
        .words = "prefetch abort"},
    Act{.mechanism = "memory of another VM",
        .sentence = "stores to the memory of another VM",
        .act = in_guest([](Hostile& me) { me.store(me.at.other_vm, 0); }),
        .ends = kMonitor,
        .words = "data abort"},
    Act{.mechanism = "memory of another VM",
        .sentence = "a second VM stores to the memory of the first",
        .act = in_guest([](Hostile& me) { me.store(me.at.other_vm, 0); }),
        .where = {.delivery = measure::Delivery::kShared, .attacker = Attacker::kSecond},
        .ends = kMonitor,
        .words = "data abort"},
    Act{.mechanism = "endless loop at PL1",
        .sentence = "loops for ever at PL1 with interrupts masked",
        .act = in_guest([](Hostile&) { guest::loop_forever(); }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "endless loop at PL0",
        .sentence = "loops for ever at PL0",
        .act = in_guest([](Hostile& me) { me.as_user([](Hostile&) { guest::loop_forever(); }); }),
        .ends = kWatchdog,
        .words = "watchdog"},
    Act{.mechanism = "UDF",
        .sentence = "takes an undefined instruction at PL1",
        .act = in_guest([](Hostile&) { asm volatile("udf #0"); }),
        .ends = kException,
        .words = "undefined instruction"},
};

}  // namespace

std::span<const Act> memory_acts() { return kActs; }

}  // namespace hm::isolation
