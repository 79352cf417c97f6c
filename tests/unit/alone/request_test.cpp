#include "alone/core/request.hpp"

#include <gtest/gtest.h>

namespace hm::alone {
namespace {

TEST(AloneRequest, HasTheWordsOfEveryRunAndItsOwn) {
    const AloneRequest parsed =
        parse_alone_request("under=xen-4.17 suite=paper  clock=pmu count=7");
    EXPECT_EQ(parsed.culprit, "");
    EXPECT_STREQ(parsed.under.data(), "xen-4.17");
    EXPECT_EQ(parsed.clock, ClockChoice::kPerformanceMonitor);
    EXPECT_EQ(parsed.request.suite, measure::Suite::kPaper);
    EXPECT_EQ(parsed.request.get(measure::Key::kCount), 7U);
}

TEST(AloneRequest, NobodyNeedsToSayAnything) {
    const AloneRequest parsed = parse_alone_request("");
    EXPECT_EQ(parsed.culprit, "");
    EXPECT_STREQ(parsed.under.data(), "unknown");
    EXPECT_EQ(parsed.clock, ClockChoice::kCounter);
    EXPECT_EQ(parsed.request.suite, measure::Suite::kQuick);
}

TEST(AloneRequest, TheWordThatIsWrongIsNamed) {
    const auto culprit = [](std::string_view text) {
        return std::string(parse_alone_request(text).culprit);
    };
    EXPECT_EQ(culprit("under="), "under=");
    EXPECT_EQ(culprit("under=a\"b count=1"), "under=a\"b");
    EXPECT_EQ(culprit("under=" + std::string(33, 'x')), "under=" + std::string(33, 'x'));
    EXPECT_EQ(culprit("under=" + std::string(32, 'x')), "");
    EXPECT_EQ(culprit("clock=sundial"), "clock=sundial");
    EXPECT_EQ(culprit("count=0"), "count=0");
    EXPECT_EQ(culprit("only=nothing"), "nothing");
    EXPECT_EQ(culprit("root=/dev/vda"), "root=/dev/vda");
    EXPECT_EQ(culprit(std::string(3000, 'x')), std::string(3000, 'x'));
}

}  // namespace
}  // namespace hm::alone
