#pragma once
// What the guest alone is asked for: the words of every other run, and two of its own.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "measure/request.hpp"

namespace hm::alone {

/// Which clock it reads.
enum class ClockChoice : std::uint8_t {
    kCounter,             ///< CNTVCT, which every hypervisor gives
    kPerformanceMonitor,  ///< PMCCNTR, where that counts
};

/// What is run under, as its user names it, and what of the machine's text is not the request's.
struct AloneRequest {
    static constexpr std::size_t kMostName = 32;

    measure::Request request{};
    std::array<char, kMostName + 1> under{};  ///< ends with a zero; "unknown" if it is not said
    ClockChoice clock = ClockChoice::kCounter;
    std::string_view culprit{};  ///< the word that is wrong; empty: none is
};

/// Reads "under=NAME", "clock=counter" or "clock=pmu", and the words of measure::parse_request.
/// NAME: 1 to 32 letters, digits, and any of "._-". `culprit` points into `text`, or into words
/// that parse_request was given.
[[nodiscard]] AloneRequest parse_alone_request(std::string_view text);

}  // namespace hm::alone
