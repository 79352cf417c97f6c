// The tables of figure 2, from logs of machines that model time and of others that do not.

#include "host/report/figure2.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "host/report/boot_tables.hpp"
#include "host/report/exits_table.hpp"
#include "host/report/fault_tables.hpp"
#include "host/report/impact_table.hpp"
#include "host/report/matrix_tables.hpp"
#include "host/report/miss_table.hpp"
#include "host/report/notes.hpp"
#include "host/report/parity_table.hpp"
#include "host/report/set_usage_table.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/memory_log.hpp"

namespace hm::host::testing {
namespace {

constexpr std::size_t kWidth = 100;

Results memory_results(const FakeMemory& fake, const std::vector<MemoryPart>& parts) {
    return judged_results(parse_log(memory_log(fake, parts)));
}

/// A whole run under each clock.
const Results& counted() {
    static const Results results = judged_results(parse_log(memory_log()));
    return results;
}
const Results& on_a_board() {
    static const Results results = judged_results(parse_log(memory_log({"cycles", true})));
    return results;
}
const Results& emulated() {
    static const Results results = judged_results(parse_log(memory_log({"emulator"})));
    return results;
}

std::string figure2(const Results& results, Verbosity detail = Verbosity::kSummary) {
    return figure2_text(Grouped(results), detail, kWidth);
}

std::string matrix(const Results& results, Verbosity detail = Verbosity::kSummary) {
    return matrix_text(Grouped(results), detail, kWidth);
}

std::string misses(const Results& results) {
    return misses_text(Grouped(results), Verbosity::kFull, kWidth);
}

std::ptrdiff_t lines_in(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

/// `text` on one line.
std::string joined(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

TEST(HostMemoryTables, WhereNothingIsModelledOneSentenceStandsForAllLoads) {
    const std::string text = joined(figure2(counted()));
    EXPECT_TRUE(has(text, "models no caches, TLBs or walks: each of 89 chases costs the same"));
    EXPECT_TRUE(has(text, "the same, 1 instruction per load."));
    EXPECT_FALSE(has(text, "Loads by size"));
    EXPECT_FALSE(has(text, "floor"));
    EXPECT_TRUE(has(figure2(counted(), Verbosity::kFull), "Loads by size, in instructions/load"));
}

TEST(HostMemoryTables, ChasesThatDifferThoughNothingIsModelledAreNotCalledTheSame) {
    FakeMemory fake;
    fake.change = [](const auto&, const Json& params, const auto&, const auto& layer,
                     double value) {
        return layer == "load" && params["bytes"] == kMega ? 2 : value;
    };
    const std::string text = joined(figure2(memory_results(fake, {write_chases})));
    EXPECT_FALSE(has(text, "costs the same"));
    EXPECT_TRUE(has(text, "if chases differ here, they ran different instructions"));
    EXPECT_EQ(line_with(figure2(memory_results(fake, {write_chases})), "random 1 MB"),
              "random 1 MB 64 B 2 2 2 1.00");
}

TEST(HostMemoryTables, ASummaryHasTheTellingSizesOfEachOrder) {
    const std::string text = figure2(on_a_board());
    for (const char* size : {"32 KB", "1 MB", "4 MB", "32 MB"}) {
        EXPECT_NE(line_with(text, std::string("random ") + size), "") << size;
    }
    for (const char* size : {"16 KB", "256 KB", "2 MB", "8 MB"}) {
        EXPECT_EQ(line_with(text, std::string("sequential ") + size), "") << size;
        EXPECT_NE(
            line_with(figure2(on_a_board(), Verbosity::kFull), std::string("sequential ") + size),
            "")
            << size;
    }
}

TEST(HostMemoryTables, LoadsStandByRegimeWithTheirRatioAndInNanoseconds) {
    const std::string text = figure2(on_a_board());
    EXPECT_EQ(line_with(text, "load (mean)"),
              "load (mean) stride native stage2 nested ratio native ns nested ns");
    // Three descriptors natively, fifteen nested, at two cycles a nanosecond.
    EXPECT_EQ(line_with(text, "page-random 8 MB  "),
              "page-random 8 MB 4 KB 112 112 472 4.21 56 236");
    EXPECT_EQ(line_with(text, "TLB flushed"),
              "page-random 8 MB, TLB flushed 4 KB 112 112 472 4.21 56 236");
    EXPECT_TRUE(has(text, "the loop around them, 0.25, is taken off"));
}

TEST(HostMemoryTables, AMissIsWhatPagesCostBeyondBlocksThatTheTlbHolds) {
    const std::string text = misses(on_a_board());
    EXPECT_EQ(line_with(text, "one line per page of"),
              "one line per page of 32 MB (A) native (C) alone (B)+(C) nested more ratio");
    EXPECT_EQ(line_with(text, "floor"), "floor 29 29 29 0 1.00");
    EXPECT_EQ(line_with(text, "a miss  "), "a miss 90 90 450 360 5.00");
    EXPECT_EQ(line_with(text, "a miss, ns"), "a miss, ns 45 45 225 180 5.00");
    EXPECT_TRUE(has(joined(text), "the same lines in the same order through blocks of 2 MB"));
    EXPECT_TRUE(has(joined(text), "both miss the L1 TLB, which holds granules of 4 KB only"));
}

TEST(HostMemoryTables, WithoutItsFloorAMissIsADash) {
    const Results results = memory_results({"cycles"}, {[](MemoryLog& log) {
                                               log.chase({measure::kPlainNative});
                                               log.chase({measure::kPlainNested});
                                           }});
    EXPECT_EQ(line_with(misses(results), "a miss  "), "");
    EXPECT_EQ(line_with(matrix(results, Verbosity::kFull), "lpae-4K none"), "");
    EXPECT_EQ(line_with(matrix(results, Verbosity::kFull), "stage 1"), "stage 1 stage 2 load");
}

TEST(HostMemoryTables, APredictionStandsBesideTheMissAndIsLeftOutWhereTheMemoryIsUnknown) {
    const auto predicted = [](const measure::Translation& cell) {
        return predict(cell, Chain{kChainBase, 32 * kMega, 4096, kChainTables});
    };
    const Prediction native = predicted(measure::kPlainNative);
    const Prediction nested = predicted(measure::kPlainNested);
    EXPECT_EQ(line_with(misses(counted()), "descriptors read"),
              fmt::format("descriptors read, predicted {} {} {} {} -", native.reads.max,
                          predicted(measure::kPlainStage2).reads.max, nested.reads.max,
                          nested.reads.max - native.reads.max));
    Results results = counted();
    std::erase_if(results.rows, [](const Row& row) { return row.layer == "base"; });
    EXPECT_FALSE(has(misses(results), "predicted"));
    EXPECT_EQ(matrix(results), "");
}

TEST(HostMemoryTables, TheMatrixHasAPlaceForEachCellThatRan) {
    const std::string text = matrix(on_a_board());
    EXPECT_EQ(line_with(text, "stage 2 none"),
              "stage 1 stage 2 none stage 2 4K stage 2 2M stage 2 1G stage 2 4K-level2 stage 2 "
              "2M-level2");
    EXPECT_TRUE(line_with(text, "none     ").starts_with("none - 90 ("));
    EXPECT_TRUE(has(line_with(text, "lpae-4K"), " 450 ("));
    const std::string reads = matrix(counted());
    EXPECT_EQ(line_with(reads, "lpae-4K"), "lpae-4K 3 15 11 7 11 7");
    EXPECT_EQ(line_with(reads, "none     "), "none - 3 2 1 2 1");
    EXPECT_TRUE(has(reads, "Descriptors that a TLB miss reads, as predicted"));
}

TEST(HostMemoryTables, TheMatrixInFullHasALineACell) {
    const std::string text = matrix(on_a_board(), Verbosity::kFull);
    EXPECT_EQ(line_with(text, "stage 1"),
              "stage 1 stage 2 load floor a miss in ns dtlb-refills l2-refills");
    EXPECT_EQ(line_with(text, "lpae-4K   4K  "), "lpae-4K 4K 472 22 450 225 1 0.5");
    const auto cells = static_cast<std::ptrdiff_t>(possible_cells().size());
    EXPECT_GE(lines_in(text), 2 * cells);
    EXPECT_EQ(line_with(text, "1G-level2"), "");
    // Where times mean nothing, a miss has no cost.
    EXPECT_EQ(line_with(matrix(counted(), Verbosity::kFull), "stage 1"),
              "stage 1 stage 2 load floor");
}

TEST(HostMemoryTables, CellsOfBlocksHaveNoMissAndAreTheFloorOfPages) {
    const std::string text = matrix(on_a_board(), Verbosity::kFull);
    EXPECT_EQ(line_with(text, "lpae-2M   2M  "), "lpae-2M 2M 22 22 - - 1 0.5");
    EXPECT_EQ(line_with(text, "short-1M  2M  "), "short-1M 2M 22 22 - - 1 0.5");
    // Pages in one of the stages are enough.
    EXPECT_EQ(line_with(text, "lpae-2M   4K  "), "lpae-2M 4K 352 22 330 165 1 0.5");
    EXPECT_EQ(line_with(text, "lpae-4K   2M  "), "lpae-4K 2M 352 22 330 165 1 0.5");
}

TEST(HostMemoryTables, ChasesOfScatteredPagesAreNoCellsAndHaveALineOfTheirOwn) {
    FakeChase scattered{measure::kPlainNative, "page-random", 4096, kMatrixBytes, "warm", 500};
    scattered.placement = "scattered";
    const Results results = memory_results({"cycles"}, {[&](MemoryLog& log) {
                                               log.chase(scattered);
                                               log.chase({measure::kPlainNative});
                                               log.chase({measure::kPlainNested});
                                           }});
    EXPECT_EQ(line_with(figure2(results), "page-random 8 MB, scattered"),
              "page-random 8 MB, scattered 4 KB 500 - - 250 -");
    EXPECT_EQ(line_with(matrix(results, Verbosity::kFull), "lpae-4K  none"), "lpae-4K none 1");
}

TEST(HostMemoryTables, TheUseOfSetsStandsForEachOrderAndSize) {
    const std::string full = set_usage_text(Grouped(counted()), Verbosity::kFull, kWidth);
    EXPECT_EQ(line_with(full, "set usage"),
              "set usage stride lines L1D L1D scattered L2 L2 scattered");
    // 2,048 lines in 256 and in 1,024 sets; as many in 64 of each where pages lie at random.
    EXPECT_TRUE(line_with(full, "page-random 8 MB").starts_with("page-random 8 MB 4 KB 2048 8 "));
    EXPECT_EQ(line_with(full, "sequential 1 MB"), "sequential 1 MB 64 B 16384 64 64 16 16");
    EXPECT_NE(line_with(full, "random 16 KB"), "");
    const std::string summary = set_usage_text(Grouped(counted()), Verbosity::kSummary, kWidth);
    EXPECT_EQ(line_with(summary, "sequential 1 MB"), "");
    EXPECT_EQ(line_with(summary, "sequential 32 MB"),
              "sequential 32 MB 64 B 524288 2048 2048 512 512");
    EXPECT_EQ(set_usage_text(Grouped(Results{}), Verbosity::kFull, kWidth), "");
}

TEST(HostMemoryTables, TheMatrixIsShownAtTheSizeThatMostCellsHave) {
    EXPECT_TRUE(has(matrix(counted()), "one line per page of 8 MB"));
    EXPECT_TRUE(has(misses(counted()), "one line per page of 32 MB"));
}

TEST(HostMemoryTables, EventsThatAreNotCountedAreNamed) {
    const std::string text = misses(on_a_board());
    EXPECT_EQ(line_with(text, "dtlb-refills"), "dtlb-refills per load 1 1 1 0 -");
    EXPECT_TRUE(has(text, "This machine's PMU does not count l1d-refills, bus-accesses."));
    EXPECT_TRUE(has(misses(counted()), "This machine's PMU does not count TLB or cache refills."));
}

TEST(HostMemoryTables, ThePapersModelHasTheMeasuredRatioOnlyWhereThePapersReadsWereDone) {
    // This board has chased through 32 MB, and not as the paper did.
    for (const Results* results : {&counted(), &on_a_board()}) {
        const std::string text = impact_text(Grouped(*results), Verbosity::kSummary, kWidth);
        EXPECT_EQ(line_with(text, ", the paper's"),
                  "r = 2.24, the paper's 1.000124 1.00124 1.0062 1.0124");
        EXPECT_EQ(line_with(text, "measured here"), "");
        EXPECT_TRUE(has(text, "prints 1.014 at 1 %, where its formula gives 1.0124"));
    }
    EXPECT_TRUE(has(joined(impact_text(Grouped(counted()), Verbosity::kSummary, kWidth)),
                    "x 1.01): this machine models no time"));
    Results no_tlb = on_a_board();
    no_tlb.models_tlb = false;
    EXPECT_TRUE(has(joined(impact_text(Grouped(no_tlb), Verbosity::kSummary, kWidth)),
                    "x 1.01): this machine models no TLBs"));
    EXPECT_EQ(impact_text(Grouped(emulated()), Verbosity::kSummary, kWidth), "");
}

TEST(HostMemoryTables, AnEmulatorsTimesAreComparedWithNothing) {
    for (const Verbosity detail : {Verbosity::kSummary, Verbosity::kFull}) {
        const std::string text = joined(figure2(emulated(), detail));
        EXPECT_TRUE(has(text, "These times are the emulator's own"));
        EXPECT_TRUE(has(text, "says nothing about any machine"));
        EXPECT_FALSE(has(text, "The paper"));
        EXPECT_FALSE(has(text, "2.24"));
        EXPECT_FALSE(has(text, " ns  nested ns"));
    }
}

TEST(HostMemoryTables, FaultsStandByWhoServesThem) {
    const std::string text = faults_text(Grouped(counted()), Verbosity::kSummary, kWidth);
    EXPECT_EQ(line_with(text, "page fault (mean)"),
              "page fault (mean) step (A) native (B) guest (C) guest (C) alone (B)+(C)");
    EXPECT_EQ(line_with(text, "guest-handler..guest-written"),
              "guest-handler..guest-written 18 18 - - 20");
    EXPECT_EQ(line_with(text, "hyp-handler..hyp-written"), "hyp-handler..hyp-written - - 22 21 20");
    EXPECT_EQ(line_with(text, "fault, with stamps"), "fault, with stamps 108 108 132 126 220");
    EXPECT_EQ(line_with(text, "fault, without"), "fault, without 96 96 120 114 196");
    EXPECT_EQ(line_with(text, "probe effect"), "probe effect 12 12 12 12 24");
    EXPECT_EQ(line_with(text, "total, without"), "total, without stamps 596 596 620 614 696");
    EXPECT_EQ(line_with(text, "instructions in HYP"), "instructions in HYP 0 0 119 113 100");
    EXPECT_EQ(line_with(text, "stage-1 faults"), "stage-1 faults per access 1 1 0 0 1");
    EXPECT_EQ(line_with(text, "stage-2 faults"), "stage-2 faults per access 0 0 1 1 1");
    EXPECT_TRUE(has(joined(text), "The paper's Arndale: 2.40 us as a host, 2.38 us as a guest."));
    EXPECT_FALSE(has(text, "On QEMU virt, Cortex-A15: x"));
    EXPECT_TRUE(has(joined(faults_text(Grouped(on_a_board()), Verbosity::kSummary, kWidth)),
                    "On QEMU virt, Cortex-A15: x 1.000."));
}

TEST(HostMemoryTables, LayersOfAFaultStandInItsOrderWithTheirSteps) {
    const std::string text = faults_text(Grouped(counted()), Verbosity::kSummary, kWidth);
    std::size_t last = 0;
    for (const char* layer :
         {"access..guest-vector", "access..hyp-vector", "guest-vector..guest-handler",
          "guest-return..hyp-vector", "guest-return..retired", "hyp-vector..hyp-handler",
          "hyp-return..retired", "fault, with stamps"}) {
        const std::size_t at = text.find(layer);
        ASSERT_NE(at, std::string::npos) << layer;
        EXPECT_GT(at, last) << layer;
        last = at;
    }
    Results results = counted();
    for (Row& row : results.rows) {
        if (row.workload == "pagefault" && row.layer == "guest-handler..guest-written") {
            row.steps = row.native() ? "(A)" : "(B)";
        }
    }
    EXPECT_EQ(line_with(faults_text(Grouped(results), Verbosity::kSummary, kWidth),
                        "guest-handler..guest"),
              "guest-handler..guest-written A, B 18 18 - - 20");
}

TEST(HostMemoryTables, FaultsByOrderAndBatchAreShownInFull) {
    const std::string full = faults_text(Grouped(counted()), Verbosity::kFull, kWidth);
    EXPECT_EQ(line_with(full, "order=random batch=16"),
              "order=random batch=16 pages=256 rounds=20 596 596 620 614 696");
    EXPECT_FALSE(has(faults_text(Grouped(counted()), Verbosity::kSummary, kWidth), "order=random"));
}

TEST(HostMemoryTables, ABootHasALineAMappingAndABreakEven) {
    const std::string text = boot_text(Grouped(counted()), Verbosity::kSummary, kWidth);
    EXPECT_TRUE(has(text, "Boot of a guest that touches 128 MB, in instructions"));
    EXPECT_EQ(line_with(text, "mapping"),
              "mapping prepare run total total/native faults HYP per fault tables");
    EXPECT_EQ(line_with(text, "native    "), "native 0 3,276,800 3,276,800 1.00 0 - -");
    EXPECT_EQ(line_with(text, "around-16 "),
              "around-16 10 4,259,840 4,259,850 1.30 2,048 400 128 KB");
    EXPECT_TRUE(
        has(joined(text),
            "Break-even with premapped-4K, by what the guest touches: demand-4K at 85.3 MB; "
            "never within 128 MB: around-16, demand-2M."));
    EXPECT_EQ(line_with(boot_text(Grouped(counted()), Verbosity::kFull, kWidth), "demand-4K 32 MB"),
              "demand-4K 32 MB 10 1,802,240 1,802,250 2.20 8,192 50 128 KB");
}

TEST(HostMemoryTables, WhatNeverPaysBreaksEvenBelowTheLeastThatWasMeasured) {
    const Results results = memory_results({}, {[](MemoryLog& log) {
                                               log.boot("demand-4K", kMega, 10, 5000, 256, 900);
                                               log.boot("premapped-4K", kMega, 10, 1000, 0, 0);
                                           }});
    EXPECT_TRUE(
        has(joined(boot_text(Grouped(results), Verbosity::kSummary, kWidth)), "at or below 1 MB"));
}

TEST(HostMemoryTables, LoopsThatComputeHaveARatioToNative) {
    const std::string text = parity_text(Grouped(counted()), Verbosity::kFull, kWidth);
    EXPECT_TRUE(has(text, "expected ratio 1.00"));
    EXPECT_EQ(line_with(text, "float"), "float 4,000 4,000 1.00 4,000 1.00");
}

TEST(HostMemoryTables, ExitsOfPageFaultsStandOnceForAllOrdersAndBatches) {
    const std::string text = exits_text(Grouped(counted()), Verbosity::kFull, kWidth);
    EXPECT_EQ(line_with(text, "pagefault stage2 "), "pagefault stage2 119 119 119 150");
    EXPECT_EQ(line_with(text, "stage 1 off"), "pagefault stage2, stage 1 off 113 113 113 150");
    EXPECT_EQ(line_with(text, "both"), "pagefault both 100 100 100 -");
    EXPECT_EQ(lines_in(text), 5);
}

TEST(HostMemoryTables, CellsThatCannotBeAreFewWords) {
    Results results;
    for (const char* stage1 : {"lpae-4K", "short-1M"}) {
        for (const char* order : {"page-random stride=4096", "page-dense stride=64"}) {
            results.skipped.push_back(
                {fmt::format("chase stage1={} order={} bytes=8388608 tlb=warm laps=16 "
                             "nested:1G-level2/injected",
                             stage1, order),
                 "impossible"});
        }
    }
    results.skipped.push_back({"boot mapping=around-16 working_set=4096 nested/injected", "other"});
    EXPECT_EQ(skipped_text(Grouped(results), Verbosity::kFull, 200),
              "Not run\nimpossible: 4 scenarios: chase lpae-4K nested:1G-level2/injected, chase "
              "short-1M nested:1G-level2/injected\nother: 1 scenarios: boot around-16 "
              "nested/injected\n");
}

TEST(HostMemoryTables, ASummaryOfFigure2FitsOnAScreenOrTwo) {
    EXPECT_LE(lines_in(figure2(counted())), 67);
    EXPECT_LE(lines_in(figure2(on_a_board())), 89);
    EXPECT_LE(lines_in(figure2(emulated())), 79);
}

TEST(HostMemoryTables, NoLineIsWiderThanTheTerminal) {
    for (const std::size_t width : {40u, 60u, 100u}) {
        for (const Results* results : {&counted(), &on_a_board(), &emulated()}) {
            for (const Verbosity detail : {Verbosity::kSummary, Verbosity::kFull}) {
                std::istringstream lines(figure2_text(Grouped(*results), detail, width));
                for (std::string line; std::getline(lines, line);) {
                    EXPECT_LE(line.size(), width) << line;
                }
            }
        }
    }
}

TEST(HostMemoryTables, WithoutTheirRowsTheyAreEmpty) {
    EXPECT_EQ(figure2(Results{}), "");
    const Results faults = memory_results({}, {write_faults});
    EXPECT_TRUE(has(figure2(faults), "Page faults"));
    EXPECT_FALSE(has(figure2(faults), "chase"));
    EXPECT_FALSE(has(figure2(faults), "TLB"));
    EXPECT_FALSE(has(figure2(faults), "Boot"));
    EXPECT_FALSE(has(figure2(memory_results({}, {write_chases})), "Page faults"));
}

}  // namespace
}  // namespace hm::host::testing
