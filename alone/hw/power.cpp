#include "alone/hw/power.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/power/hw/psci.hpp"
#include "guest/abi/hypmeter_stamps.h"
#include "guest/board/alone/hw/surroundings.hpp"
#include "measure/guest_abi.hpp"

extern "C" std::uint32_t offer_call(std::uint32_t r0, std::uint32_t r1, std::uint32_t r2,
                                    std::uint32_t r3);

namespace hm::alone {

void power_off(Conduit conduit) {
    const auto off = power::psci::system_off();
    if (conduit == Conduit::kHvc) {
        (void)offer_call(static_cast<std::uint32_t>(off.function), 0, 0, 0);
    } else if (conduit == Conduit::kSmc) {
        (void)power::psci::call(off);
    }
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

bool offer_stamps(bool clock_is_pmu) {
    const auto stamps = reinterpret_cast<std::uint32_t>(__guest_base) + measure::kHypStampPage;
    const std::uint32_t clock = clock_is_pmu ? HYPMETER_CLOCK_PMCCNTR : HYPMETER_CLOCK_CNTVCT;
    return offer_call(HYPMETER_STAMPS_CALL, stamps, HYPMETER_STAMPS_VERSION, clock) ==
           HYPMETER_STAMPS_LEFT;
}

void refuse_stamps() {
    (void)offer_call(HYPMETER_STAMPS_CALL, 0, HYPMETER_STAMPS_VERSION, HYPMETER_CLOCK_CNTVCT);
}

}  // namespace hm::alone
