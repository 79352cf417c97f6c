#pragma once
// The monitor's time: ticks of CNTPCT, which no guest can change.

#include <cstdint>

namespace hm::hyp {

/// Later than any time.
inline constexpr std::uint64_t kNever = UINT64_MAX;

}  // namespace hm::hyp
