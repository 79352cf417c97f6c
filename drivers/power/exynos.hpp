#pragma once
// Reset, power and the second core of Samsung's Exynos SoCs, for boards whose firmware does not
// offer them. PMU means the power management unit here. Offsets: Linux,
// arch/arm/mach-exynos/regs-pmu.h (until 4.9; then include/linux/soc/samsung/exynos-regs-pmu.h),
// and QEMU, hw/misc/exynos4210_pmu.c.

#include <cstdint>

#include "drivers/power/plain_soc.hpp"
#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"
#include "drivers/timer/exynos_mct.hpp"

namespace hm::power {

/// SWRESET: U-Boot v2023.01 resets the board with it (arch/arm/mach-exynos/soc.c, reset_cpu).
struct PmuReset : reg::Layout<PmuReset> {
    static constexpr std::uint32_t kOffset = 0x400;
    static constexpr reg::Field<0> kSystem{};
};
/// ARM_CORE1_CONFIGURATION and ARM_CORE1_STATUS: all bits of the field are set if the core has
/// power (Linux, S5P_CORE_LOCAL_PWR_EN; arch/arm/mach-exynos/platsmp.c, exynos_boot_secondary).
struct PmuCore1Configuration : reg::Layout<PmuCore1Configuration> {
    static constexpr std::uint32_t kOffset = 0x2080;
    static constexpr reg::Field<1, 0> kPower{};
};
struct PmuCore1Status : reg::Layout<PmuCore1Status> {
    static constexpr std::uint32_t kOffset = 0x2084;
    static constexpr reg::Field<1, 0> kPower{};
};
/// PS_HOLD_CONTROL: the pin that holds the board's supply (U-Boot v2023.01,
/// arch/arm/mach-exynos/power.c, exynos5_set_ps_hold_ctrl).
struct PmuPowerHold : reg::Layout<PmuPowerHold> {
    static constexpr std::uint32_t kOffset = 0x330C;
    static constexpr reg::Field<8> kHigh{};
};

/// WTCON (Linux, drivers/watchdog/s3c2410_wdt.c): each bit, if set, enables what it is named after.
struct WatchdogControl : reg::Layout<WatchdogControl> {
    static constexpr std::uint32_t kOffset = 0x00;
    static constexpr reg::Field<5> kEnable{};
    static constexpr reg::Field<2> kInterrupt{};
    static constexpr reg::Field<0> kReset{};
};

/// The addresses of these blocks in a SoC.
struct ExynosBlocks {
    std::uint32_t pmu;
    std::uint32_t watchdog;
    std::uint32_t boot_word;  ///< where the second core looks for its entry: on Exynos 5250 the
                              ///< start of SYSRAM (platsmp.c, cpu_boot_reg_base)
    std::uint32_t timer = 0;  ///< MCT
};

template <reg::Bus B>
class Exynos : public PlainSoc<B> {
  public:
    /// How often the status of the second core is read: Linux gives it ten milliseconds, and
    /// reading a device takes about 100 ns.
    static constexpr std::uint32_t kPolls = 100'000;

    constexpr Exynos(B& bus, const ExynosBlocks& blocks) : bus_(bus), blocks_(blocks) {}

    /// Without the MCT, CNTPCT and CNTVCT stand still (Linux, drivers/clocksource/exynos_mct.c,
    /// "MCT is used by the arch timer").
    [[nodiscard]] bool start() {
        stop_watchdog();
        return timer::ExynosMct<B>(bus_, blocks_.timer).start();
    }

    void stop_watchdog() {
        bus_.write(blocks_.watchdog + WatchdogControl::kOffset, WatchdogControl{}.raw);
    }

    /// Returns before the reset happens: the caller waits.
    void reset_board() {
        bus_.write(blocks_.pmu + PmuReset::kOffset, PmuReset{}.with(PmuReset::kSystem, true).raw);
    }

    /// Releases the supply. What happens then depends on the board: it may stay on while somebody
    /// presses its power key. Returns, as reset_board does.
    void power_off() {
        const auto hold = PmuPowerHold::from(bus_.read(blocks_.pmu + PmuPowerHold::kOffset));
        bus_.write(blocks_.pmu + PmuPowerHold::kOffset, hold.with(PmuPowerHold::kHigh, false).raw);
    }

    [[nodiscard]] bool cpu1_is_powered() {
        const auto status = PmuCore1Status::from(bus_.read(blocks_.pmu + PmuCore1Status::kOffset));
        return status.get(PmuCore1Status::kPower) == kPowered;
    }

    /// Does nothing if the core has power already; false if it does not come up.
    [[nodiscard]] bool power_up_cpu1() {
        if (cpu1_is_powered()) {
            return true;
        }
        bus_.write(blocks_.pmu + PmuCore1Configuration::kOffset,
                   PmuCore1Configuration{}.with(PmuCore1Configuration::kPower, kPowered).raw);
        for (std::uint32_t poll = 0; poll < kPolls; ++poll) {
            if (cpu1_is_powered()) {
                return true;
            }
        }
        return false;
    }

    /// Sets where the second core begins. The caller then needs a barrier, and an event or an
    /// interrupt to wake the core.
    void set_boot_word(std::uint32_t entry) { bus_.write(blocks_.boot_word, entry); }

    [[nodiscard]] bool set_way_out_of_loader(std::uint32_t entry) {
        if (!power_up_cpu1()) {
            return false;
        }
        set_boot_word(entry);
        return true;
    }

  private:
    static constexpr std::uint32_t kPowered = 3;

    B& bus_;
    ExynosBlocks blocks_;
};

}  // namespace hm::power
