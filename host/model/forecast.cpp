#include "host/model/forecast.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <thread>
#include <utility>

#include "host/model/walks.hpp"

namespace hm::host {
namespace {

using P = Parameter;

constexpr Bounds kNothing{std::numeric_limits<double>::max(),
                          std::numeric_limits<double>::lowest()};

void widen(Bounds& bounds, double value) {
    bounds.low = std::min(bounds.low, value);
    bounds.high = std::max(bounds.high, value);
}

/// The loads that are followed, with the walks of their pages in the order of their first use:
/// memory that is read in order is read fast.
class Loads {
  public:
    [[nodiscard]] static std::optional<Loads> of(const Chase& chase,
                                                 const std::vector<std::uint32_t>& offsets) {
        constexpr std::uint32_t kUnused = ~std::uint32_t{0};
        Loads loads;
        const std::uint64_t first_page = page_of(chase.chain.base);
        const auto page_in = [&](std::uint64_t address) {
            return static_cast<std::size_t>(page_of(address) - first_page);
        };
        std::vector<std::uint32_t> use(page_in(chase.chain.base + chase.chain.bytes) + 1, kUnused);
        std::uint32_t used = 0;
        for (const std::uint32_t offset : offsets) {
            const std::uint64_t address = chase.chain.base + offset;
            std::uint32_t& of_page = use[page_in(address)];
            if (of_page == kUnused) {
                of_page = used++;
            }
            loads.loads_.push_back({address, of_page});
        }
        loads.walks_.resize(used);
        const bool fits =
            visit_walks(chase.translation, chase.chain,
                        [&](const CellTables&, std::uint64_t page, const PageWalk& walk) {
                            if (const std::uint32_t place = use[page_in(page)]; place != kUnused) {
                                loads.walks_[place] = walk;
                            }
                        });
        return fits ? std::optional(std::move(loads)) : std::nullopt;
    }

    /// Where a core finds them, without the first `warm` ones.
    [[nodiscard]] LoadCounts follow(const CoreValues& values, std::size_t warm) const {
        CoreModel core(values);
        for (std::size_t i = 0; i < loads_.size(); ++i) {
            if (i == warm) {
                core.start_counting();
            }
            core.load(loads_[i].address, walks_[loads_[i].walk]);
        }
        return core.counts();
    }

  private:
    struct Load {
        std::uint64_t address;
        std::uint32_t walk;
    };

    [[nodiscard]] static std::uint64_t page_of(std::uint64_t address) { return address >> 12; }

    std::vector<Load> loads_;
    std::vector<PageWalk> walks_;
};

/// `values` without what makes no difference in this regime, so that equal cores are followed once.
CoreValues that_matter(CoreValues values, measure::Regime regime) {
    const auto clear = [&values](std::initializer_list<P> parameters) {
        for (const P parameter : parameters) {
            values.set(parameter, 0);
        }
    };
    if (regime == measure::Regime::kNative) {
        clear({P::kStage1WalkHoldsPa, P::kStage2WalkEntries, P::kIpaEntries, P::kIpaSets,
               P::kIpaHoldsPages});
    }
    if (regime == measure::Regime::kStage2) {
        clear({P::kStage1WalkHoldsPa, P::kStage1WalkLastOnly, P::kStage1WalkEntries,
               P::kStage1WalkSets});
    }
    if (values[P::kIpaEntries] == 0) {
        clear({P::kIpaHoldsPages});
    }
    return values;
}

/// Calls `work(i)` for each i below `count`, on all processors.
template <class Work>
void on_all_processors(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            work(i);
        }
    };
    std::vector<std::jthread> others(
        std::min<std::size_t>(std::max(std::thread::hardware_concurrency(), 1U) - 1, count));
    for (std::jthread& other : others) {
        other = std::jthread(run);
    }
    run();
}

}  // namespace

Forecaster::Forecaster(const Model& model, Extract extract)
    : model_(model),
      extract_(extract),
      unknowns_(model.unknowns(true)),
      corners_(model.corners(unknowns_)),
      latencies_(model.corners(model.unknowns(false))) {}

/// As many as replace what L2 holds as often as they do in one of 16,384 lines.
std::size_t Forecaster::warm_loads() const {
    constexpr double kUsualL2 = 1048576;
    return static_cast<std::size_t>(static_cast<double>(extract_.warm) *
                                    std::max(1.0, model_[P::kL2Bytes].high / kUsualL2));
}

const Forecaster::Linked& Forecaster::link(const Chase& chase) {
    constexpr std::uint64_t kPageBytes = 4096;
    const Chain& chain = chase.chain;
    if (!linked_ || linked_->order != chase.order || linked_->bytes != chain.bytes ||
        linked_->stride != chain.stride) {
        const std::size_t pass =
            chase.order == measure::ChaseOrder::kThrash ? chain.bytes / kPageBytes : 0;
        const std::size_t warm = std::max(warm_loads(), pass);
        linked_ = {chase.order, chain.bytes, chain.stride, warm,
                   offsets_of(chain, chase.order, warm + extract_.counted)};
    }
    return *linked_;
}

std::optional<Outcomes> Forecaster::follow(const Chase& chase) {
    const Linked& linked = link(chase);
    const auto loads = linked.offsets.empty() ? std::nullopt : Loads::of(chase, linked.offsets);
    if (!loads) {
        return std::nullopt;
    }
    std::map<CoreValues, std::size_t> places;
    std::vector<CoreValues> cores;
    std::vector<std::size_t> of_corner;
    for (const CoreValues& corner : corners_) {
        const CoreValues core = that_matter(corner, chase.translation.regime());
        const auto [place, is_new] = places.try_emplace(core, cores.size());
        if (is_new) {
            cores.push_back(core);
        }
        of_corner.push_back(place->second);
    }
    std::vector<LoadCounts> counts(cores.size());
    on_all_processors(cores.size(),
                      [&](std::size_t i) { counts[i] = loads->follow(cores[i], linked.warm); });
    return Outcomes(std::move(counts), std::move(of_corner));
}

Bounds Forecaster::cycles_at(const Outcomes& outcomes, std::size_t corner) const {
    Bounds bounds = kNothing;
    for (const CoreValues& latencies : latencies_) {
        widen(bounds, cycles(outcomes.at(corner), latencies));
    }
    return bounds;
}

Forecast Forecaster::forecast(const Outcomes& outcomes) const {
    Forecast all{kNothing, kNothing, kNothing, kNothing, kNothing, kNothing, kNothing, kNothing};
    for (std::size_t corner = 0; corner < outcomes.corners(); ++corner) {
        const LoadCounts& counts = outcomes.at(corner);
        const auto add = [&counts](Bounds& bounds, std::uint64_t count) {
            widen(bounds, counts.per_load(count));
        };
        add(all.l1_tlb_misses, counts.l1_tlb_misses);
        add(all.walks, counts.walks);
        add(all.descriptors, counts.descriptors());
        add(all.walk_l1, counts.walk_l1);
        add(all.walk_l2, counts.walk_l2);
        add(all.walk_ram, counts.walk_ram);
        add(all.load_ram, counts.load_ram);
        const Bounds cost = cycles_at(outcomes, corner);
        widen(all.cycles, cost.low);
        widen(all.cycles, cost.high);
    }
    return all;
}

Bounds Forecaster::ratio_at(const Outcomes& above, const Outcomes& below,
                            std::size_t corner) const {
    Bounds bounds = kNothing;
    for (const CoreValues& latencies : latencies_) {
        widen(bounds, cycles(above.at(corner), latencies) / cycles(below.at(corner), latencies));
    }
    return bounds;
}

template <class Wanted>
Bounds Forecaster::ratio_if(const Outcomes& above, const Outcomes& below, Wanted&& wanted) const {
    Bounds bounds = kNothing;
    for (std::size_t corner = 0; corner < above.corners(); ++corner) {
        if (wanted(corner)) {
            const Bounds ratio = ratio_at(above, below, corner);
            widen(bounds, ratio.low);
            widen(bounds, ratio.high);
        }
    }
    return bounds;
}

Bounds Forecaster::ratio(const Outcomes& above, const Outcomes& below) const {
    return ratio_if(above, below, [](std::size_t) { return true; });
}

Bounds Forecaster::ratio_where(const Outcomes& above, const Outcomes& below, std::size_t index,
                               bool high) const {
    return ratio_if(above, below,
                    [&](std::size_t corner) { return (corner >> index & 1) == (high ? 1U : 0U); });
}

}  // namespace hm::host
