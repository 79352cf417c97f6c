#pragma once
// Faults of stage 2 in memory that is mapped when it is touched.

#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

struct Vm;

/// Maps the page that stage 2 refused, or its whole window; false where that is not the fault, or
/// the tables are full. PMCCNTR between the store of the entry and its becoming visible goes to
/// `written`, if that is not null.
[[nodiscard]] bool map_on_demand(Hsr hsr, std::uint32_t* written);

/// The same for a fault of translation in `frame`, which is `offset` pages behind the first of the
/// demand range of `vm`.
[[nodiscard, gnu::noinline]] bool map_demanded(Vm& vm, std::uint32_t frame, std::uint32_t offset,
                                               std::uint32_t* written);

}  // namespace hm::hyp
