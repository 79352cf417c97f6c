#pragma once
// Timer 3 of the PWM block of Samsung's Exynos SoCs, as a source of interrupts: its output is not
// used. U-Boot keeps its time with timer 4 (arch/arm/cpu/armv7/s5p-common/timer.c), which has
// fields in the same registers, so that these are read and changed. Registers are those of Linux,
// drivers/clocksource/samsung_pwm_timer.c and drivers/pwm/pwm-samsung.c; we have tried none of them
// on a board.

#include <cstdint>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"
#include "drivers/timer/spare_kind.hpp"

namespace hm::timer {

namespace pwm {
inline constexpr std::uint32_t kCount = 0x30;    // TCNTB3
inline constexpr std::uint32_t kCompare = 0x34;  // TCMPB3
}  // namespace pwm

struct PwmControl : reg::Layout<PwmControl> {  // TCON; of timer 3
    static constexpr std::uint32_t kOffset = 0x08;
    static constexpr reg::Field<19> kReload{};
    static constexpr reg::Field<17> kUpdate{};  ///< the counter takes TCNTB3
    static constexpr reg::Field<16> kStart{};
};
struct PwmInterrupts : reg::Layout<PwmInterrupts> {  // TINT_CSTAT
    static constexpr std::uint32_t kOffset = 0x44;
    static constexpr reg::Field<9, 5> kAllAsserted{};  ///< written with 1 to clear
    static constexpr reg::Field<8> kAsserted{};
    static constexpr reg::Field<3> kEnable{};
};

/// The timer counts from 1 to 0 once, which takes a tick or two of its clock.
template <reg::Bus B>
class ExynosPwm {
  public:
    constexpr ExynosPwm(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    void start() {
        bus_.write(base_ + pwm::kCount, 1);
        bus_.write(base_ + pwm::kCompare, 0);
        clear();
    }

    [[nodiscard]] RaisingWrite raising() const { return {base_ + PwmControl::kOffset, start_.raw}; }

    void clear() {
        const auto others = PwmControl::from(bus_.read(base_ + PwmControl::kOffset))
                                .with(PwmControl::kReload, false)
                                .with(PwmControl::kStart, false);
        bus_.write(base_ + PwmControl::kOffset, others.with(PwmControl::kUpdate, true).raw);
        start_ = others.with(PwmControl::kUpdate, false).with(PwmControl::kStart, true);
        const auto interrupts = PwmInterrupts::from(bus_.read(base_ + PwmInterrupts::kOffset))
                                    .with(PwmInterrupts::kAllAsserted, 0)
                                    .with(PwmInterrupts::kEnable, true);
        bus_.write(base_ + PwmInterrupts::kOffset,
                   interrupts.with(PwmInterrupts::kAsserted, true).raw);
        while (PwmInterrupts::from(bus_.read(base_ + PwmInterrupts::kOffset))
                   .get(PwmInterrupts::kAsserted)) {
        }
    }

  private:
    B& bus_;
    std::uint32_t base_;
    PwmControl start_{};  ///< what starts the timer
};

}  // namespace hm::timer
