// The table of the TLBs' RAMs, from logs that a fake RAM fills.

#include "host/report/tlb_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "drivers/cpu/tlb_ram.hpp"
#include "host/log/results.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

using cpu::IpaCacheEntry;
using cpu::MainTlbEntry;
using cpu::TlbSelect;
using cpu::TlbSize;
using cpu::WalkCacheEntry;

constexpr std::size_t kTlbWidth = 110;

/// The RAMs of a core after one chase, of which a test sets entries.
struct FakeRams {
    std::map<std::uint32_t, cpu::TlbWords> entries;  ///< by TlbSelect

    template <class Entry>
    void set(std::uint32_t way, std::uint32_t index, const Entry& entry) {
        entries[TlbSelect{}.with(TlbSelect::kWay, way != 0).with(TlbSelect::kIndex, index).raw] =
            entry.raw;
    }

    /// As the target writes them.
    void put(LogText& log, const std::string& regime, std::uint64_t bytes) const {
        for (const cpu::TlbRam& ram : cpu::kCortexA7TlbRams.rams) {
            for (std::uint32_t way = 0; way < 2; ++way) {
                Json list = Json::array();
                for (std::uint32_t set = 0; set < ram.sets; ++set) {
                    const std::uint32_t index = ram.first_index + set;
                    const auto found = entries.find(way << 31 | index);
                    if (found != entries.end()) {
                        const cpu::TlbWords& words = found->second;
                        list.push_back(Json::array({index, words[0], words[1], words[2]}));
                    }
                }
                log.record("tlb", Json{{"workload", "tlb"},
                                       {"regime", regime},
                                       {"delivery", regime == "native" ? "native" : "injected"},
                                       {"params", Json{{"stage1", "lpae-4K"}, {"bytes", bytes}}},
                                       {"ram", std::string(ram.name)},
                                       {"way", way},
                                       {"sets", ram.sets},
                                       {"entries", list}});
            }
        }
    }
};

MainTlbEntry small_page(std::uint32_t vmid, std::uint32_t stage2_level) {
    return MainTlbEntry{}
        .with(MainTlbEntry::kValid, true)
        .with(MainTlbEntry::kSize, TlbSize::kLong4K)
        .with(MainTlbEntry::kVmid, vmid)
        .with(MainTlbEntry::kStage2Level, stage2_level)
        .with(MainTlbEntry::kVa, 0x9000'0000U >> 19)
        .with(MainTlbEntry::kPa, 0xA000'5000U >> 12);
}

/// Two small pages of a guest, one of HYP's blocks, and what is left of an entry that is not valid.
FakeRams nested_rams() {
    FakeRams rams;
    rams.set(0, 5, small_page(1, 3));
    rams.set(1, 5, small_page(1, 3).with(MainTlbEntry::kNotGlobal, true));
    rams.set(1, 9,
             small_page(0, 0)
                 .with(MainTlbEntry::kSize, TlbSize::kLong2M)
                 .with(MainTlbEntry::kStage1Size, 2)
                 .with(MainTlbEntry::kApOrHyp, 4));
    rams.set(0, 100, small_page(7, 3).with(MainTlbEntry::kValid, false));
    rams.set(0, 130,
             WalkCacheEntry{}
                 .with(WalkCacheEntry::kValid, true)
                 .with(WalkCacheEntry::kVmid, 1)
                 .with(WalkCacheEntry::kVa, 0x48)
                 .with(WalkCacheEntry::kPa, 0xA080'3000U >> 10));
    rams.set(1, 191,
             IpaCacheEntry{}
                 .with(IpaCacheEntry::kValid, true)
                 .with(IpaCacheEntry::kVmid, 1)
                 .with(IpaCacheEntry::kPa, 0xA000'5000U >> 12));
    return rams;
}

RunLog tlb_log() {
    LogText log;
    log.begin({"tlb nested/injected"});
    nested_rams().put(log, "nested", 65'536);
    return parse_log(log.scenario("tlb nested/injected").end().text());
}

TEST(HostTlbTable, EntriesAreCountedByVmidAndByTheSizesOfBothStages) {
    const RunLog log = tlb_log();
    EXPECT_TRUE(log.faults.empty()) << log.faults.front();
    const Results results = judged_results(log);
    const std::string text = tlb_text(Grouped(results), Verbosity::kSummary, kTlbWidth);
    const auto has_line = [&text](const std::string& wanted) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (line_with(line, "") == wanted) {
                return true;
            }
        }
        return false;
    };
    EXPECT_TRUE(has_line("nested lpae-4K 64 KB main TLB 1 4 KB 4 KB 0 2 256")) << text;
    EXPECT_TRUE(has_line("nested lpae-4K 64 KB main TLB 0 2 MB none 4 1 256")) << text;
    EXPECT_TRUE(has_line("nested lpae-4K 64 KB walk cache 1 - - - 1 64")) << text;
    EXPECT_TRUE(has_line("nested lpae-4K 64 KB IPA cache 1 - - - 1 64")) << text;
    EXPECT_FALSE(has(text, " 7 ")) << "that one is not valid";
    // Bit 0 valid, bits 3 to 1 are 1, VMID 1 at bit 18, VA[31:19] = 0x1200 at bit 5; PA[39:12] at
    // bit 41; stage 2's level 3 at bit 84 (TRM 6.6.3).
    EXPECT_TRUE(
        has_line("nested lpae-4K 64 KB main TLB 0 5 90005000 00a0005000 "
                 "00064003 14000a00 00300000"))
        << text;
    EXPECT_TRUE(
        has_line("nested lpae-4K 64 KB walk cache 0 130 tag 48 00a0803000 "
                 "00040001 200c9000 00000028"))
        << text;
    EXPECT_TRUE(has(text, "HYP's own entries are among them"));
}

TEST(HostTlbTable, ASummaryShowsFewEntriesAndTheWholeAllOfThem) {
    const Results results = judged_results(tlb_log());
    const std::string few = tlb_text(Grouped(results), Verbosity::kSummary, kTlbWidth);
    const std::string all = tlb_text(Grouped(results), Verbosity::kFull, kTlbWidth);
    // HYP's entry is the third: valid, size 5 (2 MB of LPAE), VMID 0 and VA[31:19] = 0x1200.
    EXPECT_FALSE(has(few, "0002400b"));
    EXPECT_TRUE(has(all, "0002400b"));
}

TEST(HostTlbTable, ARunWithoutSuchRecordsHasNoTable) {
    const Results results = judged_results(parse_log(LogText().begin({}).end().text()));
    EXPECT_EQ(tlb_text(Grouped(results), Verbosity::kFull, kTlbWidth), "");
    EXPECT_FALSE(has(json_text(results), "\"tlb\": ["));
}

TEST(HostTlbTable, WhatWasReadIsKeptInTheResults) {
    const Results results = judged_results(tlb_log());
    ASSERT_EQ(results.tlb.size(), 6U);
    const ReadResults again = read_results(json_text(results));
    ASSERT_TRUE(again.results) << again.error;
    EXPECT_EQ(again.results->tlb, results.tlb);
}

TEST(HostTlbTable, ARecordThatCannotBeIsAFault) {
    const Json good{
        {"workload", "tlb"},
        {"regime", "native"},
        {"delivery", "native"},
        {"params", Json{{"bytes", 65'536}}},
        {"ram", "main"},
        {"way", 0},
        {"sets", 128},
        {"entries", Json::array({Json::array({3, 1, 2, 3}), Json::array({4, 1, 2, 3})})}};
    const auto fault_of = [&good](const Json& change) {
        Json changed = good;
        changed.update(change);
        LogText log;
        log.begin({"a"}).record("tlb", changed).scenario("a").end();
        const RunLog parsed = parse_log(log.text());
        return parsed.faults.empty() ? std::string() : parsed.faults.front();
    };
    EXPECT_EQ(fault_of(Json::object()), "");
    const Json falling = Json::array({Json::array({4, 1, 2, 3}), Json::array({3, 1, 2, 3})});
    const Json far = Json::array({Json::array({0, 1, 2, 3}), Json::array({128, 1, 2, 3})});
    for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{
             {"entries", falling},
             {"entries", far},
             {"entries", Json::array({Json::array({1, 2, 3})})},
             {"entries", Json::array({Json::array({1, 2, 3, 4'294'967'296})})},
             {"entries", Json::array({5})},
             {"way", 16},
             {"sets", 257},
             {"ram", ""},
             {"regime", "hyp"},
             {"stage2", "5G"}}) {
        EXPECT_TRUE(has(fault_of(Json{{key, value}}), "\"" + key + "\"")) << value;
    }
}

}  // namespace
}  // namespace hm::host::testing
