// The scenarios of figure 2: what an address costs, in every regime of translation.

#include <algorithm>

#include "measure/plan.hpp"

namespace hm::measure {

namespace {

constexpr std::uint32_t kPageBytes = 4096;
constexpr std::uint32_t kLineBytes = 64;
constexpr std::uint32_t kLinesPerPage = kPageBytes / kLineBytes;
/// The smallest page-random chase: as many pages as keep a loop going (guest/bench/chase.hpp).
constexpr std::uint32_t kLeastPages = 64 * kKiB;
/// Chases are multiples of it: whole turns of their loop in every order and stride.
constexpr std::uint32_t kChaseGrain = 8 * kPageBytes;
/// Small enough for the TLBs to hold all of it, but for their being flushed.
constexpr std::uint32_t kFlushedBytes = kMiB;
/// The most loads in which a chase is timed; two laps there are in any case.
constexpr std::uint32_t kMostLoads = 1U << 20;
/// What suite quick chases through, up to the largest asked for, which is itself the last.
constexpr std::array<std::uint32_t, 5> kFewSizes{64 * kKiB, kMiB, 8 * kMiB, 64 * kMiB, 256 * kMiB};
constexpr std::array<Translation, 3> kPlain{kPlainNative, kPlainStage2, kPlainNested};

bool wants(const Request& request, const Translation& translation) {
    return request.wants(Key::kRegime, name_of(translation.regime())) &&
           request.wants(Key::kStage1, name_of(translation.stage1)) &&
           request.wants(Key::kStage2, name_of(translation.stage2));
}

struct ChaseRow {
    ChaseOrder order;
    std::uint32_t stride;
    std::uint32_t bytes;
    TlbState tlb = TlbState::kWarm;
};

class ChasePlanner {
  public:
    ChasePlanner(const Request& request, Plan& plan) : request_(request), plan_(plan) {}

    void add(const Translation& translation, const ChaseRow& row) {
        const char* const order = kChaseOrderNames[static_cast<std::size_t>(row.order)];
        const char* const tlb = kTlbNames[static_cast<std::size_t>(row.tlb)];
        if (!wants(request_, translation) || !request_.wants(Key::kOrder, order) ||
            !request_.wants(Key::kTlb, tlb)) {
            return;
        }
        const std::uint32_t loads = row.bytes / row.stride;
        const std::uint32_t laps =
            std::min(request_.get(Key::kLaps), std::max<std::uint32_t>(kMostLoads / loads, 2));
        Scenario scenario{.workload = "chase", .task = Task::kChase};
        scenario.arguments = {row.bytes, laps, static_cast<std::uint32_t>(row.order), row.stride,
                              static_cast<std::uint32_t>(row.tlb)};
        scenario.memory_bytes = row.bytes + laps * std::uint32_t{sizeof(Sample)};
        scenario.name("stage1", name_of(translation.stage1))
            .name("order", order)
            .name("stride", row.stride)
            .name("bytes", row.bytes)
            .name("tlb", tlb)
            .name("laps", laps);
        plan_.add_in(translation, scenario);
    }

    /// A miss a load in `bytes`, and what would be left of it if translations hit: as many lines,
    /// all of a page one after the other, where those fill whole pages.
    void add_miss_and_floor(const Translation& translation, std::uint32_t bytes, TlbState tlb) {
        add(translation, {ChaseOrder::kPageRandom, kPageBytes, bytes, tlb});
        if (bytes / kLinesPerPage % kPageBytes == 0) {
            add(translation, {ChaseOrder::kPageDense, kLineBytes, bytes / kLinesPerPage, tlb});
        }
    }

    /// What LMbench's curves show of one size.
    void add_size(std::uint32_t bytes, bool all_strides) {
        for (const Translation& translation : kPlain) {
            for (const std::uint32_t stride : {1U, 2U, 4U}) {
                if (stride == 1 || all_strides) {
                    add(translation, {ChaseOrder::kSequential, stride * kLineBytes, bytes});
                }
            }
            add(translation, {ChaseOrder::kRandom, kLineBytes, bytes});
            if (bytes >= kLeastPages) {
                add_miss_and_floor(translation, bytes, TlbState::kWarm);
            }
        }
    }

    /// Every cell of the matrix that the curves do not show.
    void add_matrix(std::uint32_t bytes) {
        for (const Translation& translation : kMatrix) {
            if (std::find(kPlain.begin(), kPlain.end(), translation) == kPlain.end()) {
                add_miss_and_floor(translation, bytes, TlbState::kWarm);
            }
        }
    }

    /// What misses cost in every regime, and what larger pages save.
    void add_few(std::uint32_t bytes) {
        for (const Translation& translation : kPlain) {
            add_miss_and_floor(translation, bytes, TlbState::kWarm);
        }
        add({Stage1::kLong2M, Stage2::k2M}, {ChaseOrder::kPageRandom, kPageBytes, bytes});
    }

    void add_flushed(std::uint32_t bytes) {
        for (const Translation& translation : kPlain) {
            add_miss_and_floor(translation, bytes, TlbState::kFlushed);
        }
    }

  private:
    const Request& request_;
    Plan& plan_;
};

}  // namespace

void plan_chase(const Request& request, Plan& plan) {
    ChasePlanner planner(request, plan);
    const std::uint32_t largest = request.get(Key::kBytes) / kChaseGrain * kChaseGrain;
    if (request.suite == Suite::kModel) {
        planner.add_few(largest);
        return;
    }
    if (request.suite == Suite::kPaper) {
        for (std::uint32_t bytes = kPageBytes; bytes < largest; bytes = next_chase_size(bytes)) {
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
    planner.add_flushed(kFlushedBytes);
}

void plan_page_faults(const Request& request, Plan& plan) {
    const std::uint32_t pages = request.get(Key::kPages);
    const std::uint32_t rounds = request.get(Key::kRounds);
    const auto add = [&](const Translation& translation, Faults faults, Visits visits,
                         std::uint32_t batch) {
        const char* const order = kVisitsNames[static_cast<std::size_t>(visits)];
        if (!wants(request, translation) || !request.wants(Key::kOrder, order)) {
            return;
        }
        for (const std::uint32_t stamps : {1U, 0U}) {
            if (stamps != 0 && batch != 1) {
                continue;  // a batch changes when pages fault, not how
            }
            Scenario scenario{
                .workload = "pagefault", .task = Task::kPageFault, .stamps = stamps != 0};
            scenario.arguments = {pages, rounds, batch, static_cast<std::uint32_t>(visits),
                                  static_cast<std::uint32_t>(faults)};
            // More than any machine has is as good as what does not fit into the number.
            const std::uint64_t events = std::uint64_t{pages} * rounds * sizeof(Fault);
            scenario.memory_bytes =
                static_cast<std::uint32_t>(std::min<std::uint64_t>(events, 3 * kGiB));
            // Pages that stage 2 is to refuse are the monitor's to map.
            (in_stage2(faults) ? scenario.demand_bytes : scenario.memory_bytes) +=
                pages * kPageBytes;
            scenario.name("faults", kFaultsNames[static_cast<std::size_t>(faults)])
                .name("stage1", name_of(translation.stage1))
                .name("order", order)
                .name("batch", batch)
                .name("pages", pages)
                .name("rounds", rounds)
                .name("stamps", stamps);
            plan.add_in(translation, scenario);
        }
    };
    const auto add_all = [&](Visits visits, std::uint32_t batch) {
        add(kPlainNative, Faults::kStage1, visits, batch);
        add(kPlainNested, Faults::kStage1, visits, batch);
        add(kPlainNested, Faults::kStage2, visits, batch);
        add(kPlainNested, Faults::kBoth, visits, batch);
        if (request.suite != Suite::kModel) {
            add(kPlainStage2, Faults::kStage2, visits, batch);
        }
    };
    add_all(Visits::kStrided, 1);
    if (request.suite == Suite::kPaper || request.get(Key::kOrder) != 0) {
        add_all(Visits::kSequential, 1);
        add_all(Visits::kRandom, 1);
    }
    const std::uint32_t batch = std::min(request.get(Key::kBatch), pages);
    if (batch != 1) {
        add_all(Visits::kStrided, batch);
    }

    if (request.suite == Suite::kModel) {
        return;
    }
    // The same pages once each, mapped by nobody in stage 2 before they are touched.
    Scenario scenario{.workload = "demand", .task = Task::kDemandFault};
    scenario.arguments = {pages};
    scenario.demand_bytes = pages * kPageBytes;
    scenario.memory_bytes = pages * std::uint32_t{sizeof(Sample)};
    scenario.name("pages", pages);
    for (const Translation& translation : {kPlainNative, kPlainNested}) {
        if (wants(request, translation)) {
            plan.add_in(translation, scenario);
        }
    }
}

void plan_boot(const Request& request, Plan& plan) {
    constexpr std::uint32_t kBlock = 2 * kMiB;
    const std::uint32_t largest = request.get(Key::kWorkingSet);
    const std::uint32_t memory = (largest + kBlock - 1) / kBlock * kBlock;
    const auto add = [&](Mapping mapping, std::uint32_t working_set) {
        const Translation translation = mapping == Mapping::kNone ? kPlainNative : kPlainNested;
        if (!wants(request, translation)) {
            return;
        }
        Scenario scenario{.workload = "boot", .mapping = mapping, .task = Task::kBoot};
        scenario.arguments = {working_set};
        scenario.demand_bytes = memory;
        scenario.name("mapping", name_of(mapping))
            .name("working_set", working_set)
            .name("memory", memory);
        plan.add_in(translation, scenario);
    };
    for (std::size_t i = 0; i < kMappingNames.size(); ++i) {
        const auto mapping = static_cast<Mapping>(i);
        if (request.suite == Suite::kModel &&
            (mapping == Mapping::kAround4 || mapping == Mapping::kAround64)) {
            continue;
        }
        // Every other size is enough for a quick look.
        const unsigned step = request.suite == Suite::kPaper ? 1 : 2;
        for (std::uint32_t set = kMiB; set < largest; set <<= step) {
            add(mapping, set);
        }
        add(mapping, largest);
    }
}

void plan_parity(const Request& request, Plan& plan) {
    const std::uint32_t rounds = request.get(Key::kRounds) * kRepeatsPerRound;
    for (std::uint32_t loop = 0; loop < kParityNames.size(); ++loop) {
        for (const Translation& translation : kPlain) {
            if (!wants(request, translation) ||
                (request.suite == Suite::kModel && translation == kPlainStage2)) {
                continue;
            }
            Scenario scenario{.workload = "parity", .task = Task::kParity};
            scenario.arguments = {loop, rounds};
            scenario.memory_bytes = rounds * std::uint32_t{sizeof(Sample)};
            scenario.name("loop", kParityNames[loop])
                .name("stage1", name_of(translation.stage1))
                .name("rounds", rounds);
            plan.add_in(translation, scenario);
        }
    }
}

}  // namespace hm::measure
