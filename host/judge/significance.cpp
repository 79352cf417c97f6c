#include "host/judge/significance.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

namespace hm::host {
namespace {

/// How often a value came on either side.
struct Tie {
    std::uint64_t one = 0;
    std::uint64_t other = 0;
};

struct Moments {
    double mean = 0;
    double of_mean = 0;  ///< the variance of the mean
};

Moments moments_of(const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    return {mean, squares / (count - 1) / count};
}

}  // namespace

std::optional<double> mann_whitney(const EventCounts& one, const EventCounts& other) {
    std::map<double, Tie> ties;
    for (const auto& [value, count] : one) {
        ties[value].one += count;
    }
    for (const auto& [value, count] : other) {
        ties[value].other += count;
    }
    double before = 0;  // events with smaller values
    double ranks = 0;   // their sum, of the first side
    double tied = 0;    // sum of t^3 - t
    double first = 0;   // events of each side
    double second = 0;
    for (const auto& [value, tie] : ties) {
        const auto mine = static_cast<double>(tie.one);
        const double both = mine + static_cast<double>(tie.other);
        ranks += mine * (before + (both + 1) / 2);
        tied += both * both * both - both;
        before += both;
        first += mine;
        second += both - mine;
    }
    if (first < kFewestEvents || second < kFewestEvents) {
        return std::nullopt;
    }
    const double all = first + second;
    const double far = std::abs(ranks - first * (first + 1) / 2 - first * second / 2);
    const double variance = first * second / 12 * (all + 1 - tied / (all * (all - 1)));
    constexpr double kContinuity = 0.5;
    return variance <= 0 ? 1.0
                         : std::erfc(std::max(0.0, far - kContinuity) / std::sqrt(variance) /
                                     std::numbers::sqrt2);
}

double student_tails(double t, std::size_t degrees) {
    // Abramowitz and Stegun 26.7.3 and 26.7.4.
    const double angle = std::atan(std::abs(t) / std::sqrt(static_cast<double>(degrees)));
    const double square = std::cos(angle) * std::cos(angle);
    const bool odd = degrees % 2 == 1;
    double term = odd ? std::cos(angle) : 1;
    double sum = degrees > 1 ? term : 0;
    for (std::size_t i = odd ? 3 : 2; i < degrees; i += 2) {
        const auto n = static_cast<double>(i);
        term *= square * (n - 1) / n;
        sum += term;
    }
    const double inside =
        odd ? (angle + std::sin(angle) * sum) * 2 / std::numbers::pi : std::sin(angle) * sum;
    return std::max(0.0, 1 - inside);
}

std::optional<double> welch(const std::vector<double>& one, const std::vector<double>& other) {
    if (one.size() < kFewestRuns || other.size() < kFewestRuns) {
        return std::nullopt;
    }
    const Moments first = moments_of(one);
    const Moments second = moments_of(other);
    const double variance = first.of_mean + second.of_mean;
    const double far = std::abs(first.mean - second.mean);
    if (variance <= 0) {
        return far > 0 ? 0.0 : 1.0;
    }
    return student_tails(far / std::sqrt(variance), std::min(one.size(), other.size()) - 1);
}

std::vector<double> holm(const std::vector<double>& chances) {
    std::vector<std::size_t> order(chances.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return chances[a] < chances[b]; });
    std::vector<double> adjusted(chances.size());
    double least = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto left = static_cast<double>(order.size() - i);
        least = std::max(least, std::min(1.0, chances[order[i]] * left));
        adjusted[order[i]] = least;
    }
    return adjusted;
}

}  // namespace hm::host
