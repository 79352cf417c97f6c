#pragma once
// The parameters of the model of a core: what each is, and what it may be. The values of a core are
// in modelled_core.hpp, as ranges where no source gives one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hm::host {

enum class Parameter : std::uint8_t {
    kClockMhz,
    kL1Bytes,
    kL1Ways,
    kL1Random,
    kL2Bytes,
    kL2Ways,
    kL2Random,
    kL2HoldsL1,
    kPrefetchLines,
    kPrefetchAfter,
    kL1TlbEntries,
    kL2TlbEntries,
    kL2TlbWays,
    kL2TlbRandom,
    kTlbHoldsIpa,
    kStage1WalkEntries,
    kStage1WalkSets,
    kStage1WalkLastOnly,
    kStage1WalkHoldsPa,
    kStage2WalkEntries,
    kIpaEntries,
    kIpaSets,
    kIpaHoldsPages,
    kWalkLooksInL1,
    kWalkPrefetchLines,
    kWalkerCacheBytes,
    kWalkerCacheWays,
    kL1Cycles,
    kL2Cycles,
    kRamNs,
    kL1TlbMissCycles,
    kWalkCycles,
    kStage2WalkCycles,
    kWalkL1Cycles,
    kWalkL2Cycles,
    kWalkRamNs,
};
inline constexpr std::size_t kParameters = 36;

/// What a parameter's values are.
enum class ParameterKind : std::uint8_t {
    kNumber,
    kFlag,   ///< 0 or 1
    kPower,  ///< a power of two
};

/// CoreValues from `low` to `high`; one value if they are equal.
struct Bounds {
    double low = 0;
    double high = 0;

    [[nodiscard]] constexpr bool is_known() const { return low == high; }

    friend constexpr bool operator==(const Bounds&, const Bounds&) = default;
};

struct ParameterInfo {
    Parameter parameter;
    std::string_view name;  ///< as a file names it
    std::string_view meaning;
    std::string_view unit;  ///< empty for flags and plain counts
    ParameterKind kind;
    bool shapes;   ///< decides what hits and what misses; else it only weighs the counts
    Bounds valid;  ///< what it may be on any core
};

/// Indexed by Parameter.
[[nodiscard]] std::span<const ParameterInfo, kParameters> parameter_infos();
[[nodiscard]] const ParameterInfo& info_of(Parameter parameter);

/// Whether nothing at all is known of it: a latency that may have every valid value. A flag that
/// may be either is a range.
[[nodiscard]] bool is_open(const ParameterInfo& info, const Bounds& bounds);

/// "16", "0..64", "no or yes", "6..10 cycles"; "not known" for a latency that may be anything.
[[nodiscard]] std::string bounds_text(const ParameterInfo& info, const Bounds& bounds);

}  // namespace hm::host
