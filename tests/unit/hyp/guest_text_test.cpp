#include "hyp/core/guest_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "measure/record.hpp"

namespace hm::hyp {
namespace {

constexpr std::uint32_t kPlenty = 1'000'000;

/// A guest called `guest` that prints `text`, and the console.
struct Printer {
    explicit Printer(std::uint32_t most = kPlenty) { text.start("guest", most); }

    void print(const std::string& words) {
        for (const char c : words) {
            text.put(c, measure::CharSink(to_console));
        }
    }
    void end() { text.end(measure::CharSink(to_console)); }

    /// What stands between two newlines; the last one of it must be nothing.
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> found;
        std::istringstream all(console);
        for (std::string line; std::getline(all, line);) {
            found.push_back(line);
        }
        EXPECT_TRUE(console.empty() || console.back() == '\n');
        return found;
    }

    std::string console;
    std::function<void(char)> to_console = [this](char c) { console += c; };
    GuestText text;
};

TEST(GuestText, ALineComesOutWithTheNameOfItsGuest) {
    Printer printer;
    printer.print("Hello");
    EXPECT_EQ(printer.console, "") << "not before it is complete";
    printer.print(", world\n\nbye\n");
    EXPECT_EQ(printer.console, "guest: Hello, world\nguest: \nguest: bye\n");
}

TEST(GuestText, WhatIsLeftComesOutAtTheEnd) {
    Printer printer;
    printer.print("no newline");
    printer.end();
    printer.end();
    EXPECT_EQ(printer.console, "guest: no newline\n");
}

TEST(GuestText, ANewGuestDoesNotContinueTheLineOfAnother) {
    Printer printer;
    printer.print("old");
    printer.text.start("other", kPlenty);
    printer.print("new\n");
    EXPECT_EQ(printer.console, "other: new\n");
}

TEST(GuestText, ALongLineIsCutAndALineThatJustFitsIsNot) {
    Printer printer;
    printer.print(std::string(100, 'a') + "\n" + std::string(250, 'b') + "\n");
    EXPECT_EQ(printer.lines(),
              (std::vector<std::string>{
                  "guest: " + std::string(100, 'a'), "guest: " + std::string(100, 'b'),
                  "guest: " + std::string(100, 'b'), "guest: " + std::string(50, 'b')}));
}

TEST(GuestText, NothingThatMovesTheCursorReachesTheConsole) {
    Printer printer;
    printer.print("a\rb\x1b[2Jc\b\a");
    printer.print(std::string(1, '\0'));
    printer.print("d\r\n");
    EXPECT_EQ(printer.console, "guest: ab\\x1b[2Jc\\x08\\x07\\x00d\n");
}

TEST(GuestText, BytesThatAreNotAsciiComeOutAsNumbers) {
    Printer printer;
    printer.print("d\x7f\xc3\xa4\te\n");
    EXPECT_EQ(printer.console, "guest: d\\x7f\\xc3\\xa4\te\n");
}

TEST(GuestText, AnEscapedCharacterIsNotCutInTwo) {
    Printer printer;
    printer.print(std::string(98, 'a') + "\x1b" + std::string(97, 'b') + "\x1b\n");
    EXPECT_EQ(printer.lines(),
              (std::vector<std::string>{"guest: " + std::string(98, 'a'),
                                        "guest: \\x1b" + std::string(96, 'b'), "guest: b\\x1b"}));
}

TEST(GuestText, AGuestThatPrintsTooMuchIsCutShort) {
    // Each line takes 7 + 10 + 1 characters of the console.
    Printer printer(40);
    for (int i = 0; i < 100; ++i) {
        printer.print("0123456789\n");
    }
    printer.end();
    const std::vector<std::string> lines = printer.lines();
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[2], "guest: 0123456789");
    EXPECT_NE(lines[3].find("left out"), std::string::npos);
    EXPECT_TRUE(lines[3].starts_with("guest: "));
}

TEST(GuestText, EmptyLinesCountToo) {
    Printer printer(80);
    printer.print(std::string(1000, '\n'));
    EXPECT_EQ(printer.lines().size(), 11U);
}

TEST(GuestText, WhateverAGuestPrintsIsWholeLinesWithItsName) {
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        std::mt19937 random(seed);
        Printer printer;
        for (int i = 0; i < 5000; ++i) {
            constexpr std::string_view kMean = "\n\r{\"\x1b\0";
            const std::uint32_t choice = random() % 16;
            printer.print(std::string(
                1, choice < kMean.size() ? kMean[choice] : static_cast<char>(random())));
        }
        printer.end();
        for (const std::string& line : printer.lines()) {
            ASSERT_TRUE(line.starts_with("guest: ")) << line;
            ASSERT_LE(line.size(), 7 + GuestText::kWidth);
            ASSERT_TRUE(std::all_of(line.begin(), line.end(), [](char c) {
                return c == '\t' || (c >= ' ' && c <= '~');
            })) << line;
        }
    }
}

TEST(GuestText, WithoutANameTheConsoleIsTheGuestsButForOneCharacter) {
    std::string console;
    const std::function<void(char)> to_console = [&console](char c) { console += c; };
    GuestText text;
    text.start("", 5);
    std::string all;
    for (int code = 0; code < 256; ++code) {
        all += static_cast<char>(code);
    }
    for (const char c : all + all) {
        text.put(c, measure::CharSink(to_console));
    }
    text.end(measure::CharSink(to_console));
    all.erase(all.find(measure::kGuestTextMark), 1);
    EXPECT_EQ(console, all + all) << "as it came, and without a limit";
}

}  // namespace
}  // namespace hm::hyp
