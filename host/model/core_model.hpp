#pragma once
// A core's caches, TLBs and walker, driven by the loads of a chase one after the other. It counts
// where each load and each descriptor was found; what that costs is counted times latency, since
// every load of a chase waits for the one before.
//
// What it leaves out: instruction fetches, the second core, open rows and banks of the RAM, the
// time that a prefetch takes, and how the L2 TLB finds pages of several sizes.

#include <cstddef>
#include <cstdint>
#include <span>

#include "host/model/associative.hpp"
#include "host/model/model.hpp"
#include "host/model/page_walk.hpp"

namespace hm::host {

struct LoadCounts {
    std::uint64_t loads = 0;
    std::uint64_t l1_tlb_misses = 0;
    std::uint64_t walks = 0;         ///< Misses of the L2 TLB.
    std::uint64_t stage2_walks = 0;  ///< Within walks that begin in stage 1.
    /// Descriptors of both stages, by where they were found.
    std::uint64_t walk_l1 = 0;
    std::uint64_t walk_l2 = 0;
    std::uint64_t walk_ram = 0;
    /// The loads themselves.
    std::uint64_t load_l1 = 0;
    std::uint64_t load_l2 = 0;
    std::uint64_t load_ram = 0;

    [[nodiscard]] std::uint64_t descriptors() const { return walk_l1 + walk_l2 + walk_ram; }
    /// How many for each load.
    [[nodiscard]] double per_load(std::uint64_t count) const {
        return loads == 0 ? 0 : static_cast<double>(count) / static_cast<double>(loads);
    }

    friend bool operator==(const LoadCounts&, const LoadCounts&) = default;
};

/// How often a latency is waited for.
struct LatencyWeight {
    Parameter latency;
    bool is_ns;
    std::uint64_t (*count)(const LoadCounts& counts);
};
inline constexpr std::size_t kLatencies = 9;
[[nodiscard]] std::span<const LatencyWeight, kLatencies> latency_weights();

/// Cycles of one load: the latencies, each as often as it is waited for.
[[nodiscard]] double cycles(const LoadCounts& counts, const CoreValues& values);

class CoreModel {
  public:
    explicit CoreModel(const CoreValues& values);

    /// Loads from `address`, whose page is translated by `walk`.
    void load(std::uint64_t address, const PageWalk& walk);

    [[nodiscard]] const LoadCounts& counts() const { return counts_; }
    /// LoadCounts from here on; what the caches hold stays.
    void start_counting() { counts_ = {}; }

  private:
    /// The misses of L1 that the prefetcher sees.
    struct Stride {
        std::uint64_t last = 0;  ///< the line that missed, or the last that was brought
        std::int64_t step = 0;
        unsigned misses = 0;  ///< in a row at this step
    };

    void translate(std::uint64_t address, const PageWalk& walk);
    void translate_stage_by_stage(std::uint64_t address, const PageWalk& walk);
    void walk_tables(std::uint64_t address, const PageWalk& walk);
    void walk_first(std::uint64_t address, const PageWalk& walk);
    void translate_page(const PageWalk& walk);
    /// Whether stage 2 had to be walked.
    bool walk_second(std::uint64_t ipa, const StageWalk& walk, bool of_page);
    void read_descriptor(std::uint64_t pa);
    void read_data(std::uint64_t pa);
    void fill_l1(std::uint64_t line);
    void fill_l2(std::uint64_t line);
    void prefetch(std::uint64_t line, unsigned lines);
    void watch_stride(std::uint64_t line);

    bool tlb_holds_ipa_;
    bool stage1_walk_holds_pa_;
    bool ipa_holds_pages_;
    bool walk_looks_in_l1_;
    unsigned walk_prefetch_lines_;
    bool stage1_walk_last_only_;
    bool l2_holds_l1_;
    unsigned prefetch_lines_;
    unsigned prefetch_after_;
    Stride stride_;
    Associative l1_;
    Associative l2_;
    Associative l1_tlb_;
    Associative l2_tlb_;
    Associative stage1_walk_;
    Associative stage2_walk_;
    Associative ipa_;
    Associative walker_cache_;
    LoadCounts counts_;
};

}  // namespace hm::host
