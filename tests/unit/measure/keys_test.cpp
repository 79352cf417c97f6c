#include "measure/request.hpp"

#include <gtest/gtest.h>

#include <string>

#include <set>
#include <string_view>

#include "measure/workload/table.hpp"

namespace hm::measure {
namespace {

TEST(Keys, EveryDefaultLiesInItsRange) {
    for (const KeyInfo& key : kKeys) {
        EXPECT_GE(key.usual, key.low) << key.name;
        EXPECT_LE(key.usual, key.high) << key.name;
    }
}

TEST(Keys, NamesAreUniqueAndNoneHidesAWordOfTheCommandLine) {
    std::set<std::string_view> names{"suite", "only"};
    for (const KeyInfo& key : kKeys) {
        EXPECT_TRUE(names.insert(key.name).second) << key.name;
    }
}

TEST(Keys, ASuiteHasWhatItChangesAndElseWhatQuickHas) {
    EXPECT_EQ(default_of(Suite::kQuick, Key::kCount), 1000U);
    EXPECT_EQ(default_of(Suite::kModel, Key::kCount), 20U);
    EXPECT_EQ(default_of(Suite::kModel, Key::kMemory), kGiB) << "as quick";
    EXPECT_EQ(word_of(info(Key::kExit).words, default_of(Suite::kModel, Key::kExit)),
              std::string_view("null"));
    EXPECT_EQ(default_of(Suite::kTime, Key::kExit), 0U) << "any";
}

TEST(Keys, NoSuiteNamesAKeyTwice) {
    for (const SuiteInfo& suite : kSuites) {
        std::set<Key> named;
        for (const Change& change : suite.changes) {
            EXPECT_TRUE(named.insert(change.key).second)
                << suite.name << ' ' << info(change.key).name;
        }
    }
}

TEST(Keys, ASuiteOfOneWorkloadHasNoOther) {
    const Request tables = default_request(Suite::kTables);
    for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
        if (kWorkloads[i]->only != nullptr) {  // else it is planned by a key alone
            EXPECT_EQ(tables.wanted[i], kWorkloads[i] == &chase::kWorkload) << kWorkloads[i]->name;
        }
    }
}

TEST(Keys, ThePaperSuiteHasThePapersParameters) {
    const Request paper = default_request(Suite::kPaper);
    EXPECT_EQ(paper.get(Key::kPeriod), 30'000u);
    EXPECT_EQ(paper.get(Key::kCount), 120'000u);
    EXPECT_EQ(paper.get(Key::kBytes), 256 * kMiB);
}

TEST(Keys, ValuesAreTakenInTheirRangeOnly) {
    const KeyInfo& pages = info(Key::kPages);
    EXPECT_EQ(parse_value(pages, "1"), 1u);
    EXPECT_EQ(parse_value(pages, "4096"), 4096u);
    EXPECT_EQ(parse_value(pages, "0"), std::nullopt);
    EXPECT_EQ(parse_value(pages, "4097"), std::nullopt);
}

/// Also where one digit, or one before a unit, is more than the greatest value.
TEST(Keys, ADigitAboveTheGreatestValueIsRefused) {
    EXPECT_EQ(parse_value(info(Key::kHang), "1"), 1u);
    for (const char* text : {"2", "9", "10"}) {
        EXPECT_EQ(parse_value(info(Key::kHang), text), std::nullopt) << text;
        EXPECT_EQ(parse_value(info(Key::kReset), text), std::nullopt) << text;
    }
    for (const char* text : {"1G", "4G", "5G", "257M", "300M"}) {
        EXPECT_EQ(parse_value(info(Key::kBytes), text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_value(info(Key::kBytes), "256M"), 256 * kMiB);
    EXPECT_EQ(parse_value(info(Key::kMemory), "3G"), 3 * kGiB);
    EXPECT_EQ(parse_value(info(Key::kMemory), "4G"), std::nullopt);
}

TEST(Keys, MalformedValuesAreRefused) {
    for (const std::string_view text :
         {"", "-1", "+1", "1x", "0x10", " 1", "1 ", "1.5", "K", "1K"}) {
        EXPECT_EQ(parse_value(info(Key::kPages), text), std::nullopt) << text;
    }
    for (const std::string_view text : {"K", "1KK", "1KB", "1k"}) {
        EXPECT_EQ(parse_value(info(Key::kBytes), text), std::nullopt) << text;
    }
}

TEST(Keys, BytesMayHaveAUnit) {
    EXPECT_EQ(parse_value(info(Key::kBytes), "64K"), 64 * kKiB);
    EXPECT_EQ(parse_value(info(Key::kBytes), "65536"), 64 * kKiB);
    EXPECT_EQ(parse_value(info(Key::kBytes), "256M"), 256 * kMiB);
    EXPECT_EQ(parse_value(info(Key::kMemory), "3G"), 3 * kGiB);
    EXPECT_EQ(parse_value(info(Key::kBytes), "63K"), std::nullopt);
    EXPECT_EQ(parse_value(info(Key::kBytes), "257M"), std::nullopt);
}

TEST(Keys, HugeNumbersDoNotWrapAround) {
    // 2^32 + 256, 2^64 + 256, and 2^22 + 1 M, which would wrap to 256, to 256 and to 1 M.
    EXPECT_EQ(parse_value(info(Key::kPages), "4294967552"), std::nullopt);
    EXPECT_EQ(parse_value(info(Key::kPages), "18446744073709551872"), std::nullopt);
    EXPECT_EQ(parse_value(info(Key::kBytes), "4194305M"), std::nullopt);
    EXPECT_EQ(parse_value(info(Key::kWatchdog), "4000000000"), 4'000'000'000u);
    EXPECT_EQ(parse_value(info(Key::kWatchdog), "4000000001"), std::nullopt);
    EXPECT_EQ(parse_value(info(Key::kWatchdog), "4294967296"), std::nullopt);
}

TEST(Keys, AnEmptyCommandLineAsksForTheQuickSuite) {
    const ParsedRequest parsed = parse_request("");
    EXPECT_FALSE(parsed.refusal);
    EXPECT_EQ(parsed.request.suite, Suite::kQuick);
    EXPECT_TRUE(wants(parsed.request, chase::kWorkload));
    EXPECT_EQ(parsed.request.get(Key::kCount), 1000u);
}

TEST(Keys, KeysWinOverTheSuiteWhereverItStands) {
    const ParsedRequest parsed = parse_request(" count=7  suite=paper only=timer,chase ");
    ASSERT_FALSE(parsed.refusal);
    EXPECT_EQ(parsed.request.suite, Suite::kPaper);
    EXPECT_EQ(parsed.request.get(Key::kCount), 7u);
    EXPECT_EQ(parsed.request.get(Key::kPeriod), 30'000u);
    EXPECT_TRUE(wants(parsed.request, timer::kWorkload));
    EXPECT_TRUE(wants(parsed.request, chase::kWorkload));
    EXPECT_FALSE(wants(parsed.request, page_fault::kWorkload));
    EXPECT_FALSE(wants(parsed.request, hypercall::kWorkload));
}

TEST(Keys, ABadWordIsNamed) {
    struct Case {
        std::string_view text;
        Refusal refusal;
        std::string_view culprit;
    };
    for (const Case& bad : {Case{"count=1 bogus=1", Refusal::kUnknownKey, "bogus=1"},
                            Case{"count", Refusal::kBadValue, "count"},
                            Case{"count=0", Refusal::kBadValue, "count=0"},
                            Case{"suite=slow", Refusal::kUnknownSuite, "slow"},
                            Case{"only=timer,walk", Refusal::kUnknownWorkload, "walk"},
                            Case{"only=", Refusal::kUnknownWorkload, ""},
                            Case{"only", Refusal::kUnknownWorkload, ""}}) {
        const ParsedRequest parsed = parse_request(bad.text);
        EXPECT_EQ(parsed.refusal, bad.refusal) << bad.text;
        EXPECT_EQ(parsed.culprit, bad.culprit) << bad.text;
    }
}

TEST(Keys, PickLeavesOutWhatItDoesNotName) {
    // Four scenarios each digit, the lowest bit first: the first, the third and the eighth.
    const ParsedRequest parsed = parse_request("suite=quick pick=58");
    ASSERT_FALSE(parsed.refusal);
    for (std::size_t i = 0; i < kMostScenarios; ++i) {
        EXPECT_EQ(parsed.request.left_out[i], i != 0 && i != 2 && i != 7) << i;
    }
    EXPECT_TRUE(parse_request("").request.left_out.none());
    for (const char* const bad : {"pick=", "pick", "pick=g", "pick=F", "pick=0x1"}) {
        EXPECT_EQ(parse_request(bad).refusal, Refusal::kBadValue) << bad;
    }
    const std::string longest(kMostScenarios / 4, 'f');
    EXPECT_TRUE(parse_request("pick=" + longest).request.left_out.none());
    EXPECT_EQ(parse_request("pick=" + longest + "f").refusal, Refusal::kBadValue);
}

TEST(Keys, TheTargetRefusesTheHostsKeys) {
    EXPECT_EQ(parse_request("memory=1G").refusal, Refusal::kUnknownKey);
    EXPECT_EQ(parse_request("smp=1").refusal, Refusal::kUnknownKey);
}

}  // namespace
}  // namespace hm::measure
