#pragma once
// The types in which a board.hpp describes its board.

#include <cstdint>

#include "drivers/gic/gic_layout.hpp"
#include "drivers/mmu/address.hpp"
#include "drivers/timer/spare_kind.hpp"

namespace hm::board {

/// Private interrupts. Cortex-A15's own GIC has fixed numbers for them (TRM, "Interrupt sources"),
/// and a GIC-400 has the same (Linux, arch/arm/boot/dts/sunxi-h3-h5.dtsi).
inline constexpr gic::IntId kMaintenanceInterrupt = 25;
inline constexpr gic::IntId kHypTimerInterrupt = 26;
inline constexpr gic::IntId kVirtualTimerInterrupt = 27;

/// The second core's affinity in MPIDR: the other one of the first cluster.
inline constexpr std::uint32_t kSecondCore = 0x0000'0001;

/// How the second core is held until it is needed.
enum class CoreStart : std::uint8_t {
    kPsci,    ///< firmware starts it (ARM DEN 0022D.b)
    kPen,     ///< it enters the image with the first core, and waits in reset.S
    kLoader,  ///< in a loader, which it leaves where the SoC says so; then in reset.S too
    /// It is off. Firmware holds it if that knows AFFINITY_INFO; else it is started once, by
    /// firmware or by the SoC's registers, and then waits in reset.S.
    kOff,
};

/// How the machine is turned off at the end of a run.
struct PowerOff {
    enum class Way : std::uint8_t {
        kNone,      ///< it waits for ever; the host ends it, or its user
        kPsci,      ///< by firmware, if it answers SMC (ARM DEN 0022D.b, 5.10)
        kVexpress,  ///< by the motherboard's configuration controller
    };
    Way way = Way::kNone;
    std::uint32_t base = 0;  ///< of the motherboard's system registers
};

/// A timer of the machine that neither monitor nor firmware uses: a VM can have it to itself.
struct SpareTimer {
    timer::SpareKind kind;
    std::uint32_t base;
    gic::IntId interrupt;  ///< a shared one, level-sensitive
};

/// Registers that HYP maps for itself, in addition to those of UART and GIC.
struct Device {
    std::uint32_t base, bytes;
};

/// Memory of the machine that runs, as a device tree reports it.
using Ram = mmu::Range<mmu::Pa>;

/// `ram` without its last `bytes`; empty if it has no more.
[[nodiscard]] constexpr Ram without_end(const Ram& ram, std::uint64_t bytes) {
    return {ram.begin, ram.bytes > bytes ? ram.bytes - bytes : 0};
}

/// Ticks of the counter in a second: `cntfrq`, CNTFRQ as it reads, unless no loader has set it;
/// then what the board knows. 0: neither is known.
[[nodiscard]] constexpr std::uint32_t counter_frequency(std::uint32_t cntfrq, std::uint32_t known) {
    return cntfrq != 0 ? cntfrq : known;
}

/// Memory of a machine that gives no device tree.
struct KnownRam {
    std::uint64_t base, bytes;
    /// What one of the board's relatives may have: the loader lies at the end of it. 0: no more.
    std::uint64_t most_bytes = 0;
};

}  // namespace hm::board
