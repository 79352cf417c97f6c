#include "host/base/text.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace hm::host {
namespace {

TEST(HostText, NumbersHaveThousandsSeparatorsAndNoIdleDecimals) {
    EXPECT_EQ(number_text(0), "0");
    EXPECT_EQ(number_text(-0.0001), "0");
    EXPECT_EQ(number_text(12), "12");
    EXPECT_EQ(number_text(999), "999");
    EXPECT_EQ(number_text(1000), "1,000");
    EXPECT_EQ(number_text(1234567.5), "1,234,567.5");
    EXPECT_EQ(number_text(-123456), "-123,456");
    EXPECT_EQ(number_text(2.125), "2.125");
    EXPECT_EQ(number_text(100.1004), "100.1");
}

TEST(HostText, BytesTakeTheLargestUnitThatLeavesAWholeNumber) {
    EXPECT_EQ(bytes_text(64 << 10), "64 KB");
    EXPECT_EQ(bytes_text(8 << 20), "8 MB");
    EXPECT_EQ(bytes_text((1 << 20) + 1), "1048577 B");
    EXPECT_EQ(bytes_key_text(1 << 30), "1G");
    EXPECT_EQ(bytes_key_text(3 << 19), "1536K");
}

TEST(HostText, LinesBreakBetweenWordsAndLaterOnesAreIndented) {
    EXPECT_EQ(wrap("one two three", 80), "one two three\n");
    EXPECT_EQ(wrap("one two three", 8), "one two\nthree\n");
    EXPECT_EQ(wrap("one two three", 8, 2), "one two\n  three\n");
    EXPECT_EQ(wrap("one", 3), "one\n");
    EXPECT_EQ(wrap("", 3), "\n");
}

TEST(HostText, AWordLongerThanALineIsCut) {
    EXPECT_EQ(wrap("abcdefgh", 3), "abc\ndef\ngh\n");
    EXPECT_EQ(wrap("abcdef", 1, 4), "a\nb\nc\nd\ne\nf\n");
}

TEST(HostText, TextsAlignLeftAndNumbersRight) {
    const Table table{{"layer", "native", "guest"},
                      {{"a", "1", "22,222,222"}, {"long name", "2", "-"}}};
    EXPECT_EQ(render(table, 80),
              "layer      native       guest\n"
              "a               1  22,222,222\n"
              "long name       2           -\n");
}

TEST(HostText, ALongLabelIsWrappedBeforeColumnsAreGivenUp) {
    const Table table{{"layer", "native"}, {{"chase random with many words 8 MB", "12,345"}}};
    EXPECT_EQ(render(table, 30),
              "layer                   native\n"
              "chase random with many  12,345\n"
              "  words 8 MB\n");
}

TEST(HostText, ALayersNameBreaksAfterItsDots) {
    EXPECT_EQ(wrap("guest-acknowledged..handler-done", 22, 2),
              "guest-acknowledged..\n  handler-done\n");
    EXPECT_EQ(wrap("a guest-acknowledged..b", 20), "a\nguest-acknowledged..\nb\n");
    EXPECT_EQ(wrap("ab..", 2), "ab\n..\n");
}

TEST(HostText, ColumnsThatDoNotFitStandBelow) {
    const Table table{{"layer", "step", "native", "injected", "direct"},
                      {{"a", "1", "11,111,111", "22", "33"}, {"b", "2", "3", "4", "5"}},
                      2};
    EXPECT_EQ(render(table, 50),
              "layer  step      native  injected  direct\n"
              "a      1     11,111,111        22      33\n"
              "b      2              3         4       5\n");
    EXPECT_EQ(render(table, 40),
              "layer  step      native  injected\n"
              "a      1     11,111,111        22\n"
              "b      2              3         4\n"
              "layer  step  direct\n"
              "a      1         33\n"
              "b      2          5\n");
}

TEST(HostText, ATableIsNeverWiderThanAsked) {
    const Table table{{"layer", "unit", "native", "guest"},
                      {{"deadline..application and more", "instructions", "12,345", "123,456,789"}},
                      2};
    const std::string wide = render(table, 80);
    for (std::size_t width = 8; width <= 80; ++width) {
        std::istringstream lines(render(table, width));
        std::string all;
        for (std::string line; std::getline(lines, line); all += line) {
            EXPECT_LE(line.size(), width) << line;
        }
        if (width >= 20) {
            // However narrow, no number is cut.
            EXPECT_NE(all.find("12,345"), std::string::npos) << width;
            EXPECT_NE(all.find("123,456,789"), std::string::npos) << width;
        }
    }
    EXPECT_EQ(wide.find("  native 12,345"), std::string::npos);
}

TEST(Text, AFileOfLinesHasNoCarriageReturns) {
    EXPECT_EQ(without_carriage_returns("a\r\n\r\nb\rc\n"), "a\n\nbc\n");
}

}  // namespace
}  // namespace hm::host
