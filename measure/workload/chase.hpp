#pragma once
// Workload "chase": dependent loads along one cycle through memory, under every kind of translation
// tables.

#include <algorithm>

#include "measure/workload/chase_places.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure::chase {

inline constexpr Task kTask{1};

struct Arguments {
    std::uint32_t bytes;
    std::uint32_t laps;
    ChaseOrder order;
    std::uint32_t stride;  ///< bytes from one line to the next
    TlbState tlb;
    Placement placement = Placement::kContiguous;  ///< scattered only with pages of 4 KB
};

struct Report {
    std::uint32_t loads;                        ///< of one lap
    std::uint32_t overhead;                     ///< ticks that were subtracted from each sample
    std::array<std::uint32_t, kEvents> events;  ///< in all timed laps
};

inline constexpr Key kKeys[]{Key::kBytes,  Key::kLaps,   Key::kOrder,  Key::kTlb,
                             Key::kRegime, Key::kStage1, Key::kStage2, Key::kPlacement};

inline constexpr std::array<Layer<Sample>, 3> kLayers{{
    {"load", Unit::kTicksPerLoad, [](const Sample& sample) { return sample.ticks; }},
    {"hyp-instructions", Unit::kInstructions, hyp_instructions<Sample>, nullptr, "", true},
    {"pl-instructions", Unit::kInstructions, guest_instructions<Sample>, nullptr, "", true},
}};

[[nodiscard]] inline std::uint32_t loads_of(const Facts& facts) {
    return std::max<std::uint32_t>(facts.reported<Report>().loads, 1);
}

/// `value`, which `laps` laps took, in thousandths for each load.
[[nodiscard]] inline std::uint32_t by_load(const Facts& facts, std::uint32_t value,
                                           std::uint32_t laps) {
    return static_cast<std::uint32_t>(std::uint64_t{value} * kThousandths /
                                      (std::uint64_t{loads_of(facts)} * laps));
}

/// An event of the performance monitor, where this machine counts it.
template <std::uint32_t kEvent>
[[nodiscard]] std::optional<std::uint32_t> event_by_load(const Facts& facts) {
    if ((facts.pmu_events >> kEvent & 1) == 0) {
        return std::nullopt;
    }
    return by_load(facts, facts.reported<Report>().events[kEvent],
                   facts.scenario.arguments.as<Arguments>().laps);
}

inline constexpr std::array<Number, 11> kNumbers{{
    {"loop", nullptr,
     [](const Facts& facts) {
         return std::optional(by_load(facts, facts.reported<Report>().overhead, 1));
     },
     Unit::kTicksPerLoad, kThousandths},
    {kEventNames[0], "events/load", event_by_load<0>, Unit::kTicks, kThousandths},
    {kEventNames[1], "events/load", event_by_load<1>, Unit::kTicks, kThousandths},
    {kEventNames[2], "events/load", event_by_load<2>, Unit::kTicks, kThousandths},
    {kEventNames[3], "events/load", event_by_load<3>, Unit::kTicks, kThousandths},
    {"stage1-faults", "faults",
     [](const Facts& facts) { return std::optional(facts.report.faults); }},
    {"stage2-faults", "faults",
     [](const Facts& facts) { return of_monitor(facts, facts.costs.demand_faults); }},
    {"stage1-tables", "bytes",
     [](const Facts& facts) { return std::optional(facts.report.table_bytes); }},
    {"stage2-tables", "bytes",
     [](const Facts& facts) { return of_monitor(facts, facts.costs.table_bytes); }},
    {"base", "address", [](const Facts& facts) { return std::optional(facts.report.base); }},
    {"tables-at", "address",
     [](const Facts& facts) { return std::optional(facts.report.tables_at); }},
}};

[[nodiscard]] inline std::string_view check(const Facts& facts) {
    return facts.report.faults != 0 || facts.costs.demand_faults != 0
               ? std::string_view("the chase took page faults")
               : std::string_view();
}

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "chase",
    .meaning = "dependent loads in every regime, and through every kind of tables",
    .only = "chase",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kSample,
    .layers = kLayers,
    .parts = loads_of,
    .numbers = kNumbers,
    .check = check};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    return {.workload = &kWorkload,
            .arguments = arguments,
            // The chain is linked first, and followed some times to warm up.
            .longest = kMostTicksPerByte * arguments.bytes * (arguments.laps + std::uint64_t{8}),
            .events = arguments.laps,
            .work_bytes = arguments.bytes};
}

/// The size after `bytes` in the steps of LMbench's lat_mem_rd: two an octave (from 1 KB on; its
/// step(), lat_mem_rd.c of LMbench 3.0-a9).
[[nodiscard]] constexpr std::uint32_t next_size(std::uint32_t bytes) {
    const bool power_of_two = (bytes & (bytes - 1)) == 0;
    return power_of_two ? bytes / 2 * 3 : bytes / 3 * 4;
}
static_assert(next_size(4096) == 6144 && next_size(6144) == 8192);

/// The smallest page-random chase: as many pages as keep a loop going (guest/bench/chase.hpp).
inline constexpr std::uint32_t kLeastPages = 64 * kKiB;
/// Chases are multiples of it: whole turns of their loop in every order and stride.
inline constexpr std::uint32_t kGrain = 8 * kPageBytes;
/// Small enough for the TLBs to hold all of it, unless they are flushed.
inline constexpr std::uint32_t kFlushedBytes = kMiB;
/// The most loads in which a chase is timed, unless two laps have more.
inline constexpr std::uint32_t kMostLoads = 1U << 20;
/// The sizes of suite quick, below the largest one that is asked for.
inline constexpr std::array<std::uint32_t, 5> kFewSizes{64 * kKiB, kMiB, 8 * kMiB, 64 * kMiB,
                                                        256 * kMiB};
/// The same of suite time: from one that the L2 cache cannot hold to that of figure 2.
inline constexpr std::array<std::uint32_t, 4> kTimedSizes{4 * kMiB, 16 * kMiB, 64 * kMiB,
                                                          256 * kMiB};
/// A chain longer than this is not linked line by line where each instruction takes long.
inline constexpr std::uint32_t kMostTimedLines = kMiB / 16;

/// A chase of suite tables in which sixteen loads share a page, and no two a line: of more than the
/// caches hold.
inline constexpr std::uint32_t kOrderedBytes = 16 * kMiB;
inline constexpr std::uint32_t kOrderedStride = 4 * kLineBytes;

/// What one chase row is made from.
struct Row {
    ChaseOrder order;
    std::uint32_t stride;
    std::uint32_t bytes;
    TlbState tlb = TlbState::kWarm;
    Placement placement = Placement::kContiguous;
};

/// The cells whose translations a TLB holds, one for each regime: blocks of 2 MB. One line per page
/// in them is the floor of the same chase through pages of 4 KB.
[[nodiscard]] constexpr Translation floor_of(Regime regime) {
    switch (regime) {
        case Regime::kNative:
            return {Stage1::kLong2M, Stage2::kOff};
        case Regime::kStage2:
            return {Stage1::kOff, Stage2::k2M};
        case Regime::kNested:
            break;
    }
    return {Stage1::kLong2M, Stage2::k2M};
}

/// The scenario of `row`, for Plan::add_in().
[[nodiscard]] inline Scenario made(const Translation& translation, const Row& row,
                                   std::uint32_t laps) {
    Scenario chase = scenario({row.bytes, laps, row.order, row.stride, row.tlb, row.placement})
                         .with("stage1", name_of(translation.stage1))
                         .with("order", name_of(row.order))
                         .with("stride", row.stride)
                         .with("bytes", row.bytes)
                         .with("tlb", name_of(row.tlb))
                         .with("laps", laps);
    if (row.placement != Placement::kContiguous) {
        chase.with("placement", name_of(row.placement));
    }
    return chase;
}

class Planner {
  public:
    Planner(const Request& request, Plan& plan) : request_(request), plan_(plan) {}

    void add(const Translation& translation, const Row& row) {
        if (!wants(request_, translation) || !request_.wants(Key::kOrder, name_of(row.order)) ||
            !request_.wants(Key::kTlb, name_of(row.tlb)) ||
            !request_.wants(Key::kPlacement, name_of(row.placement))) {
            return;
        }
        const std::uint32_t loads = row.bytes / row.stride;
        const std::uint32_t laps =
            std::min(request_.get(Key::kLaps), std::max<std::uint32_t>(kMostLoads / loads, 2));
        plan_.add_in(translation, made(translation, row, laps));
    }

    /// One TLB miss per load in `bytes`.
    void add_page_random(const Translation& translation, std::uint32_t bytes) {
        add(translation, {ChaseOrder::kPageRandom, kPageBytes, bytes});
    }

    /// The same in every regime, and its floor; and as many lines in a 64th of the pages, if they
    /// fill whole pages.
    void add_misses(std::uint32_t bytes) {
        for (const Translation& translation : kPlain) {
            add_page_random(translation, bytes);
            add_page_random(floor_of(translation.regime()), bytes);
            add_page_dense(translation, bytes / kLinesPerPage, TlbState::kWarm);
        }
    }

    /// The points of LMbench's curves at one size.
    void add_size(std::uint32_t bytes, bool all_strides) {
        for (const Translation& translation : kPlain) {
            for (const std::uint32_t stride : {1U, 2U, 4U}) {
                if (stride == 1 || all_strides) {
                    add(translation, {ChaseOrder::kSequential, stride * kLineBytes, bytes});
                }
            }
            add(translation, {ChaseOrder::kRandom, kLineBytes, bytes});
        }
        if (bytes >= kLeastPages) {
            add_misses(bytes);
        }
    }

    /// Every cell of the matrix that add_misses() leaves out.
    void add_matrix(std::uint32_t bytes) {
        for (const Translation& translation : kMatrix) {
            const bool plain = std::find(kPlain.begin(), kPlain.end(), translation) != kPlain.end();
            if (!plain && translation != floor_of(translation.regime())) {
                add_page_random(translation, bytes);
            }
        }
    }

    /// The cells in which the paper's kernels may have run: their guest had 4 KB pages in stage 2.
    void add_thrash(std::uint32_t bytes) {
        for (const Translation& translation :
             {kPlainNative, kPlainNested, Translation{Stage1::kShort4K, Stage2::kOff},
              Translation{Stage1::kShort4K, Stage2::k4K}}) {
            add(translation, {ChaseOrder::kThrash, kLineBytes, bytes});
        }
    }

    /// Pages that lie as Linux would give them to a process.
    void add_scattered(std::uint32_t bytes) {
        for (const Translation& translation : {kPlainNative, kPlainNested}) {
            add(translation, {ChaseOrder::kPageRandom, kPageBytes, bytes, TlbState::kWarm,
                              Placement::kScattered});
            add(translation,
                {ChaseOrder::kThrash, kLineBytes, bytes, TlbState::kWarm, Placement::kScattered});
        }
    }

    /// What misses cost in every regime, and what larger pages save.
    void add_few(std::uint32_t bytes) {
        for (const Translation& translation : kPlain) {
            add_page_random(translation, bytes);
            add_page_random(floor_of(translation.regime()), bytes);
        }
    }

    /// Figure 2: what each stage adds where every load misses the TLB, and where nothing does but
    /// the first load of a page.
    void add_timed(std::uint32_t bytes) {
        constexpr Translation kLarge = floor_of(Regime::kNested);
        for (const Translation& translation : {kPlainNative, kPlainStage2, kPlainNested, kLarge}) {
            add_page_random(translation, bytes);
        }
        const std::uint32_t stride =
            bytes / kLineBytes <= kMostTimedLines ? kLineBytes : kPageBytes;
        for (const Translation& translation : {kPlainNative, kPlainNested}) {
            add(translation, {ChaseOrder::kSequential, stride, bytes});
        }
    }

    /// What the tables decide: every cell of the matrix, pages that are scattered, and how a read
    /// in order shares its walk with the next ones.
    void add_tables(std::uint32_t bytes) {
        for (const Translation& translation : kMatrix) {
            add_page_random(translation, bytes);
        }
        for (const Translation& translation : {kPlainNative, kPlainNested}) {
            add(translation, {ChaseOrder::kPageRandom, kPageBytes, bytes, TlbState::kWarm,
                              Placement::kScattered});
            add(translation, {ChaseOrder::kSequential, kPageBytes, bytes});
            const std::uint32_t lines = std::min(bytes, kOrderedBytes);
            add(translation, {ChaseOrder::kSequential, kOrderedStride, lines});
        }
    }

    void add_flushed(std::uint32_t bytes) {
        for (const Translation& translation : kPlain) {
            add(translation, {ChaseOrder::kPageRandom, kPageBytes, bytes, TlbState::kFlushed});
            add_page_dense(translation, bytes / kLinesPerPage, TlbState::kFlushed);
        }
    }

  private:
    void add_page_dense(const Translation& translation, std::uint32_t bytes, TlbState tlb) {
        if (bytes % kPageBytes == 0) {
            add(translation, {ChaseOrder::kPageDense, kLineBytes, bytes, tlb});
        }
    }

    const Request& request_;
    Plan& plan_;
};

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    Planner planner(request, plan);
    const std::uint32_t largest = request.get(Key::kBytes) / kGrain * kGrain;
    if (request.suite == Suite::kModel) {
        planner.add_few(largest);
        return;
    }
    if (request.suite == Suite::kTime) {
        for (const std::uint32_t bytes : kTimedSizes) {
            if (bytes < largest) {
                planner.add_timed(bytes);
            }
        }
        planner.add_timed(largest);
        return;
    }
    if (request.suite == Suite::kTables) {
        planner.add_tables(largest);
        return;
    }
    if (request.suite == Suite::kPaper) {
        for (std::uint32_t bytes = kPageBytes; bytes < largest; bytes = next_size(bytes)) {
            planner.add_size(bytes, true);
        }
    } else {
        for (const std::uint32_t bytes : kFewSizes) {
            if (bytes < largest) {
                planner.add_size(bytes, false);
            }
        }
    }
    planner.add_size(largest, true);
    planner.add_matrix(largest);
    planner.add_thrash(largest);
    planner.add_scattered(largest);
    planner.add_flushed(kFlushedBytes);
}

}  // namespace hm::measure::chase
