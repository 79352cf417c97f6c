#include "host/model/settle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace hm::host {
namespace {

using measure::ChaseOrder;
using measure::Stage1;
using measure::Stage2;
using measure::Translation;
using P = Parameter;

constexpr Translation kNativeBlocks{Stage1::kLong2M, Stage2::kOff};
constexpr Translation kOverBlocks{Stage1::kLong4K, Stage2::k2M};

constexpr std::array<Counted, 5> kCounted{
    {{"TLB misses", [](const LoadCounts& c) { return c.walks; }},
     {"descriptors", [](const LoadCounts& c) { return c.descriptors(); }},
     {"descriptors past L1", [](const LoadCounts& c) { return c.walk_l2 + c.walk_ram; }},
     {"L1 misses", [](const LoadCounts& c) { return c.load_l2 + c.load_ram; }},
     {"from RAM", [](const LoadCounts& c) { return c.load_ram; }}}};

/// Of one count, by the ends of one unknown.
struct Split {
    Bounds low{std::numeric_limits<double>::max(), 0};
    Bounds high{std::numeric_limits<double>::max(), 0};
    double difference = 0;  ///< of pairs of cores that differ in nothing else, on average
};

void take(Bounds& bounds, double value) {
    bounds = {std::min(bounds.low, value), std::max(bounds.high, value)};
}

Split split(const Outcomes& outcomes, std::size_t index, const Counted& counted) {
    Split split;
    const std::size_t bit = std::size_t{1} << index;
    for (std::size_t corner = 0; corner < outcomes.corners(); ++corner) {
        if ((corner & bit) != 0) {
            continue;
        }
        const LoadCounts& low = outcomes.at(corner);
        const LoadCounts& high = outcomes.at(corner | bit);
        const double at_low = low.per_load(counted.of(low));
        const double at_high = high.per_load(counted.of(high));
        take(split.low, at_low);
        take(split.high, at_high);
        split.difference +=
            std::abs(at_high - at_low) * 2 / static_cast<double>(outcomes.corners());
    }
    return split;
}

/// Better chases score higher: any whose ranges are apart before all others; then the wider the
/// gap, or the greater the difference. Both are numbers for each load: a count has the same noise
/// whatever it is, so that shares of it would prefer small ones.
double score(const Split& split) {
    constexpr double kApart = 1e6;
    const double gap = std::max(split.high.low - split.low.high, split.low.low - split.high.high);
    return gap > 0 ? kApart + gap : split.difference;
}

/// How large a part of all waits of a load is for this latency, at least.
double share(const Outcomes& outcomes, const LatencyWeight& wanted) {
    double least = 1;
    for (std::size_t corner = 0; corner < outcomes.corners(); ++corner) {
        const LoadCounts& counts = outcomes.at(corner);
        std::uint64_t all = 0;
        for (const LatencyWeight& weight : latency_weights()) {
            all += weight.count(counts);
        }
        least = std::min(
            least,
            all == 0 ? 0.0 : static_cast<double>(wanted.count(counts)) / static_cast<double>(all));
    }
    return least;
}

}  // namespace

std::vector<Chase> probes(const Model& model) {
    constexpr std::uint64_t kPage = 4096;
    constexpr std::uint64_t kLine = 64;
    constexpr std::uint64_t kMega = std::uint64_t{1} << 20;
    const auto value = [&model](P parameter) {
        return static_cast<std::uint64_t>(model[parameter].low);
    };
    const std::uint64_t tlb = value(P::kL2TlbEntries) * kPage;
    const std::uint64_t l1 = value(P::kL1Bytes) / kLine * kPage;  // one line of each page
    const std::uint64_t l2 = value(P::kL2Bytes) / kLine * kPage;
    constexpr auto kPages = ChaseOrder::kPageRandom;
    struct Place {
        Translation cell;
        ChaseOrder order;
        std::uint64_t bytes;
    };
    const std::array places{Place{measure::kPlainNative, kPages, kMega / 16},
                            Place{measure::kPlainNative, kPages, tlb},
                            Place{measure::kPlainNative, kPages, tlb + tlb / 2},
                            Place{kNativeBlocks, kPages, l1 + l1 / 2},
                            Place{kNativeBlocks, kPages, l2 + l1 / 2},
                            Place{kNativeBlocks, kPages, l2 + l1},
                            Place{kNativeBlocks, kPages, l2 + l2 / 2},
                            Place{measure::kPlainNative, ChaseOrder::kSequential, 8 * kMega},
                            Place{measure::kPlainNative, kPages, 8 * kMega},
                            Place{measure::kPlainStage2, kPages, 8 * kMega},
                            Place{measure::kPlainNested, kPages, 8 * kMega},
                            Place{kOverBlocks, kPages, 8 * kMega},
                            Place{measure::kPlainNative, kPages, 256 * kMega},
                            Place{measure::kPlainNested, kPages, 256 * kMega},
                            Place{kOverBlocks, kPages, 256 * kMega}};
    std::vector<Chase> chases;
    chases.reserve(places.size());
    for (const Place& place : places) {
        chases.push_back(
            {place.cell, place.order,
             usual_chain(place.cell.stage1, place.order, std::min(place.bytes, 256 * kMega))});
    }
    return chases;
}

std::vector<Settling> settle(const Forecaster& forecaster, const std::vector<Probed>& probed) {
    std::vector<Settling> all;
    for (std::size_t i = 0; i < forecaster.unknowns().size(); ++i) {
        Settling best{forecaster.unknowns()[i], nullptr, nullptr, {}, {}};
        double most = 0;
        for (const Probed& probe : probed) {
            for (const Counted& counted : kCounted) {
                const Split found = split(probe.outcomes, i, counted);
                if (score(found) > most) {
                    most = score(found);
                    best = {best.unknown, &probe.chase, &counted, found.low, found.high};
                }
            }
        }
        all.push_back(best);
    }
    return all;
}

std::vector<Weighing> weigh(const Forecaster& forecaster, const std::vector<Probed>& probed) {
    std::vector<Weighing> all;
    for (const LatencyWeight& weight : latency_weights()) {
        if (!is_open(info_of(weight.latency), forecaster.model()[weight.latency])) {
            continue;
        }
        Weighing best{weight.latency, nullptr, {}};
        double most = 0;
        for (const Probed& probe : probed) {
            if (const double found = share(probe.outcomes, weight); found > most) {
                most = found;
                best.chase = &probe.chase;
                best.times = {std::numeric_limits<double>::max(), 0};
                for (std::size_t corner = 0; corner < probe.outcomes.corners(); ++corner) {
                    const LoadCounts& counts = probe.outcomes.at(corner);
                    take(best.times, counts.per_load(weight.count(counts)));
                }
            }
        }
        all.push_back(best);
    }
    return all;
}

}  // namespace hm::host
