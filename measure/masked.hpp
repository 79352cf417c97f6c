#pragma once
// The longest stretch in which HYP kept interrupts masked. HYP runs with all of them masked, so
// that a stretch is one exit from a guest: it is what the monitor adds to somebody else's worst
// case.

#include <array>
#include <cstdint>
#include <string_view>

namespace hm::measure {

/// What took the guest to HYP: a synchronous exception, by the class in HSR (ARM DDI 0406C.d,
/// B3.13.6), or an interrupt.
enum class MaskedCause : std::uint32_t {
    kWait = 0x01,
    kCp15 = 0x03,
    kHypercall = 0x12,
    kPrefetchAbort = 0x20,
    kDataAbort = 0x24,
    // No class has more than six bits.
    kIrq = 0x40,
    kFiq = 0x41,
};

struct MaskedStretch {
    std::uint32_t ticks;  ///< PMCCNTR, from the first reading in the vector to the last
    std::uint32_t cause;  ///< MaskedCause, or another class of HSR
};

struct NamedCause {
    MaskedCause cause;
    std::string_view words;
};
inline constexpr std::array<NamedCause, 7> kMaskedCauses{{
    {MaskedCause::kWait, "WFI"},
    {MaskedCause::kCp15, "CP15 access"},
    {MaskedCause::kHypercall, "hypercall"},
    {MaskedCause::kPrefetchAbort, "prefetch abort"},
    {MaskedCause::kDataAbort, "data abort"},
    {MaskedCause::kIrq, "IRQ"},
    {MaskedCause::kFiq, "FIQ of the HYP timer"},
}};

}  // namespace hm::measure
