// Two CPUs of a guest turn each other on and off; what they have of their own from a reset on.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/power/psci.hpp"
#include "guest/hw/machine.hpp"
#include "hyp/core/thumb_ee.hpp"
#include "tests/target/several_cpus_guests.hpp"
#include "tests/target/several_cpus_talk.hpp"

namespace hm::target {
namespace {

namespace psci = power::psci;
using guest::loop_forever;

void turns_off(std::uint32_t) { turn_off(); }
void loops(std::uint32_t) { loop_forever(); }
void waits(std::uint32_t) { wait_for_ever(); }

void is_turned_on(std::uint32_t context) {
    page().mpidr[1] = this_cpu();
    asm volatile("mrs %0, cpsr" : "=r"(page().cpsr));
    tell(page().context, context);
    wait_for(page().may_go, 1);
    tell(page().may_go, 0);
    turn_off();
}

void is_in_thumb(std::uint32_t context) {
    tell(page().context, context);
    loop_forever();
}

void finishes_alone(std::uint32_t) {
    wait_until_off(0);
    finish(3);
}

void is_on_again(std::uint32_t context) {
    if (context != 6) {
        loop_forever();
    }
    finish(4);
}
void turns_the_first_on(std::uint32_t) {
    while (turn_on(0, is_on_again, 6) != static_cast<std::uint32_t>(psci::Status::kSuccess)) {
        let_run();
    }
    loop_forever();
}

void turns_the_machine_off(std::uint32_t) {
    (void)guest::firmware_call(psci::system_off());
    loop_forever();
}

void asks_for_nonsense(std::uint32_t) {
    asm volatile(".arch_extension virt\n\thvc #0x99" ::: "memory");
    loop_forever();
}

void tells_and_loops(std::uint32_t) {
    tell(page().is_ready, 1);
    loop_forever();
}

// ---- ThumbEE's registers ------------------------------------------------------------------------

void set_thumb_ee(std::uint32_t control, std::uint32_t handlers) {
    cpu::write(hyp::Teecr::from(control));
    cpu::write(hyp::Teehbr::from(handlers));
}
void expect_thumb_ee(std::uint32_t control, std::uint32_t handlers) {
    const bool holds =
        cpu::read<hyp::Teecr>().raw == control && cpu::read<hyp::Teehbr>().raw == handlers;
    page().wrong += holds ? 0 : 1;
}

void has_its_own_thumb_ee_too(std::uint32_t) {
    expect_thumb_ee(0, 0);
    set_thumb_ee(0, 0x2000'0000);
    tell(page().is_ready, page().is_ready + 1);
    wait_for(page().may_go, 1);
    expect_thumb_ee(0, 0x2000'0000);
    turn_off();
}

}  // namespace

// ---- The first CPU ------------------------------------------------------------------------------

void turns_another_on_and_off(std::uint32_t) {
    constexpr std::uint32_t kContext = 0x77;
    constexpr std::uint32_t kLaterContext = 0x99;
    page().mpidr[0] = this_cpu();
    page().affinity_before = affinity_info(1);
    page().on = turn_on(1, is_turned_on, kContext);
    page().on_again = turn_on(1, is_turned_on, kContext);
    wait_for(page().context, kContext);
    page().affinity_while_on = affinity_info(1);
    page().on_self = turn_on(0, is_turned_on);
    tell(page().may_go, 1);
    wait_until_off(1);
    (void)turn_on(1, is_turned_on, kLaterContext);
    wait_for(page().context, kLaterContext);
    finish();
}

void turns_thumb_on(std::uint32_t) {
    constexpr std::uint32_t kContext = 5;
    (void)turn_on(1, is_in_thumb, kContext, address_of(cpp_guest_start_in_thumb) | 1);
    wait_for(page().context, kContext);
    finish();
}

void turns_itself_off_while_another_goes_on(std::uint32_t) {
    (void)turn_on(1, finishes_alone);
    turn_off();
}

void both_turn_off(std::uint32_t) {
    (void)turn_on(1, turns_off);
    turn_off();
}

void turns_off_and_is_turned_on_again(std::uint32_t) {
    (void)turn_on(1, turns_the_first_on);
    turn_off();
}

void another_turns_the_machine_off(std::uint32_t) {
    (void)turn_on(1, turns_the_machine_off);
    wait_for_ever();
}

void another_asks_for_nonsense(std::uint32_t) {
    (void)turn_on(1, asks_for_nonsense);
    for (;;) {
        cpu::yield();
    }
}

void another_loops(std::uint32_t) {
    (void)turn_on(1, loops);
    loop_forever();
}

void finishes_while_another_loops(std::uint32_t) {
    (void)turn_on(1, tells_and_loops);
    wait_for(page().is_ready, 1);
    finish();
}

void both_wait_for_ever(std::uint32_t) {
    (void)turn_on(1, waits);
    wait_for_ever();
}

void is_off_while_another_loops(std::uint32_t) {
    (void)turn_on(1, loops);
    turn_off();
}

/// The second one is turned on twice, and finds them as after a reset each time.
void has_its_own_thumb_ee(std::uint32_t) {
    constexpr std::uint32_t kHandlers = 0x1000'0000;
    expect_thumb_ee(0, 0);
    set_thumb_ee(1, kHandlers);
    (void)turn_on(1, has_its_own_thumb_ee_too);
    wait_for(page().is_ready, 1);
    for (int i = 0; i < 100; ++i) {
        expect_thumb_ee(1, kHandlers);
        let_run();
    }
    expect_thumb_ee(1, kHandlers);
    tell(page().may_go, 1);
    wait_until_off(1);
    (void)turn_on(1, has_its_own_thumb_ee_too);
    wait_for(page().is_ready, 2);
    expect_thumb_ee(1, kHandlers);
    finish(page().wrong);
}

}  // namespace hm::target
