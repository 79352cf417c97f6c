#include "host/report/page/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace hm::host::page {
namespace {

constexpr double kLeastShare = 1e-6;

double lifted(ScaleKind kind, double low, double high) {
    return kind == ScaleKind::kLinear || low > 0 ? low : high * kLeastShare;
}

}  // namespace

Axis::Axis(ScaleKind kind, double low, double high, double from, double to)
    : kind_(kind),
      low_(lifted(kind, low, high > 0 ? high : 1)),
      high_(high > low_ ? high : low_ + 1),
      from_(from),
      to_(to) {}

double Axis::measure(double value) const {
    return kind_ == ScaleKind::kLinear ? value : std::log2(std::max(value, low_));
}

double Axis::at(double value) const {
    const double share = (measure(std::clamp(value, low_, high_)) - measure(low_)) /
                         (measure(high_) - measure(low_));
    return from_ + share * (to_ - from_);
}

std::vector<double> Axis::marks(int most) const {
    constexpr double kSlack = 1e-9;
    std::vector<double> found;
    if (kind_ == ScaleKind::kLinear) {
        const double wanted = (high_ - low_) / std::max(most, 1);
        const double decade = std::pow(10, std::floor(std::log10(wanted)));
        constexpr std::array kSteps{1.0, 2.0, 5.0, 10.0};
        const auto* const step = std::find_if(kSteps.begin(), kSteps.end() - 1,
                                              [&](double one) { return one * decade >= wanted; });
        const double stride = *step * decade;
        for (double i = std::ceil(low_ / stride - kSlack); i * stride <= high_ * (1 + kSlack);
             ++i) {
            found.push_back(i == 0 ? 0 : i * stride);  // not -0
        }
        return found;
    }
    const double base = kind_ == ScaleKind::kLog10 ? 10 : 2;
    const int first = static_cast<int>(std::ceil(std::log2(low_) / std::log2(base) - kSlack));
    const int last = static_cast<int>(std::floor(std::log2(high_) / std::log2(base) + kSlack));
    constexpr int kFewDecades = 3;
    if (kind_ == ScaleKind::kLog10 && last - first < kFewDecades) {
        for (int power = first - 1; power <= last; ++power) {
            for (const double step : {1.0, 2.0, 5.0}) {
                const double value = step * std::pow(base, power);
                if (value >= low_ * (1 - kSlack) && value <= high_ * (1 + kSlack)) {
                    found.push_back(value);
                }
            }
        }
        return found;
    }
    const int wanted = std::max(most, 1);
    const int stride = std::max(1, (last - first + wanted) / wanted);  // rounded up
    for (int power = first; power <= last; power += stride) {
        found.push_back(std::pow(base, power));
    }
    return found;
}

std::string mark_text(double value) {
    struct Unit {
        double size;
        const char* name;
    };
    constexpr std::array<Unit, 3> kUnits{{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
    for (const Unit& unit : kUnits) {
        if (std::abs(value) >= unit.size) {
            return fmt::format("{:g}{}", value / unit.size, unit.name);
        }
    }
    return fmt::format("{:g}", value);
}

}  // namespace hm::host::page
