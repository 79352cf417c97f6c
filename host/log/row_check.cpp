#include "host/log/row_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "host/log/vocabulary.hpp"
#include "measure/scenario.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::host {
namespace {

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// More than a run of days can take would overflow sums.
constexpr std::uint64_t kMostSamples = std::uint64_t{1} << 40;

bool in_range(double value) { return value >= 0 && value < kLimit; }

bool names_regime(std::string_view name) {
    return name == measure::kAlone || is_one_of(measure::kRegimeNames, name);
}

/// A guest that runs by itself knows neither regime nor delivery.
bool names_delivery(std::string_view name, std::string_view regime) {
    return regime == measure::kAlone ? name == measure::kAlone
                                     : is_one_of(measure::kDeliveryNames, name);
}

/// What names a scenario.
template <class Any>
std::string_view wrong_setting(const Any& row) {
    return !is_word(row.workload)                                              ? "workload"
           : !names_regime(row.regime)                                         ? "regime"
           : !names_delivery(row.delivery, row.regime)                         ? "delivery"
           : !std::all_of(row.params.begin(), row.params.end(), can_be_of_row) ? "params"
                                                                               : "";
}

bool names_stage2(std::string_view name) {
    return name.empty() || is_one_of(measure::kStage2Names, name);
}

/// What a row and a worst event have in common.
template <class Either>
std::string_view wrong_subject(const Either& row) {
    const std::string_view wrong = wrong_setting(row);
    return wrong.empty() && !is_word(row.unit) ? "unit" : wrong;
}

template <class Either>
std::string subject_text(const Either& row) {
    constexpr std::size_t kUsual = 128;
    std::string text;
    text.reserve(kUsual);
    const auto add = [&text](std::string_view part, char after) { (text += part) += after; };
    add(row.workload, '|');
    add(row.regime, '|');
    add(row.delivery, '|');
    for (const auto& [name, value] : row.params) {
        add(name, '=');
        add(text_of(value), '|');
    }
    return text;
}

/// A percentile: its name, its rank among a thousand samples, and its value.
struct Percentile {
    std::string_view name;
    std::uint64_t per_mille;
    std::optional<double> value;
};

/// Whether `value` lies in the bucket of its rank. The target rounds ranks up
/// (measure/statistics.hpp), and a bucket reaches to the next one or to the greatest sample.
bool in_bucket(const Row& row, const Percentile& percentile) {
    constexpr std::uint64_t kWhole = 1000;
    const std::uint64_t rank = (row.count * percentile.per_mille + kWhole - 1) / kWhole;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < row.histogram.size(); ++i) {
        seen += row.histogram[i].second;
        if (seen >= rank) {
            const bool last = i + 1 == row.histogram.size();
            return *percentile.value >= row.histogram[i].first &&
                   (last || *percentile.value < row.histogram[i + 1].first);
        }
    }
    return false;
}

std::string_view wrong_percentile(const Row& row) {
    const std::array<Percentile, 4> all{{{"p50", 500, row.p50},
                                         {"p95", 950, row.p95},
                                         {"p99", 990, row.p99},
                                         {"p999", 999, row.p999}}};
    double before = row.min;
    for (const Percentile& percentile : all) {
        if (!percentile.value) {
            continue;
        }
        if (!(*percentile.value >= before && *percentile.value <= row.max) ||
            (!row.histogram.empty() && !in_bucket(row, percentile))) {
            return percentile.name;
        }
        before = *percentile.value;
    }
    return {};
}

/// Buckets go up, hold something, and hold all samples: from the least to the greatest.
bool is_histogram_of(const Row& row) {
    const auto& buckets = row.histogram;
    std::uint64_t sum = 0;
    double least_sum = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const auto& [low, count] = buckets[i];
        if (!in_range(low) || count == 0 || count > row.count - sum ||
            (i > 0 && low <= buckets[i - 1].first)) {
            return false;
        }
        sum += count;
        least_sum += low * static_cast<double>(count);
    }
    // The mean is rounded to a thousandth of its unit.
    constexpr double kRounding = 0.001;
    return sum == row.count && row.min >= buckets.front().first &&
           row.max >= buckets.back().first && (buckets.size() == 1 || row.min < buckets[1].first) &&
           least_sum <= (row.mean + kRounding) * static_cast<double>(row.count);
}

}  // namespace

std::string_view wrong_field(const Row& row) {
    if (const std::string_view wrong = wrong_subject(row); !wrong.empty()) {
        return wrong;
    }
    if (!is_word(row.layer)) {
        return "layer";
    }
    if (!names_steps(row.steps)) {
        return "steps";
    }
    if (!names_stage2(row.stage2)) {
        return "stage2";
    }
    if (row.count == 0 || row.count > kMostSamples) {
        return "count";
    }
    if (!in_range(row.min)) {
        return "min";
    }
    if (!in_range(row.max) || row.max < row.min) {
        return "max";
    }
    if (!(row.mean >= row.min && row.mean <= row.max)) {
        return "mean";
    }
    if (!row.histogram.empty() && !is_histogram_of(row)) {
        return "histogram";
    }
    return wrong_percentile(row);
}

std::string_view wrong_field(const Worst& worst) {
    constexpr std::uint64_t kMostRanks = 8;
    if (const std::string_view wrong = wrong_subject(worst); !wrong.empty()) {
        return wrong;
    }
    if (worst.rank == 0 || worst.rank > kMostRanks) {
        return "rank";
    }
    if (worst.event >= kMostSamples) {
        return "event";
    }
    if (!in_range(worst.delay)) {
        return "delay";
    }
    const bool layers = std::all_of(
        worst.layers.begin(), worst.layers.end(),
        [](const auto& layer) { return is_word(layer.first) && in_range(layer.second); });
    return layers ? "" : "layers";
}

std::string_view wrong_field(const TlbWay& way) {
    constexpr std::uint64_t kMostWays = 16;
    constexpr std::uint64_t kMostSets = 256;  // an index has eight bits
    if (const std::string_view wrong = wrong_setting(way); !wrong.empty()) {
        return wrong;
    }
    if (!names_stage2(way.stage2)) {
        return "stage2";
    }
    if (!is_word(way.ram)) {
        return "ram";
    }
    if (way.way >= kMostWays) {
        return "way";
    }
    if (way.sets > kMostSets) {
        return "sets";
    }
    const auto not_rising = [](const TlbSlot& a, const TlbSlot& b) { return a.index >= b.index; };
    const bool fits =
        way.entries.size() <= way.sets &&
        std::ranges::adjacent_find(way.entries, not_rising) == way.entries.end() &&
        (way.entries.empty() || (way.entries.back().index < kMostSets &&
                                 way.entries.back().index - way.entries.front().index < way.sets));
    return fits ? "" : "entries";
}

std::string identity_of(const Row& row) {
    return ((subject_text(row) += row.stage2) += '|') += row.layer;
}

std::string identity_of(const Worst& worst) {
    return fmt::format("{}{}", subject_text(worst), worst.rank);
}

std::string identity_of(const TlbWay& way) {
    return fmt::format("{}{}|{}|{}", subject_text(way), way.stage2, way.ram, way.way);
}

}  // namespace hm::host
