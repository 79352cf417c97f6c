#pragma once
// PSCI 1.0 as a guest with one virtual CPU calls it, by HVC #0. ARM DEN 0022D.b, chapter 5.

#include <cstdint>
#include <span>

#include "drivers/cpu/registers.hpp"

namespace hm::hyp {

inline constexpr std::uint32_t kPsciVersion = 0x0001'0000;  ///< 1.0 (5.3)

enum class AfterPsci : std::uint8_t { kGoesOn, kIsOff, kIsReset };

struct PsciResult {
    std::int32_t value = 0;  ///< for r0, where the guest goes on
    AfterPsci after = AfterPsci::kGoesOn;
    friend constexpr bool operator==(PsciResult, PsciResult) = default;
};

/// `arguments`: r0 to r3. `self`: the MPIDR of the CPU that calls. A function that is not known is
/// NOT_SUPPORTED, as any call by SMCCC is (ARM DEN 0028B, 5.2).
[[nodiscard]] PsciResult call_psci(std::span<const std::uint32_t, 4> arguments, cpu::Mpidr self);

}  // namespace hm::hyp
