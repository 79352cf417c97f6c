#pragma once
// What a load of a chase costs on the modelled core, as a range over all that is not known of it.

#include <cstddef>
#include <optional>
#include <vector>

#include "host/model/chain.hpp"
#include "host/model/core_model.hpp"
#include "host/model/model.hpp"
#include "measure/translation.hpp"

namespace hm::host {

/// A chase: how its addresses translate, and where it goes.
struct Chase {
    measure::Translation translation;
    measure::ChaseOrder order = measure::ChaseOrder::kPageRandom;
    Chain chain;
};

/// How many loads are followed: first `warm` that fill caches and TLBs, then `counted`. They
/// replace what an L2 cache of 16,384 lines holds more than once, so that no whole lap through 256
/// MB is needed. Only the order thrash warms up for a whole pass: within one, its lines share few
/// sets and leave the others to descriptors, each of which must have been there once.
struct Extract {
    std::size_t warm = 0;
    std::size_t counted = 0;
};
inline constexpr Extract kFineExtract{20480, 6144};
/// For a report that must not take long.
inline constexpr Extract kCoarseExtract{12288, 2048};

/// Of one chase: its counts for each combination of the ends of the unknowns' ranges.
class Outcomes {
  public:
    Outcomes() = default;
    Outcomes(std::vector<LoadCounts> counts, std::vector<std::size_t> of_corner)
        : counts_(std::move(counts)), of_corner_(std::move(of_corner)) {}

    [[nodiscard]] std::size_t corners() const { return of_corner_.size(); }
    [[nodiscard]] const LoadCounts& at(std::size_t corner) const {
        return counts_[of_corner_[corner]];
    }

  private:
    std::vector<LoadCounts> counts_;  ///< Many corners share one.
    std::vector<std::size_t> of_corner_;
};

/// For each load.
struct Forecast {
    Bounds l1_tlb_misses;
    Bounds walks;
    Bounds descriptors;
    Bounds walk_l1;   ///< descriptors found in L1,
    Bounds walk_l2;   ///< in L2,
    Bounds walk_ram;  ///< in RAM
    Bounds load_ram;
    Bounds cycles;
};

class Forecaster {
  public:
    Forecaster(const Model& model, Extract extract);

    [[nodiscard]] const Model& model() const { return model_; }
    /// What decides hits and is not known. Bit i of a corner's number is the high end of number i.
    [[nodiscard]] const std::vector<Parameter>& unknowns() const { return unknowns_; }

    /// Nothing where no machine can run the chase. Quicker if the chain before had the same shape.
    [[nodiscard]] std::optional<Outcomes> follow(const Chase& chase);

    [[nodiscard]] Forecast forecast(const Outcomes& outcomes) const;

    /// Cycles of a load at one corner, over what the latencies leave open.
    [[nodiscard]] Bounds cycles_at(const Outcomes& outcomes, std::size_t corner) const;

    /// Cycles of `above` divided by those of `below`, both on the same core.
    [[nodiscard]] Bounds ratio(const Outcomes& above, const Outcomes& below) const;

    /// The same at one corner, over what the latencies leave open.
    [[nodiscard]] Bounds ratio_at(const Outcomes& above, const Outcomes& below,
                                  std::size_t corner) const;

    /// The same over only those corners where unknown number `index` is at its high or low end.
    [[nodiscard]] Bounds ratio_where(const Outcomes& above, const Outcomes& below,
                                     std::size_t index, bool high) const;

  private:
    /// The last chain that was linked, without its place: many cells share one.
    struct Linked {
        measure::ChaseOrder order;
        std::uint64_t bytes;
        std::uint64_t stride;
        std::size_t warm;
        std::vector<std::uint32_t> offsets;
    };
    [[nodiscard]] std::size_t warm_loads() const;
    [[nodiscard]] const Linked& link(const Chase& chase);

    template <class Wanted>
    [[nodiscard]] Bounds ratio_if(const Outcomes& above, const Outcomes& below,
                                  Wanted&& wanted) const;

    Model model_;
    Extract extract_;
    std::vector<Parameter> unknowns_;
    std::vector<CoreValues> corners_;
    std::vector<CoreValues> latencies_;  ///< Every combination of their ends.
    std::optional<Linked> linked_;
};

}  // namespace hm::host
