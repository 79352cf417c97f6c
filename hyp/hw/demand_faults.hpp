#pragma once
// Faults of stage 2 in memory that is mapped when it is touched.

#include "hyp/core/syndrome.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

/// Of an abort of a lower mode.
[[nodiscard]] constexpr bool is_translation_fault(Hsr hsr) {
    return AbortSyndrome::from(hsr.raw).get(AbortSyndrome::kStatusKind) ==
           static_cast<std::uint32_t>(FaultKind::kTranslation);
}

/// Maps the page `frame`, which stage 2 refused, where that is all there is to do: the fault is one
/// of translation, it maps no other page, and the page's table exists. False otherwise, and nothing
/// has happened. `stored`: as for Builder::map_page. It is counted, so it is inlined.
template <class Stored = mmu::NothingMore>
[[nodiscard, gnu::always_inline]] inline bool map_at_once(Vm& vm, Hsr hsr, std::uint32_t frame,
                                                          Stored&& stored = {}) {
    DemandFrames& demand = vm.demand;
    const std::uint32_t offset = frame - demand.first;
    // The address is a shift, since the compiler undoes it where the walk shifts back.
    if (offset >= demand.alone || !is_translation_fault(hsr) ||
        !vm.stage2->map_page_in_place({std::uint64_t{frame} << mmu::shift(mmu::Size::k4K)},
                                      demand.target_of(offset), kGuestMemory, stored)) {
        return false;
    }
    ++demand.faults;
    return true;
}

/// Maps the page that stage 2 refused, or its whole window; false where that is not the fault, or
/// the tables are full. PMCCNTR between the store of the entry and its becoming visible goes to
/// `written`, if that is not null.
[[nodiscard]] bool map_on_demand(Hsr hsr, std::uint32_t* written);

}  // namespace hm::hyp
