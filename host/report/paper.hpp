#pragma once
// What the paper says (IPSJ SIG Technical Report Vol. 2014-SLDM-165 No. 37): an Arndale board,
// Linux 3.8 as host and as guest of KVM/ARM.

namespace hm::host::paper {

// The response to a timer, in microseconds: cyclictest 0.87, 120,000 wake-ups 30 ms apart.

/// Table 6. The text of its section 7.2 has 119 and 276 for p95; the ratio is the same.
inline constexpr double kHostP95 = 108;
inline constexpr double kGuestP95 = 251;
inline constexpr double kHostMax = 185;
inline constexpr double kGuestMax = 8939;
inline constexpr double kTextHostP95 = 119;
inline constexpr double kTextGuestP95 = 276;

/// Of guest to host, as stated.
inline constexpr double kP95Ratio = 2.3;
inline constexpr double kMaxRatio = 48;

// Memory: LMbench 3.0-a9.

/// Table 4: a page fault, in microseconds.
inline constexpr double kHostFault = 2.40;
inline constexpr double kGuestFault = 2.38;

/// Table 5: a random read of 256 MB, in nanoseconds.
inline constexpr double kHostRandom = 122.30;
inline constexpr double kGuestRandom = 273.75;

/// Of guest to host, as stated.
inline constexpr double kRandomRatio = 2.24;

/// The paper's model: how much slower a program is if the part `miss_rate` of its accesses costs
/// `ratio` times as much.
[[nodiscard]] constexpr double slowdown(double ratio, double miss_rate) {
    return 1 * (1 - miss_rate) + ratio * miss_rate;
}
/// What the paper prints for 1 %, where its formula gives 1.0124.
inline constexpr double kPrintedSlowdown = 1.014;

}  // namespace hm::host::paper
