#pragma once
// What a chase left in the RAMs of the TLBs: how many entries of each kind, and some of them.

#include "host/report/section.hpp"

namespace hm::host {

[[nodiscard]] std::string tlb_text(const GroupedResults& run, Verbosity verbosity,
                                   std::size_t width);

}  // namespace hm::host
