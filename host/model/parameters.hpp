#pragma once
// The parameters of the model of a core, as data: what each is, where its value comes from, and a
// range where no source gives a value.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

enum class Parameter : std::uint8_t {
    kClockMhz,
    kL1Bytes,
    kL1Ways,
    kL1Random,
    kL2Bytes,
    kL2Ways,
    kL2Random,
    kPrefetchLines,
    kL1TlbEntries,
    kL2TlbEntries,
    kL2TlbWays,
    kL2TlbRandom,
    kStage1WalkEntries,
    kStage1WalkHoldsPa,
    kStage2WalkEntries,
    kIpaEntries,
    kIpaHoldsPages,
    kWalkLooksInL1,
    kWalkPrefetches,
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
inline constexpr std::size_t kParameters = 28;

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
    Bounds usual;  ///< of a Cortex-A15 in an Exynos 5250
    Bounds valid;  ///< what may be said instead
    std::string_view source;
};

/// Indexed by Parameter.
[[nodiscard]] std::span<const ParameterInfo, kParameters> parameter_infos();
[[nodiscard]] const ParameterInfo& info_of(Parameter parameter);

/// A value for each parameter.
class CoreValues {
  public:
    [[nodiscard]] double operator[](Parameter parameter) const {
        return values_[static_cast<std::size_t>(parameter)];
    }
    [[nodiscard]] bool flag(Parameter parameter) const { return (*this)[parameter] != 0; }
    [[nodiscard]] unsigned count(Parameter parameter) const {
        return static_cast<unsigned>((*this)[parameter]);
    }
    void set(Parameter parameter, double value) {
        values_[static_cast<std::size_t>(parameter)] = value;
    }

    friend auto operator<=>(const CoreValues&, const CoreValues&) = default;

  private:
    std::array<double, kParameters> values_{};
};

/// All parameters with their ranges.
class Model {
  public:
    /// A Cortex-A15 in an Exynos 5250.
    Model();

    [[nodiscard]] const Bounds& operator[](Parameter parameter) const {
        return bounds_[static_cast<std::size_t>(parameter)];
    }
    void set(Parameter parameter, Bounds bounds) {
        bounds_[static_cast<std::size_t>(parameter)] = bounds;
    }

    /// The parameters whose value is not known, of those that shape what hits, or that weigh it.
    [[nodiscard]] std::vector<Parameter> unknowns(bool shapes) const;
    /// Every combination of the ends of these parameters' ranges, the others at their low end.
    /// Entry c has the high end of parameter i where bit i of c is set.
    [[nodiscard]] std::vector<CoreValues> corners(const std::vector<Parameter>& of) const;

    friend bool operator==(const Model&, const Model&) = default;

  private:
    std::array<Bounds, kParameters> bounds_{};
};

/// "16", "none", "0..64 entries", "no or yes"
[[nodiscard]] std::string bounds_text(const ParameterInfo& info, const Bounds& bounds);

}  // namespace hm::host
