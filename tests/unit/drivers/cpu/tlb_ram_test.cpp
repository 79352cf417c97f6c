// Expectations are from Cortex-A7's TRM (ARM DDI 0464F, 6.6.3) where that could be read, and
// worked out by hand.

#include "drivers/cpu/tlb_ram.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hm::cpu {
namespace {

TEST(TlbRam, WayAndIndexAreTheEndsOfTheSelectWord) {
    // Table 6.7: bit 31 is the way, bits 7 to 0 are the index.
    EXPECT_EQ(TlbSelect{}.with(TlbSelect::kWay, true).with(TlbSelect::kIndex, 191).raw,
              0x8000'00BFU);
    // Table 6.2: MCR p15, 3, Rd, c15, c4, 2.
    EXPECT_EQ(TlbSelect::kAt.opc1, 3U);
    EXPECT_EQ(TlbSelect::kAt.crn, 15U);
    EXPECT_EQ(TlbSelect::kAt.crm, 4U);
    EXPECT_EQ(TlbSelect::kAt.opc2, 2U);
}

TEST(TlbRam, EveryIndexOfTheManualsTableIsReadOnceInEachWay) {
    // Table 6.8: 0 to 127 main TLB, 128 to 159 walk cache, 160 to 191 IPA cache.
    std::map<std::uint32_t, int> reads;
    TlbContents contents;
    read_all(
        kCortexA7TlbRams,
        [&reads](TlbSelect select) {
            ++reads[select.raw];
            return TlbWords{select.raw, 0, 0};
        },
        contents);
    EXPECT_EQ(contents.count, 2U * 192U);
    EXPECT_EQ(reads.size(), 2U * 192U);
    EXPECT_EQ(reads.begin()->first, 0U);
    EXPECT_EQ(reads.rbegin()->first, 0x8000'00BFU);
    EXPECT_EQ(contents.entries[128][0], 0x8000'0000U) << "the main TLB's other way";
    EXPECT_EQ(contents.entries[256][0], 128U) << "the walk cache";
    EXPECT_EQ(contents.entries[320][0], 160U) << "the IPA cache";
    EXPECT_EQ(ram_of(kCortexA7TlbRams, "walk")->first_index, 128U);
    EXPECT_EQ(ram_of(kCortexA7TlbRams, "L2"), nullptr);
}

TEST(TlbRam, AnEntryOfTheMainTlbHasItsFieldsWhereTheManualPutsThem) {
    // [85:84] = 3, [83:82] = 2, [81:78] = 0xF, a PA of 0x12'3456'7000 in [68:41], ASID 0x81 in
    // [33:26], VMID 1 in [25:18], VA[31:19] = 0x1234 in [17:5], size 5 in [3:1], valid.
    const auto entry = MainTlbEntry::from({0x0406'468BU, 0x468A'CE02U, 0x003B'C002U});
    EXPECT_EQ(entry.get(MainTlbEntry::kStage2Level), 3U);
    EXPECT_EQ(entry.get(MainTlbEntry::kStage1Size), 2U);
    EXPECT_EQ(entry.pa(), 0x12'3456'7000U);
    EXPECT_EQ(entry.get(MainTlbEntry::kAsid), 0x81U);
    EXPECT_EQ(entry.get(MainTlbEntry::kVmid), 1U);
    EXPECT_EQ(entry.get(MainTlbEntry::kVa), 0x1234U);
    EXPECT_EQ(entry.get(MainTlbEntry::kSize), TlbSize::kLong2M);
    EXPECT_TRUE(entry.get(MainTlbEntry::kValid));
    EXPECT_FALSE(entry.get(MainTlbEntry::kNsWalk));
    EXPECT_FALSE(entry.get(MainTlbEntry::kNs));
    EXPECT_EQ(entry.get(MainTlbEntry::kApOrHyp), 0U);
    EXPECT_EQ(MainTlbEntry{}
                  .with(MainTlbEntry::kNs, true)
                  .with(MainTlbEntry::kHap, 2)
                  .with(MainTlbEntry::kApOrHyp, 5)
                  .with(MainTlbEntry::kNotGlobal, true)
                  .raw,
              (TlbWords{0, 0x1AC, 0}));
}

TEST(TlbRam, AFieldIsSetWithoutItsNeighbours) {
    const auto all = MainTlbEntry::from({UINT32_MAX, UINT32_MAX, UINT32_MAX});
    EXPECT_EQ(all.with(MainTlbEntry::kPa, 0).raw, (TlbWords{UINT32_MAX, 0x1FF, 0xFFFF'FFE0}));
    EXPECT_EQ(all.with(MainTlbEntry::kAsid, 0).raw,
              (TlbWords{0x03FF'FFFF, 0xFFFF'FFFC, UINT32_MAX}));
}

TEST(TlbRam, SizesOfTheTwoStagesAreThoseOfTheirCodes) {
    const auto entry = [](std::uint32_t stage2, std::uint32_t stage1, TlbSize size) {
        return MainTlbEntry{}
            .with(MainTlbEntry::kStage2Level, stage2)
            .with(MainTlbEntry::kStage1Size, stage1)
            .with(MainTlbEntry::kSize, size);
    };
    constexpr std::uint64_t kKilo = 1024;
    EXPECT_EQ(stage2_bytes(entry(0, 0, TlbSize::kLong4K)), 0U);
    EXPECT_EQ(stage2_bytes(entry(1, 0, TlbSize::kLong4K)), kKilo * kKilo * kKilo);
    EXPECT_EQ(stage2_bytes(entry(2, 0, TlbSize::kLong4K)), 2 * kKilo * kKilo);
    EXPECT_EQ(stage2_bytes(entry(3, 0, TlbSize::kLong4K)), 4 * kKilo);
    // Table 6.9: 2 is 1 MB in VMSAv7, 2 MB in LPAE; 3 is 16 MB and 1 GB.
    EXPECT_EQ(stage1_bytes(entry(3, 0, TlbSize::kLong4K)), 4 * kKilo);
    EXPECT_EQ(stage1_bytes(entry(3, 1, TlbSize::k4K)), 64 * kKilo);
    EXPECT_EQ(stage1_bytes(entry(3, 2, TlbSize::k4K)), kKilo * kKilo);
    EXPECT_EQ(stage1_bytes(entry(3, 2, TlbSize::kLong4K)), 2 * kKilo * kKilo);
    EXPECT_EQ(stage1_bytes(entry(3, 3, TlbSize::k4K)), 16 * kKilo * kKilo);
    EXPECT_EQ(stage1_bytes(entry(3, 3, TlbSize::kLong4K)), kKilo * kKilo * kKilo);
}

TEST(TlbRam, ASmallPagesAddressIsItsTagAndItsIndex) {
    // 128 sets of pages of 4 KB: the index is VA[18:12], and 13 bits are left for the tag.
    const auto entry = MainTlbEntry{}.with(MainTlbEntry::kVa, 0x9000'5000U >> 19);
    EXPECT_EQ(va_of(entry, 5), 0x9000'5000U);
    EXPECT_EQ(va_of(entry, 127), 0x9007'F000U);
    const auto block = entry.with(MainTlbEntry::kSize, TlbSize::kLong2M);
    EXPECT_EQ(va_of(block, 3), 0x9060'0000U);
}

TEST(TlbRam, TheOtherCachesHaveTheFieldsThatAreKnown) {
    // Walk cache: a table at 0x80'1234'5400 in [77:48], VA[31:25] = 0x48 in [47:41], VMID 1.
    const auto walk = WalkCacheEntry::from({0x0004'0001U, 0x8D15'9000U, 0x2004U});
    EXPECT_EQ(walk.pa(), 0x80'1234'5400U);
    EXPECT_EQ(walk.get(WalkCacheEntry::kVa), 0x48U);
    EXPECT_EQ(walk.get(WalkCacheEntry::kVmid), 1U);
    EXPECT_TRUE(walk.get(WalkCacheEntry::kValid));
    // IPA cache: PA 0x9000'1000 in [58:31], VMID 2.
    const auto ipa = IpaCacheEntry::from({0x8008'0001U, 0x0004'8000U, 0});
    EXPECT_EQ(ipa.pa(), 0x9000'1000U);
    EXPECT_EQ(ipa.get(IpaCacheEntry::kVmid), 2U);
    EXPECT_TRUE(ipa.get(IpaCacheEntry::kValid));
}

}  // namespace
}  // namespace hm::cpu
