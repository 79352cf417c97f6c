#pragma once
// The CPU's own translation, asked for by address (ATS*, ARM DDI 0406C.d, B3.18.8).

#include <cstdint>
#include <optional>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/address.hpp"

namespace hm::cpu {

inline constexpr reg::Cp15 kAts12nsopr{0, 7, 8, 4};  ///< both stages, as PL1 reads
inline constexpr reg::Cp15 kAts12nsopw{0, 7, 8, 5};  ///< both stages, as PL1 writes
inline constexpr reg::Cp15 kAts12nsour{0, 7, 8, 6};  ///< both stages, as PL0 reads
inline constexpr reg::Cp15 kAts12nsouw{0, 7, 8, 7};  ///< both stages, as PL0 writes
inline constexpr reg::Cp15 kAts1cpr{0, 7, 8, 0};     ///< PL1's stage 1, a read
inline constexpr reg::Cp15 kAts1hr{4, 7, 8, 0};      ///< HYP's stage 1, a read
inline constexpr reg::Cp15 kAts1hw{4, 7, 8, 1};      ///< HYP's stage 1, a write

/// What the CPU translates `va` to, or nothing if it faults. PAR has the answer after an ISB
/// (ARM DDI 0406C.d, B3.15.5).
template <reg::Cp15 kOperation>
[[nodiscard]] inline std::optional<mmu::Pa> translate(mmu::Va va) {
    operate<kOperation>(static_cast<std::uint32_t>(va.value));
    isb();
    const Par par = read<Par>();
    if (par.get(Par::kFault)) {
        return std::nullopt;
    }
    const std::uint64_t offset = va.value % mmu::kFrameBytes;
    return mmu::Pa{(par.get(Par::kPageNumber) << mmu::shift(mmu::Size::k4K)) + offset};
}

}  // namespace hm::cpu
