#pragma once
// Reset, power and the second core of NXP's i.MX7D, for an entry after which no firmware offers
// them. Registers and their order: U-Boot v2023.01, arch/arm/mach-imx/mx7/psci-mx7.c (psci_cpu_on,
// imx_gpcv2_set_core_power, imx_enable_cpu_ca7, psci_system_reset), include/fsl_wdog.h and
// drivers/watchdog/imx_watchdog.c.

#include <cstdint>

#include "drivers/power/plain_soc.hpp"
#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::power {

/// WDOG's WCR. Its two reset signals are active low.
struct ImxWatchdogControl : reg::Layout<ImxWatchdogControl> {
    static constexpr std::uint32_t kOffset = 0x00;
    static constexpr reg::Field<5> kNoExternalReset{};  ///< WDA
    static constexpr reg::Field<4> kNoSystemReset{};    ///< SRS
    static constexpr reg::Field<2> kEnable{};
};

/// SRC: which cores are out of reset, and where the boot ROM sends each.
struct Imx7CoreEnable : reg::Layout<Imx7CoreEnable> {  // A7RCR1; a bit for each core
    static constexpr std::uint32_t kOffset = 0x008;
};
struct Imx7CoreEntry : reg::Layout<Imx7CoreEntry> {  // GPR1; an entry and an argument for each core
    static constexpr std::uint32_t kOffset = 0x074;
    static constexpr std::uint32_t kStride = 8;
};

/// GPC: who has asked for a core's power, a bit for each core that is cleared once it has it; and
/// whether the core's power switch heeds that.
struct Imx7PowerUp : reg::Layout<Imx7PowerUp> {  // CPU_PGC_SW_PUP_REQ
    static constexpr std::uint32_t kOffset = 0x0f0;
};
struct Imx7CorePower : reg::Layout<Imx7CorePower> {  // PGC_C0
    static constexpr std::uint32_t kOffset = 0x800;
    static constexpr std::uint32_t kStride = 0x40;
    static constexpr reg::Field<0> kSwitches{};
};

/// The addresses of these blocks in the SoC.
struct Imx7Blocks {
    std::uint32_t watchdog, src, gpc;
};

template <reg::HalfwordBus B>
class Imx7 : public PlainSoc<B> {
  public:
    /// How often the request for power is read, which takes about 100 ns each time.
    static constexpr std::uint32_t kPolls = 100'000;

    constexpr Imx7(B& bus, const Imx7Blocks& blocks) : bus_(bus), blocks_(blocks) {}

    /// Three times, because of an erratum (imx_watchdog.c: ERR004346). Registers have 16 bits.
    void reset_board() {
        const auto at_once = ImxWatchdogControl{}
                                 .with(ImxWatchdogControl::kNoExternalReset, false)
                                 .with(ImxWatchdogControl::kNoSystemReset, false)
                                 .with(ImxWatchdogControl::kEnable, true);
        for (int time = 0; time < 3; ++time) {
            bus_.write_halfword(blocks_.watchdog + ImxWatchdogControl::kOffset,
                                static_cast<std::uint16_t>(at_once.raw));
        }
    }

    [[nodiscard]] static constexpr bool starts_cores(bool has_power_control) {
        return has_power_control;
    }

    template <class Settle>
    [[nodiscard]] bool start_core(std::uint32_t core, std::uint32_t entry,
                                  bool /*has_power_control*/, Settle&& /*settle*/) {
        bus_.write(blocks_.src + Imx7CoreEntry::kOffset + core * Imx7CoreEntry::kStride, entry);
        if (!give_power(core)) {
            return false;
        }
        set(blocks_.src + Imx7CoreEnable::kOffset, core);
        return true;
    }

  private:
    [[nodiscard]] bool give_power(std::uint32_t core) {
        const std::uint32_t request = blocks_.gpc + Imx7PowerUp::kOffset;
        const std::uint32_t power =
            blocks_.gpc + Imx7CorePower::kOffset + core * Imx7CorePower::kStride;
        bus_.write(power, Imx7CorePower{}.with(Imx7CorePower::kSwitches, true).raw);
        set(request, core);
        std::uint32_t poll = 0;
        while ((bus_.read(request) & 1U << core) != 0 && poll < kPolls) {
            ++poll;
        }
        bus_.write(power, Imx7CorePower{}.raw);
        return poll < kPolls;
    }
    /// A register with a bit for each core.
    void set(std::uint32_t address, std::uint32_t core) {
        bus_.write(address, bus_.read(address) | 1U << core);
    }

    B& bus_;
    Imx7Blocks blocks_;
};

}  // namespace hm::power
