#include "board/hw/start.hpp"

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "drivers/power/exynos.hpp"
#include "drivers/power/hw/psci.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "drivers/timer/exynos_mct.hpp"

namespace hm {

constinit MachineFacts recognised_machine = board::kMachines[0];

namespace board {

void start_board() {
    if constexpr (board::kMachines.size() > 1) {
        recognised_machine = *recognise();
    }
    if constexpr (board::kExynos) {
        reg::Mmio bus;
        power::Exynos<reg::Mmio>(bus, board::kExynos->blocks).stop_watchdog();
        // Without it CNTPCT and CNTVCT stand still (Linux, drivers/clocksource/exynos_mct.c, "MCT
        // is used by the arch timer").
        if (!timer::ExynosMct<reg::Mmio>(bus, board::kExynos->timer).start()) {
            print("hypmeter: the system timer (MCT) does not start: nothing can be timed\n");
            power_off(1);
        }
    }
}

void reset_board(bool has_firmware) {
    drain_console();
    if constexpr (board::kExynos) {
        reg::Mmio bus;
        power::Exynos<reg::Mmio>(bus, board::kExynos->blocks).reset_board();
    } else if constexpr (board::kCoreStart == board::CoreStart::kPsci) {
        if (has_firmware) {
            power::psci::call(power::psci::system_reset());
        }
    }
}

}  // namespace board
}  // namespace hm
