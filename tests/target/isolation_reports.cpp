// Guests that lie: what they report is hostile input.

#include "guest/hw/kernel.hpp"
#include "measure/workload/chase.hpp"
#include "measure/workload/exits.hpp"
#include "measure/workload/page_fault.hpp"
#include "measure/workload/parity.hpp"
#include "measure/workload/timer.hpp"
#include "tests/target/isolation/hostile.hpp"

namespace hm::isolation {

using enum Ending;

namespace {

void claim(std::uint32_t events_at, std::uint32_t count) {
    guest::report().events_at = events_at;
    guest::report().event_count = count;
}

void claim_garbage(const Hostile& me) {
    constexpr std::uint32_t kEvents = 16;
    const std::uint32_t events = me.parameters.memory_end - 4096;
    for (std::uint32_t at = 0; at < 4096; at += 4) {
        me.store(events + at, 0x7FC0'0000 + at * 0x9E37'79B9);
    }
    measure::GuestReport lie{};
    lie.events_at = events;
    lie.event_count = kEvents;
    lie.faults = lie.stale = lie.slips = lie.work = 0xFFFF'FFFF;
    lie.numbers =
        measure::ReportedNumbers{std::array<std::uint32_t, 8>{~0U, ~0U, ~0U, 0x7FC0'0001}};
    guest::report() = lie;
}

constexpr std::array kActs{
    Act{.mechanism = "report: number of events",
        .sentence = "claims more events than its memory holds",
        .act = in_guest([](Hostile& me) { claim(me.parameters.memory_end - 4096, 0xFFFF'FFFF); }),
        .ends = kReportRefused,
        .words = "did not leave as many events as were asked for",
        .claims = claimed(&measure::timer::kWorkload)},
    Act{.mechanism = "report: number of events",
        .sentence = "claims no events",
        .act = in_guest([](Hostile& me) { claim(me.parameters.memory_end - 4096, 0); }),
        .ends = kReportRefused,
        .words = "did not leave as many events as were asked for",
        .claims = claimed(&measure::timer::kWorkload)},
    Act{.mechanism = "report: place of events",
        .sentence = "claims that its events lie in the monitor",
        .act = in_guest([](Hostile& me) { claim(me.at.monitor_data, 16); }),
        .ends = kReportRefused,
        .words = "did not leave as many events as were asked for",
        .claims = claimed(&measure::timer::kWorkload)},
    Act{.mechanism = "report: place of events",
        .sentence = "claims that its events lie in the memory of another VM",
        .act = in_guest([](Hostile& me) { claim(me.at.other_vm, 16); }),
        .ends = kReportRefused,
        .words = "did not leave as many events as were asked for",
        .claims = claimed(&measure::timer::kWorkload)},
    Act{.mechanism = "report: place of events",
        .sentence = "claims events that are not aligned",
        .act = in_guest([](Hostile& me) { claim(me.parameters.memory_end - 4095, 16); }),
        .ends = kReportRefused,
        .words = "did not leave as many events as were asked for",
        .claims = claimed(&measure::timer::kWorkload)},
    Act{.mechanism = "report: place of events",
        .sentence = "claims events that wrap around the address space",
        .act = in_guest([](Hostile&) { claim(0xFFFF'FFFC, 0x0FFF'FFFF); }),
        .ends = kReportRefused,
        .words = "did not leave as many events as were asked for",
        .claims = claimed(&measure::page_fault::kWorkload)},
    Act{.mechanism = "report: contents of events",
        .sentence = "claims wake-ups full of garbage",
        .act = in_guest([](Hostile& me) { claim_garbage(me); }),
        .ends = kReportRefused,
        .claims = claimed(&measure::timer::kWorkload)},
    Act{.mechanism = "report: contents of events",
        .sentence = "claims faults full of garbage",
        .act = in_guest([](Hostile& me) { claim_garbage(me); }),
        .claims = claimed(&measure::page_fault::kWorkload)},
    Act{.mechanism = "report: contents of events",
        .sentence = "claims samples full of garbage",
        .act = in_guest([](Hostile& me) { claim_garbage(me); }),
        .claims = claimed(&measure::exits::kWorkload)},
    Act{.mechanism = "report: contents of events",
        .sentence = "claims chase samples and numbers full of garbage",
        .act = in_guest([](Hostile& me) { claim_garbage(me); }),
        .ends = kReportRefused,
        .claims = claimed(&measure::chase::kWorkload)},
    Act{.mechanism = "report: contents of events",
        .sentence = "claims a result of floating point that is none",
        .act = in_guest([](Hostile& me) { claim_garbage(me); }),
        .claims = claimed(&measure::parity::kWorkload)},
    Act{.mechanism = "report: exception",
        .sentence = "reports an exception that does not exist",
        .act = in_guest([](Hostile& me) {
            guest::report().exception = {0xFFFF'FFFF, 1, 2, 3, 4};
            me.finish(1);
        }),
        .ends = kException,
        .words = "unexpected exception: unknown"},
};

}  // namespace

std::span<const Act> reports_acts() { return kActs; }

}  // namespace hm::isolation
