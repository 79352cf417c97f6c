#include "measure/repeat.hpp"

#include <gtest/gtest.h>

#include <array>

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

TEST(RecordLog, EachLineIsFoundByItsNumberWithItsNewline) {
    std::array<char, 64> memory{};
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 0), "zero\n");
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 1), "one\n");
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 2), "\n");
    EXPECT_EQ(logged(memory, "zero\none\n\nthree\n", 3), "three\n");
}

TEST(RecordLog, ALineThatDoesNotExistOrIsNotWholeIsNotGiven) {
    std::array<char, 64> memory{};
    EXPECT_EQ(logged(memory, "zero\none\n", 2), "nothing");
    EXPECT_EQ(logged(memory, "zero\none", 1), "nothing");
    EXPECT_EQ(logged(memory, "", 0), "nothing");
}

TEST(RecordLog, WhatDoesNotFitIsDroppedAndWhatDidStays) {
    std::array<char, 8> memory{};
    EXPECT_EQ(logged(memory, "zero\none\n", 0), "zero\n");
    EXPECT_EQ(logged(memory, "zero\none\n", 1), "nothing");
    std::array<char, 0> none{};
    EXPECT_EQ(logged(none, "zero\n", 0), "nothing");
}

TEST(Repeat, AnAgainWithANumberAsksForARecord) {
    EXPECT_EQ(record_asked_for("again 0"), 0U);
    EXPECT_EQ(record_asked_for("again 705"), 705U);
    EXPECT_EQ(record_asked_for("again 999999999"), 999'999'999U);
}

TEST(Repeat, AnythingElseAsksForNone) {
    for (const char* const line : {"", "bye", "again", "again ", "again x", "again 1 ", "again -1",
                                   "Again 1", "again 9999999999", "agai 1", "again 1\r"}) {
        EXPECT_EQ(record_asked_for(line), std::nullopt) << line;
    }
}

}  // namespace
}  // namespace hm::measure
