#pragma once
// Reset, power and the other cores of Allwinner's H3 and its relatives, for an entry after which no
// firmware offers them. Registers and their order: U-Boot v2023.01, arch/arm/cpu/armv7/sunxi/psci.c
// (psci_cpu_on, sunxi_power_switch), arch/arm/include/asm/arch-sunxi/cpucfg.h, prcm.h and
// watchdog.h, and arch/arm/mach-sunxi/board.c (reset_cpu).

#include <cstdint>

#include "drivers/power/plain_soc.hpp"
#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::power {

/// The watchdog's registers: it restarts at a write with the key in it.
struct SunxiWatchdogControl : reg::Layout<SunxiWatchdogControl> {
    static constexpr std::uint32_t kOffset = 0x10;
    static constexpr std::uint32_t kTheKey = 0xA57;
    static constexpr reg::Field<12, 1> kKey{};
    static constexpr reg::Field<0> kRestart{};
};
enum class SunxiWatchdogTarget : std::uint32_t { kWholeSystem = 1, kInterruptOnly = 2 };
struct SunxiWatchdogConfiguration : reg::Layout<SunxiWatchdogConfiguration> {
    static constexpr std::uint32_t kOffset = 0x14;
    static constexpr reg::Field<1, 0, SunxiWatchdogTarget> kTarget{};
};
struct SunxiWatchdogMode : reg::Layout<SunxiWatchdogMode> {
    static constexpr std::uint32_t kOffset = 0x18;
    static constexpr reg::Field<7, 4> kInterval{};  ///< 0: half a second
    static constexpr reg::Field<0> kEnable{};
};

/// CPUCFG: one reset register for each core; the others have a bit for each core.
struct SunxiCoreReset : reg::Layout<SunxiCoreReset> {
    static constexpr std::uint32_t kOffset = 0x40;
    static constexpr std::uint32_t kStride = 0x40;
    static constexpr reg::Field<1> kCoreRuns{};
    static constexpr reg::Field<0> kPowerOnRuns{};  ///< power-on reset is not asserted
};
struct SunxiGeneralControl : reg::Layout<SunxiGeneralControl> {
    static constexpr std::uint32_t kOffset = 0x184;
    static constexpr reg::Field<3, 0> kKeepsL1{};  ///< its reset does not invalidate the L1 caches
};
struct SunxiEntry : reg::Layout<SunxiEntry> {  ///< where the boot ROM sends a core other than 0
    static constexpr std::uint32_t kOffset = 0x1A4;
};
struct SunxiDebugControl : reg::Layout<SunxiDebugControl> {
    static constexpr std::uint32_t kOffset = 0x1E4;
    static constexpr reg::Field<3, 0> kAllowed{};  ///< an external debugger may reach the core
};

/// PRCM: the gates of the cores' power, and one clamp for each core that limits its current.
struct SunxiPowerGates : reg::Layout<SunxiPowerGates> {
    static constexpr std::uint32_t kOffset = 0x100;
    static constexpr reg::Field<3, 0> kOff{};
};
struct SunxiPowerClamp : reg::Layout<SunxiPowerClamp> {
    static constexpr std::uint32_t kOffset = 0x140;
    static constexpr std::uint32_t kStride = 4;
    static constexpr reg::Field<7, 0> kClosed{};
};

/// The addresses of these blocks in a SoC.
struct SunxiBlocks {
    std::uint32_t watchdog, cpucfg, prcm;
};

template <reg::Bus B>
class Sunxi : public PlainSoc<B> {
  public:
    constexpr Sunxi(B& bus, const SunxiBlocks& blocks) : bus_(bus), blocks_(blocks) {}

    /// Returns half a second before the reset happens: the caller waits.
    void reset_board() {
        bus_.write(blocks_.watchdog + SunxiWatchdogConfiguration::kOffset,
                   SunxiWatchdogConfiguration{}
                       .with(SunxiWatchdogConfiguration::kTarget, SunxiWatchdogTarget::kWholeSystem)
                       .raw);
        bus_.write(blocks_.watchdog + SunxiWatchdogMode::kOffset,
                   SunxiWatchdogMode{}.with(SunxiWatchdogMode::kEnable, true).raw);
        bus_.write(blocks_.watchdog + SunxiWatchdogControl::kOffset,
                   SunxiWatchdogControl{}
                       .with(SunxiWatchdogControl::kKey, SunxiWatchdogControl::kTheKey)
                       .with(SunxiWatchdogControl::kRestart, true)
                       .raw);
    }

    /// Holds `core`, which is off, in reset, and says where it is to begin. Then it needs power, if
    /// it has none, and its release.
    void hold(std::uint32_t core, std::uint32_t entry) {
        bus_.write(blocks_.cpucfg + SunxiEntry::kOffset, entry);
        bus_.write(reset_of(core), SunxiCoreReset{}.raw);
        clear<SunxiGeneralControl>(blocks_.cpucfg, core);
    }

    /// An external debugger may not disturb the core while it gets power.
    void forbid_debug(std::uint32_t core) { clear<SunxiDebugControl>(blocks_.cpucfg, core); }
    void allow_debug(std::uint32_t core) {
        const std::uint32_t debug = blocks_.cpucfg + SunxiDebugControl::kOffset;
        bus_.write(debug, bus_.read(debug) | 1U << core);
    }

    /// Opens the clamp by halves, so that the current grows slowly, and then the gate. `settle` is
    /// called in between, and waits for ten milliseconds.
    template <class Settle>
    void give_power(std::uint32_t core, Settle&& settle) {
        const std::uint32_t clamp =
            blocks_.prcm + SunxiPowerClamp::kOffset + core * SunxiPowerClamp::kStride;
        for (std::uint32_t closed = SunxiPowerClamp::mask(SunxiPowerClamp::kClosed); closed != 0;
             closed >>= 1) {
            bus_.write(clamp, closed);
        }
        bus_.write(clamp, 0);
        settle();
        clear<SunxiPowerGates>(blocks_.prcm, core);
    }

    /// It begins.
    void release(std::uint32_t core) {
        bus_.write(reset_of(core), SunxiCoreReset{}
                                       .with(SunxiCoreReset::kCoreRuns, true)
                                       .with(SunxiCoreReset::kPowerOnRuns, true)
                                       .raw);
    }

    /// An emulator's cores need no power, only their release.
    [[nodiscard]] static constexpr bool starts_cores(bool /*has_power_control*/) { return true; }

    template <class Settle>
    [[nodiscard]] bool start_core(std::uint32_t core, std::uint32_t entry, bool has_power_control,
                                  Settle&& settle) {
        hold(core, entry);
        if (has_power_control) {
            forbid_debug(core);
            give_power(core, settle);
        }
        release(core);
        if (has_power_control) {
            allow_debug(core);
        }
        return true;
    }

  private:
    [[nodiscard]] std::uint32_t reset_of(std::uint32_t core) const {
        return blocks_.cpucfg + SunxiCoreReset::kOffset + core * SunxiCoreReset::kStride;
    }
    /// A register with a bit for each core.
    template <class R>
    void clear(std::uint32_t block, std::uint32_t core) {
        bus_.write(block + R::kOffset, bus_.read(block + R::kOffset) & ~(1U << core));
    }

    B& bus_;
    SunxiBlocks blocks_;
};

}  // namespace hm::power
