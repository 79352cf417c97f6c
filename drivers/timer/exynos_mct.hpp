#pragma once
// The multi-core timer of Samsung's Exynos SoCs. Only its global free-running counter is used: on
// Exynos 5250 the architected counter runs only while this one runs. Registers are those
// of Linux, drivers/clocksource/exynos_mct.c (EXYNOS4_MCT_G_*), and of QEMU,
// hw/timer/exynos4210_mct.c.

#include <cstdint>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::timer {

/// Offsets of the counter's halves. They are never written: Linux and U-Boot may rely on the count.
namespace mct {
inline constexpr std::uint32_t kCountLow = 0x100;   // G_CNT_L
inline constexpr std::uint32_t kCountHigh = 0x104;  // G_CNT_U
}  // namespace mct

struct MctControl : reg::Layout<MctControl> {  // G_TCON; bits 7:0 belong to comparators
    static constexpr std::uint32_t kOffset = 0x240;
    static constexpr reg::Field<8> kStart{};
};
struct MctWriteStatus : reg::Layout<MctWriteStatus> {  // G_WSTAT: written with 1 to clear
    static constexpr std::uint32_t kOffset = 0x24C;
    static constexpr reg::Field<16> kControlWritten{};
};

template <reg::Bus B>
class ExynosMct {
  public:
    /// How often G_WSTAT is read: Linux gives a write one millisecond to arrive, and reading a
    /// device takes about 100 ns.
    static constexpr std::uint32_t kPolls = 10'000;

    constexpr ExynosMct(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// Starts the counter from its present value; false if the timer does not accept the write.
    [[nodiscard]] bool start() {
        const auto control = MctControl::from(bus_.read(base_ + MctControl::kOffset));
        if (control.get(MctControl::kStart)) {
            return true;
        }
        bus_.write(base_ + MctControl::kOffset, control.with(MctControl::kStart, true).raw);
        for (std::uint32_t poll = 0; poll < kPolls; ++poll) {
            const auto status = MctWriteStatus::from(bus_.read(base_ + MctWriteStatus::kOffset));
            if (status.get(MctWriteStatus::kControlWritten)) {
                bus_.write(base_ + MctWriteStatus::kOffset,
                           MctWriteStatus{}.with(MctWriteStatus::kControlWritten, true).raw);
                return true;
            }
        }
        return false;
    }

    /// All 64 bits. Read again if the high half changed meanwhile.
    [[nodiscard]] std::uint64_t count() {
        std::uint32_t high = bus_.read(base_ + mct::kCountHigh);
        for (;;) {
            const std::uint32_t low = bus_.read(base_ + mct::kCountLow);
            const std::uint32_t again = bus_.read(base_ + mct::kCountHigh);
            if (again == high) {
                return (std::uint64_t{high} << 32) | low;
            }
            high = again;
        }
    }

  private:
    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::timer
