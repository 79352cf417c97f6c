#include "measure/repeat.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace hm::measure {
namespace {

template <std::size_t kBytes>
std::string logged(std::array<char, kBytes>& memory, std::string_view text, std::uint32_t number) {
    RecordLog log(memory);
    for (const char c : text) {
        log.put(c);
    }
    return std::string(log.line(number).value_or("nothing"));
}

TEST(RecordLog, EachLineIsFoundByItsNumberWithoutItsNewline) {
    std::array<char, 64> memory{};
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 0), "zero");
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 1), "one");
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 2), "");
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 3), "three");
}

TEST(RecordLog, ALineThatDoesNotExistOrIsNotWholeIsNotGiven) {
    std::array<char, 64> memory{};
    EXPECT_EQ(logged(memory, "zero\none\n", 2), "nothing");
    EXPECT_EQ(logged(memory, "zero\none", 1), "nothing");
    EXPECT_EQ(logged(memory, "", 0), "nothing");
}

TEST(RecordLog, WhatDoesNotFitIsDroppedAndWhatDidStays) {
    std::array<char, 8> memory{};
    EXPECT_EQ(logged(memory, "zero\none\n", 0), "zero");
    EXPECT_EQ(logged(memory, "zero\none\n", 1), "nothing");
    std::array<char, 0> none{};
    EXPECT_EQ(logged(none, "zero\n", 0), "nothing");
}

/// The answer to `request`, or "none".
std::string answer_to(std::string_view request, std::string_view text = "zero\none\n") {
    std::vector<char> memory(text.size());
    RecordLog log(memory);
    for (const char c : text) {
        log.put(c);
    }
    std::string answer;
    auto append = [&answer](char c) { answer += c; };
    return put_piece(append, log, request) ? answer : "none";
}

/// "@piece BODY crc=..", as it must be.
std::string piece(const std::string& body) {
    std::array<char, 9> crc{};
    (void)std::snprintf(crc.data(), crc.size(), "%08x", crc32(std::as_bytes(std::span(body))));
    return "@piece " + body + " crc=" + crc.data() + "\n";
}

TEST(Repeat, AnAgainAsksForARecordFromACharacterOn) {
    EXPECT_EQ(answer_to("again 0 0:"), piece("0 0:zero"));
    EXPECT_EQ(answer_to("again 1 0:"), piece("1 0:one"));
    EXPECT_EQ(answer_to("again 1 2:"), piece("1 2:e"));
}

TEST(Repeat, NumbersOfMoreThanNineDigitsAreRefused) {
    for (const char* const text : {"999999999 0:", "0 999999999:"}) {
        std::string_view rest = text;
        EXPECT_TRUE(take_piece(rest).has_value()) << text;
    }
    for (const char* const text :
         {"1000000000 0:", "0 1000000000:", "4294967296 0:", "99999999999999999999 0:"}) {
        std::string_view rest = text;
        EXPECT_FALSE(take_piece(rest).has_value()) << text;
    }
}

TEST(Repeat, APieceHas256CharactersUnlessTheLineEndsBefore) {
    std::string line;
    for (int i = 0; i < 600; ++i) {
        line += static_cast<char>('a' + i % 26);
    }
    const std::string text = line + "\n";
    EXPECT_EQ(answer_to("again 0 0:", text), piece("0 0:" + line.substr(0, 256)));
    EXPECT_EQ(answer_to("again 0 256:", text), piece("0 256:" + line.substr(256, 256)));
    EXPECT_EQ(answer_to("again 0 512:", text), piece("0 512:" + line.substr(512)));
    EXPECT_EQ(answer_to("again 0 600:", text), "none");
}

TEST(Repeat, AnythingElseAsksForNone) {
    for (const char* const line : {"",
                                   "bye",
                                   "again",
                                   "again ",
                                   "again x",
                                   "again 1",
                                   "again 1 0",
                                   "again 1:",
                                   "again -1 0:",
                                   "Again 1 0:",
                                   "again 9999999999 0:",
                                   "again 1 9999999999:",
                                   "agai 1 0:",
                                   "again 1 0:\r",
                                   "again 1 0: ",
                                   "again 1  0:",
                                   "again 1 0:0",
                                   "again 2 0:",
                                   "again 1 3:",
                                   "again  1 0:",
                                   "again 1 :",
                                   "again 4294967296 0:"}) {
        EXPECT_EQ(answer_to(line), "none") << line;
    }
}

}  // namespace
}  // namespace hm::measure
