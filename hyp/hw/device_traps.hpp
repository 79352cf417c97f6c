#pragma once
// A guest's accesses to its emulated devices.

#include "hyp/core/devices.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// Serves the access that stage 2 refused from the table of the VM's devices, and steps over it;
/// false where no device is there, or the syndrome does not describe the access.
[[nodiscard]] bool access_device(Hsr hsr, TrapFrame& frame);

/// A load or a store of a word that the syndrome describes, refused at the second or third level of
/// stage 2: at the first, QEMU leaves something out of HPFAR (see whole_fault_page).
[[nodiscard]] constexpr bool is_plain_word(Hsr hsr) {
    constexpr auto shape = [](std::uint32_t size, std::uint32_t kind) {
        constexpr std::uint32_t kLowLevel = 2;  // and 3
        return AbortSyndrome{}
            .with(AbortSyndrome::kSas, size)
            .with(AbortSyndrome::kStatusKind, kind)
            .with(AbortSyndrome::kIsv, true)
            .with(AbortSyndrome::kLevel, kLowLevel)
            .raw;
    };
    constexpr std::uint32_t kMask = shape(0b11, 0b1111) | AbortSyndrome::mask(AbortSyndrome::kCm) |
                                    AbortSyndrome::mask(AbortSyndrome::kS1Ptw);
    constexpr std::uint32_t kWord = 2;  // log2 of its bytes
    return (hsr.raw & kMask) == shape(kWord, static_cast<std::uint32_t>(FaultKind::kTranslation));
}

/// A32 code on little-endian data.
[[nodiscard]] constexpr bool is_plain_code(cpu::Psr psr) {
    return !psr.get(cpu::Psr::kT) && !psr.get(cpu::Psr::kE);
}

/// Whether this is an access of the word at `at`. One comparison less than one for each.
[[nodiscard]] constexpr bool is_word_at(std::uint32_t offset, std::uint32_t bytes,
                                        std::uint32_t at) {
    return ((offset ^ at) | (bytes ^ 4)) == 0;
}

/// The emulated devices, as rows of that table.
[[nodiscard]] Device distributor_at(mmu::Ipa base);
/// One page with one register, at offset 0, which keeps the word that is written: what an exit to a
/// device costs that does nothing.
[[nodiscard]] Device test_device_at(mmu::Ipa base);

}  // namespace hm::hyp
