#pragma once
// What the paper says about the response to a timer (IPSJ SIG Technical Report Vol. 2014-SLDM-165
// No. 37): an Arndale board, Linux 3.8 as host and as guest of KVM/ARM, cyclictest 0.87, 120,000
// wake-ups 30 ms apart, in microseconds.

namespace hm::host::paper {

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

}  // namespace hm::host::paper
