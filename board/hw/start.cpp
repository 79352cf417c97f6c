#include "board/hw/start.hpp"

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/power/exynos.hpp"
#include "drivers/power/hw/psci.hpp"
#include "drivers/power/sunxi.hpp"
#include "drivers/power/vexpress.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "drivers/timer/exynos_mct.hpp"
#include "measure/record.hpp"

namespace hm {

constinit MachineFacts recognised_machine = board::kMachines[0];

namespace board {

namespace {

constinit bool firmware_answers = false;

void request_power_off() {
    if constexpr (kPowerOff.way == PowerOff::Way::kVexpress) {
        reg::Mmio bus;
        power::VexpressConfiguration<reg::Mmio>(bus, kPowerOff.base).shut_down();
    } else if constexpr (kPowerOff.way == PowerOff::Way::kPsci) {
        if (firmware_answers) {
            power::psci::call(power::psci::system_off());
        }
    }
}

}  // namespace

void start_board(bool has_firmware) {
    firmware_answers = has_firmware;
    if constexpr (board::kMachines.size() > 1) {
        recognised_machine = *recognise();
    }
    if constexpr (kSocIs<Exynos>) {
        reg::Mmio bus;
        power::Exynos<reg::Mmio>(bus, kSocAs<Exynos>->blocks).stop_watchdog();
        // Without it CNTPCT and CNTVCT stand still (Linux, drivers/clocksource/exynos_mct.c, "MCT
        // is used by the arch timer").
        if (!timer::ExynosMct<reg::Mmio>(bus, kSocAs<Exynos>->timer).start()) {
            print("hypmeter: the system timer (MCT) does not start: nothing can be timed\n");
            give_up();
        }
    }
}

void reset_board() {
    drain_console();
    if constexpr (kSocIs<Exynos>) {
        reg::Mmio bus;
        power::Exynos<reg::Mmio>(bus, kSocAs<Exynos>->blocks).reset_board();
    } else if constexpr (kSocIs<Sunxi>) {
        if (machine().has_power_control) {
            reg::Mmio bus;
            power::Sunxi<reg::Mmio>(bus, kSocAs<Sunxi>->blocks).reset_board();
        }
    } else if constexpr (board::kCoreStart == board::CoreStart::kPsci) {
        if (firmware_answers) {
            power::psci::call(power::psci::system_reset());
        }
    }
}

void power_off() {
    drain_console();
    request_power_off();
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

void give_up() {
    print(measure::kGivesUp);
    print("\n");
    power_off();
}

}  // namespace board
}  // namespace hm
