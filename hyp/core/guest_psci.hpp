#pragma once
// PSCI 1.0 as a guest calls it, by HVC #0. ARM DEN 0022D.b, chapter 5.

#include <cstdint>
#include <span>

#include "drivers/cpu/registers.hpp"

namespace hm::hyp {

inline constexpr std::uint32_t kPsciVersion = 0x0001'0000;  ///< 1.0 (5.3)

/// Of a virtual CPU.
enum class CpuPower : std::uint8_t {
    kOn,
    kOff,
    kOnPending,  ///< it was turned on, and has not begun to run
    kGoesOff,    ///< it has turned itself off, but its core cannot run it again yet
};

enum class AfterPsci : std::uint8_t {
    kGoesOn,    ///< the guest goes on, with `value` in r0
    kTurnsOn,   ///< the same, once the CPU of `start` is turned on
    kTurnsOff,  ///< the CPU that called is off, and another is not
    kIsOff,     ///< the whole machine is off
    kIsReset,
};

/// How a virtual CPU begins (5.6): in the mode of the caller, with its MMU and caches off and
/// interrupts masked, in Thumb where bit 0 of `entry` is set.
struct CpuStart {
    std::uint32_t cpu = 0;      ///< which one
    std::uint32_t entry = 0;    ///< IPA
    std::uint32_t context = 0;  ///< for r0
    friend constexpr bool operator==(CpuStart, CpuStart) = default;
};

struct PsciResult {
    std::int32_t value = 0;
    AfterPsci after = AfterPsci::kGoesOn;
    CpuStart start{};
    friend constexpr bool operator==(const PsciResult&, const PsciResult&) = default;
};

/// The virtual CPUs of a VM, as a call finds them.
struct PsciCpus {
    cpu::Mpidr first;                 ///< what CPU 0 reads from MPIDR
    std::span<const CpuPower> power;  ///< of each
    std::uint32_t self = 0;           ///< the one that calls
};

/// What virtual CPU `index` of a VM with `count` of them reads from MPIDR. `first`: the MPIDR of
/// the core that the first one runs on (ARM DDI 0406C.d, B4.1.106).
[[nodiscard]] constexpr cpu::Mpidr mpidr_of(cpu::Mpidr first, std::uint32_t index,
                                            std::uint32_t count) {
    return count == 1 ? first
                      : first.with(cpu::Mpidr::kUniprocessor, false).with(cpu::Mpidr::kAff0, index);
}

/// `arguments`: r0 to r3. A function that is not known is NOT_SUPPORTED, as any call by SMCCC is
/// (ARM DEN 0028B, 5.2).
[[nodiscard]] PsciResult call_psci(std::span<const std::uint32_t, 4> arguments,
                                   const PsciCpus& cpus);

}  // namespace hm::hyp
