#include "host/log/console_prefix.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hm::host::testing {
namespace {

/// All that is left of `text` when it comes in pieces of `size`.
std::string left_of(const std::string& prefix, const std::string& text, std::size_t size) {
    ConsolePrefix stripped(prefix);
    std::string left;
    for (std::size_t at = 0; at < text.size(); at += size) {
        left += stripped.feed(std::string_view(text).substr(at, size));
    }
    return left + stripped.finish();
}

const std::string kConsole =
    "(XEN) Xen version 4.17\r\n"
    "(XEN) DOM1: hello\r\n"
    "(XEN) DOM1: \r\n"
    "(XEN) DOM1: (XEN) DOM1: twice\r\n"
    "(XEN) DOM10: another\r\n"
    "\r\n"
    "in a line (XEN) DOM1: stays\n"
    "(XEN) DOM1: without an end";
const std::string kLeft =
    "(XEN) Xen version 4.17\r\n"
    "hello\r\n"
    "\r\n"
    "(XEN) DOM1: twice\r\n"
    "(XEN) DOM10: another\r\n"
    "\r\n"
    "in a line (XEN) DOM1: stays\n"
    "without an end";

TEST(HostConsolePrefix, IsTakenFromEachLineThatBeginsWithItOnce) {
    EXPECT_EQ(left_of("(XEN) DOM1: ", kConsole, kConsole.size()), kLeft);
}

TEST(HostConsolePrefix, IsFoundHoweverTheBytesAreCut) {
    for (const std::size_t size : {1U, 2U, 3U, 5U, 7U, 13U, 64U}) {
        EXPECT_EQ(left_of("(XEN) DOM1: ", kConsole, size), kLeft) << size;
    }
}

TEST(HostConsolePrefix, LeavesEverythingWhereThereIsNone) {
    EXPECT_EQ(left_of("", kConsole, 3), kConsole);
    EXPECT_EQ(left_of("[dom] ", kConsole, 3), kConsole);
}

TEST(HostConsolePrefix, KeepsTheBeginningOfALineThatMayStillHaveIt) {
    ConsolePrefix stripped("[1] ");
    EXPECT_EQ(stripped.feed("a\n[1"), "a\n");
    EXPECT_EQ(stripped.feed("] b"), "b");
    EXPECT_EQ(stripped.feed("\n["), "\n");
    EXPECT_EQ(stripped.finish(), "[");
    EXPECT_EQ(stripped.finish(), "");
}

}  // namespace
}  // namespace hm::host::testing
