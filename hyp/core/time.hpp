#pragma once
// The monitor's time: ticks of CNTPCT, which no guest can change.

#include <cstdint>

namespace hm::hyp {

/// Later than any time.
inline constexpr std::uint64_t kNever = UINT64_MAX;

/// The counter does not reach this: it has 56 bits or more, and takes 40 years at least until it
/// begins again (ARM DDI 0406C.d, B8.1.1).
inline constexpr std::uint64_t kEndOfTime = std::uint64_t{1} << 63;

/// The longest stretch that is counted with: none that begins before kEndOfTime wraps around.
inline constexpr std::uint64_t kLongest = std::uint64_t{1} << 62;

/// `since` ticks later than `time`, or kNever if that is later than 64 bits can say.
[[nodiscard]] constexpr std::uint64_t later(std::uint64_t time, std::uint64_t since) {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(time, since, &sum) ? kNever : sum;
}

}  // namespace hm::hyp
