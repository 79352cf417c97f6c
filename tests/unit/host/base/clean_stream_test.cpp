// Text that reaches a terminal.

#include "host/base/clean_stream.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>
#include <sstream>

namespace hm::host::testing {
namespace {

std::string cleaned(const std::string& text) {
    std::ostringstream to;
    CleanStream stream(to);
    stream << text << std::flush;
    std::ostringstream byte_by_byte;
    CleanStream slow(byte_by_byte);
    for (const char c : text) {
        slow << c;
    }
    slow << std::flush;
    EXPECT_EQ(to.str(), byte_by_byte.str());
    return to.str();
}

TEST(HostCleanStream, TextPassesAsItIs) {
    EXPECT_EQ(cleaned("a table\t|\n"), "a table\t|\n");
    EXPECT_EQ(cleaned("VA \u2192 IPA, \u00e9, \U0001f600\n"),
              "VA \u2192 IPA, \u00e9, \U0001f600\n");
}

TEST(HostCleanStream, NoControlByteDoes) {
    EXPECT_EQ(cleaned("\x1b[2J\x07\r\x7f\b"), "?[2J????");
    EXPECT_EQ(cleaned(std::string("a\0b", 3)), "a?b");
    // C1: as one byte, and as UTF-8.
    EXPECT_EQ(cleaned("\x9b"
                      "31m"),
              "?31m");
    EXPECT_EQ(cleaned("\xc2\x9b"
                      "31m"),
              "??31m");
}

TEST(HostCleanStream, WhatIsNoUtf8IsMarked) {
    EXPECT_EQ(cleaned("\xc0\x9b"
                      "x"),
              "??x")
        << "an overlong form";
    EXPECT_EQ(cleaned("\xe2\x86"
                      "x"),
              "?x")
        << "cut short";
    EXPECT_EQ(cleaned("\xe2\xe2\x86\x92"), "?\u2192");
    EXPECT_EQ(cleaned("\xed\xa0\x80"), "???") << "a surrogate";
    EXPECT_EQ(cleaned("\xf4\x90\x80\x80"), "????") << "beyond the last character";
}

TEST(HostCleanStream, AFullDiskIsNamed) {
    std::ofstream full("/dev/full");
    CleanStream stream(full);
    stream << "text" << std::flush;
    EXPECT_FALSE(stream);
    EXPECT_EQ(stream.error(), ENOSPC);
}

}  // namespace
}  // namespace hm::host::testing
