#pragma once
// The model of a core: its parameters with their ranges, and the cores that these allow.

#include <array>
#include <cstddef>
#include <vector>

#include "host/model/cortex_a15.hpp"

namespace hm::host {

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
    Model() : Model(kCortexA15) {}
    explicit Model(const ModelledCore& core);

    [[nodiscard]] const ModelledCore& core() const { return *core_; }
    [[nodiscard]] const Bounds& operator[](Parameter parameter) const {
        return bounds_[static_cast<std::size_t>(parameter)];
    }
    void set(Parameter parameter, Bounds bounds) {
        bounds_[static_cast<std::size_t>(parameter)] = bounds;
    }

    /// Whether something is known of every latency, so that there are cycles and not only counts.
    [[nodiscard]] bool has_time() const;

    /// The parameters whose value is not known, of those that shape what hits, or that weigh it.
    [[nodiscard]] std::vector<Parameter> unknowns(bool shapes) const;
    /// Every combination of the ends of these parameters' ranges, the others at their low end.
    /// Entry c has the high end of parameter i where bit i of c is set.
    [[nodiscard]] std::vector<CoreValues> corners(const std::vector<Parameter>& of) const;

    friend bool operator==(const Model&, const Model&) = default;

  private:
    const ModelledCore* core_;
    std::array<Bounds, kParameters> bounds_{};
};

}  // namespace hm::host
