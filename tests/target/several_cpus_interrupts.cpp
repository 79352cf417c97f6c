// Two CPUs of a guest send each other interrupts, share one, and wait for their timers.

#include <algorithm>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "guest/hw/machine.hpp"
#include "tests/target/device_access.hpp"
#include "tests/target/several_cpus_guests.hpp"
#include "tests/target/several_cpus_talk.hpp"

namespace hm::target {
namespace {

using guest::loop_forever;

DeviceBus bus;  // without state: a guest cannot read it
gic::CpuInterface<DeviceBus> cpu_interface() { return {bus, board::kGicc}; }
gic::Distributor<DeviceBus> distributor() { return {bus, board::kGicd}; }

/// GICV with all priorities. SGIs and PPIs of this CPU are in Group 0.
void start_interrupts() {
    constexpr std::uint32_t kAllPriorities = 0xF8;
    distributor().set_control(gic::GicdCtlr{}.with(gic::GicdCtlr::kEnableGroup0, true));
    cpu_interface().set_control(gic::GiccCtlr{}.with(gic::GiccCtlr::kEnableGroup0, true));
    cpu_interface().set_priority_mask(kAllPriorities);
}

/// The next interrupt.
gic::GiccIar take() {
    for (;;) {
        const gic::GiccIar interrupt = cpu_interface().acknowledge();
        if (interrupt.get(gic::GiccIar::kIntId) < gic::kFirstSpecial) {
            return interrupt;
        }
        cpu::wait_for_interrupt();
    }
}

gic::GicdSgir sgi(std::uint32_t id, gic::SgiTarget to) {
    return gic::GicdSgir{}
        .with(gic::GicdSgir::kSgiIntId, id)
        .with(gic::GicdSgir::kTargetListFilter, to);
}
gic::GicdSgir sgi_to_second(std::uint32_t id) {
    return sgi(id, gic::SgiTarget::kList).with(gic::GicdSgir::kCpuTargetList, 1U << 1);
}
gic::GiccIar sgi_from(std::uint32_t cpu, std::uint32_t id) {
    return gic::GiccIar{}.with(gic::GiccIar::kIntId, id).with(gic::GiccIar::kCpuId, cpu);
}

/// The bit of an interrupt in a bank of the distributor.
void set_bit(std::uint32_t bank, gic::IntId id) {
    const gic::BankBit bit = gic::bank_bit(bank, id);
    store(board::kGicd + bit.offset, bit.mask);
}

void give_spi_to_second() {
    store<std::uint8_t>(board::kGicd + gic::gicd::kItargetsr + kSpi, 1U << 1);
    distributor().enable(kSpi);
}

/// SGI 0 to 15 in turn.
constexpr std::uint32_t kSgis = 16;

void answers_each(std::uint32_t) {
    start_interrupts();
    tell(page().is_ready, 1);
    for (std::uint32_t round = 0;; ++round) {
        const gic::GiccIar got = take();
        page().wrong += got == sgi_from(0, round % kSgis) ? 0 : 1;
        cpu_interface().end(got);
        distributor().send_sgi(sgi(round % kSgis, gic::SgiTarget::kOthers));
    }
}

void takes_all(std::uint32_t) {
    start_interrupts();
    tell(page().is_ready, 1);
    wait_for(page().may_go, 1);
    std::uint32_t seen = 0;  // a bit each
    for (std::uint32_t count = 1; count <= kSgis; ++count) {
        const gic::GiccIar got = take();
        const std::uint32_t bit = 1U << got.get(gic::GiccIar::kIntId) % 32;
        page().wrong += (seen & bit) == 0 ? 0 : 1;
        seen |= bit;
        cpu_interface().end(got);
        tell(page().rounds, count);
    }
    loop_forever();
}

void takes_a_shared_one(std::uint32_t) {
    start_interrupts();
    tell(page().is_ready, 1);
    const gic::GiccIar got = take();
    tell(page().taken, got.raw);
    wait_for(page().may_end, 1);
    cpu_interface().end(got);
    tell(page().is_over, 1);
    loop_forever();
}

void is_woken(std::uint32_t) {
    start_interrupts();
    tell(page().is_ready, 1);
    const gic::GiccIar got = take();
    cpu_interface().end(got);
    tell(page().taken, got.raw);
    wait_for_ever();
}

void compute_for(std::uint32_t ticks) {
    const std::uint64_t end = cpu::read<cpu::Cntvct>().raw + ticks;
    while (cpu::read<cpu::Cntvct>().raw < end) {
    }
}

void answers_slowly(std::uint32_t) {
    start_interrupts();
    tell(page().is_ready, 1);
    for (std::uint32_t round = 1;; ++round) {
        const gic::GiccIar got = take();
        compute_for(kHandlingTicks);
        cpu_interface().end(got);
        tell(page().rounds, round);
    }
}

void waits_for_its_timer(std::uint32_t) {
    constexpr std::uint32_t kTicks = 20'000;
    start_interrupts();
    tell(page().is_ready, 1);
    distributor().enable(board::kVirtualTimerInterrupt);
    cpu::write(cpu::CntvCval::from(cpu::read<cpu::Cntvct>().raw + kTicks));
    cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, true));
    cpu::isb();
    const gic::GiccIar got = take();
    cpu::write(cpu::CntvCtl{});
    cpu::isb();
    cpu_interface().end(got);
    tell(page().taken, got.raw);
    wait_for_ever();
}

/// A private interrupt that no device asserts.
constexpr gic::IntId kPpi = 20;

void writes_too(std::uint32_t) {
    start_interrupts();
    tell(page().is_ready, 1);
    for (;;) {
        page().wrong += distributor().is_pending(kPpi) ? 1 : 0;  // only the other one's ever is
        distributor().disable(kSpi);
        let_run();
    }
}

}  // namespace

// ---- The first CPU ------------------------------------------------------------------------------

/// The second one answers each by the same.
void sends_and_is_answered(std::uint32_t) {
    constexpr std::uint32_t kRounds = 1000;
    start_interrupts();
    (void)turn_on(1, answers_each);
    wait_for(page().is_ready, 1);
    for (std::uint32_t round = 0; round < kRounds; ++round) {
        distributor().send_sgi(sgi_to_second(round % kSgis));
        const gic::GiccIar got = take();
        page().wrong += got == sgi_from(1, round % kSgis) ? 0 : 1;
        cpu_interface().end(got);
        page().rounds = round + 1;
    }
    finish();
}

/// All are sent before the second one takes any: there are fewer list registers. Which of the same
/// priority comes first is not defined (ARM IHI 0048B, 3.3).
void sends_all_at_once(std::uint32_t) {
    start_interrupts();
    (void)turn_on(1, takes_all);
    wait_for(page().is_ready, 1);
    for (std::uint32_t id = 0; id < kSgis; ++id) {
        distributor().send_sgi(sgi_to_second(id));
    }
    tell(page().may_go, 1);
    wait_for(page().rounds, kSgis);
    finish();
}

void sees_what_another_does(std::uint32_t) {
    start_interrupts();
    give_spi_to_second();
    (void)turn_on(1, takes_a_shared_one);
    wait_for(page().is_ready, 1);
    set_bit(gic::gicd::kIspendr, kSpi);
    wait_for(page().taken, kSpi);
    page().active_meanwhile = distributor().is_active(kSpi) ? 1 : 0;
    tell(page().may_end, 1);
    wait_for(page().is_over, 1);
    page().active_after = distributor().is_active(kSpi) ? 1 : 0;
    finish();
}

/// This one computes, and never waits.
void wakes_one_that_waits(std::uint32_t) {
    start_interrupts();
    give_spi_to_second();
    (void)turn_on(1, is_woken);
    wait_for(page().is_ready, 1);
    let_run();  // it waits now
    set_bit(gic::gicd::kIspendr, kSpi);
    compute_until(page().taken, kSpi);
    finish();
}

/// Each has a timer of its own. This one computes, and never waits.
void computes_while_another_waits_for_its_timer(std::uint32_t) {
    start_interrupts();
    (void)turn_on(1, waits_for_its_timer);
    wait_for(page().is_ready, 1);
    let_run();  // it waits now
    compute_until(page().taken, board::kVirtualTimerInterrupt);
    finish();
}

void waits_for_slow_answers(std::uint32_t) {
    constexpr std::uint32_t kRounds = 32;
    start_interrupts();
    (void)turn_on(1, answers_slowly);
    wait_for(page().is_ready, 1);
    let_run();  // it waits now
    std::uint64_t longest = 0;
    for (std::uint32_t round = 1; round <= kRounds; ++round) {
        const std::uint64_t begin = cpu::read<cpu::Cntvct>().raw;
        distributor().send_sgi(sgi_to_second(0));
        compute_until(page().rounds, round);
        longest = std::max(longest, cpu::read<cpu::Cntvct>().raw - begin);
        compute_for(2 * kHandlingTicks);  // the windows of both end now and then
    }
    finish(static_cast<std::uint32_t>(longest));
}

/// Both write and read the distributor as fast as they can, each its own words and a shared one.
void writes_beside_another(std::uint32_t) {
    constexpr std::uint32_t kRounds = 200;
    start_interrupts();
    (void)turn_on(1, writes_too);
    wait_for(page().is_ready, 1);
    for (std::uint32_t round = 1; round <= kRounds; ++round) {
        set_bit(gic::gicd::kIspendr, kPpi);
        page().wrong += distributor().is_pending(kPpi) ? 0 : 1;
        distributor().clear_pending(kPpi);
        page().rounds = round;
        let_run();
    }
    finish();
}

}  // namespace hm::target
