#include "drivers/fdt/command_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace hm::fdt {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

std::string words_of(std::string_view text) {
    std::string words;
    for (const Argument& argument : CommandLine(text)) {
        words += "[" + std::string(argument.key) + "|" + std::string(argument.value) + "]";
    }
    return words;
}

TEST(CommandLine, SplitsWordsAtBlanksAndKeysAtTheFirstEqualsSign) {
    EXPECT_EQ(words_of("suite=quick count=1000"), "[suite|quick][count|1000]");
    EXPECT_EQ(words_of("a=b=c d= =e f"), "[a|b=c][d|][|e][f|]");
    EXPECT_EQ(words_of("  a=1\t\tb=2 \r\n"), "[a|1][b|2]");
}

TEST(CommandLine, HasNoWordsWhereThereAreOnlyBlanks) {
    EXPECT_EQ(words_of(""), "");
    EXPECT_EQ(words_of(" \t "), "");
    EXPECT_EQ(words_of({}), "");
}

TEST(CommandLine, FindsValuesByTheirWholeKey) {
    const CommandLine line("count=1 countdown=2 flag");
    EXPECT_EQ(line.value("count"), "1");
    EXPECT_EQ(line.value("countdown"), "2");
    EXPECT_EQ(line.value("flag"), "");
    EXPECT_FALSE(line.value("coun").has_value());
    EXPECT_FALSE(line.value("").has_value());
}

TEST(CommandLine, LetsALaterWordOverrideAnEarlierOne) {
    EXPECT_EQ(CommandLine("count=1 suite=quick count=2").value("count"), "2");
}

TEST(CommandLine, ReadsNumbersInBothBasesAndWithSuffixes) {
    const std::vector<std::pair<std::string_view, std::uint64_t>> cases = {
        {"0", 0},
        {"007", 7},
        {"120000", 120'000},
        {"0x40000000", 0x40000000},
        {"0xDEADbeef", 0xdeadbeef},
        {"64k", 64 << 10},
        {"64K", 64 << 10},
        {"8M", 8 << 20},
        {"1G", 1 << 30},
        {"0x10k", 16 << 10},
        {"18446744073709551615", kLargest},
        {"0xffffffffffffffff", kLargest},
        {"17179869183G", kLargest - ((1 << 30) - 1)},
    };
    for (const auto& [text, value] : cases) {
        const Number number = parse_number(text);
        EXPECT_TRUE(number.ok()) << text;
        EXPECT_EQ(number.value, value) << text;
    }
}

TEST(CommandLine, RefusesWhatIsNotWhollyANumber) {
    for (const std::string_view text :
         {"", " ", "x", "-1", "+1", "1 ", " 1", "1.5", "0x", "0xg", "0X10", "k", "1kk", "1m", "1g",
          "12a", "0xk", "1e3", "99999999999999999999x"}) {
        EXPECT_EQ(parse_number(text).error, NumberError::kNotANumber) << text;
    }
}

TEST(CommandLine, RefusesNumbersBeyond64BitsRatherThanWrapThem) {
    for (const std::string_view text :
         {"18446744073709551616", "99999999999999999999", "0x10000000000000000", "17179869184G",
          "18446744073709551615k", "184467440737095516150",
          "340282366920938463463374607431768211457"}) {
        EXPECT_EQ(parse_number(text).error, NumberError::kTooLarge) << text;
    }
}

TEST(CommandLine, HoldsNumbersToTheirRange) {
    EXPECT_EQ(parse_number("99", 100, 200).error, NumberError::kTooSmall);
    EXPECT_TRUE(parse_number("100", 100, 200).ok());
    EXPECT_TRUE(parse_number("200", 100, 200).ok());
    EXPECT_EQ(parse_number("201", 100, 200).error, NumberError::kTooLarge);
    EXPECT_EQ(parse_number("1k", 100, 200).error, NumberError::kTooLarge);
}

TEST(CommandLine, DescribesItsErrors) {
    EXPECT_EQ(describe(NumberError::kNotANumber), "is not a number");
    EXPECT_EQ(describe(NumberError::kTooSmall), "is too small");
    EXPECT_EQ(describe(NumberError::kTooLarge), "is too large");
}

}  // namespace
}  // namespace hm::fdt
