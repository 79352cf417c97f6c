#include "board/hw/start.hpp"

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/power/hw/psci.hpp"
#include "drivers/power/vexpress.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "measure/record.hpp"

namespace hm {

constinit MachineFacts recognised_machine = board::kMachines[0];

namespace board {

namespace {

constinit bool firmware_answers = false;
reg::Mmio soc_bus;
constinit Soc<reg::Mmio> soc{soc_bus, kSoc};

/// Where firmware may hold the second core it is PSCI, which knows more.
constexpr bool kMayHavePsci = kCoreStart == CoreStart::kPsci || kCoreStart == CoreStart::kOff;

void request_power_off() {
    if constexpr (kPowerOff.way == PowerOff::Way::kVexpress) {
        power::VexpressConfiguration<reg::Mmio>(soc_bus, kPowerOff.base).shut_down();
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
    if (!soc.start()) {
        print("hypmeter: the system's counter does not start: nothing can be timed\n");
        give_up();
    }
}

void reset_board() {
    drain_console();
    if constexpr (kMayHavePsci) {
        if (firmware_answers) {
            power::psci::call(power::psci::system_reset());
        }
    }
    if (machine().has_watchdog) {
        soc.reset_board();
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
