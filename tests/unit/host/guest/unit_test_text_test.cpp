#include "host/guest/unit_test_text.hpp"

#include <gtest/gtest.h>

namespace hm::host {
namespace {

TEST(UnitTestConsole, EachLineOfAResultIsCountedAndNothingElse) {
    const UnitTestText text = parse_unit_test(
        "INFO: gicv2: PASS: is in the middle\r\n"
        "PASS: gicv2: mmio: all CPUs have interrupts\r\n"
        "FAIL: gicv2: mmio: TYPER is read-only\n"
        "SKIP: psci: cpu-on\n"
        "XFAIL: known: one\n"
        "KFAIL: known: other\n"
        "XPASS: known: third\n"
        "PASSED\n"
        "SUMMARY: 6 tests, 2 unexpected failures\n"
        "\n"
        "EXIT: STATUS=3\n");
    EXPECT_EQ(text.passes, 1U);
    EXPECT_EQ(text.skips, 1U);
    EXPECT_EQ(text.expected_failures, 2U);
    EXPECT_EQ(text.failed,
              (std::vector<std::string>{"gicv2: mmio: TYPER is read-only",
                                        "known: third (expected to fail, but passed)"}));
    EXPECT_EQ(text.summed_up, 6U);
    EXPECT_EQ(text.status, kUnitTestFailed);
    EXPECT_EQ(text.checks(), 6U);
    EXPECT_EQ(why_no_success(text),
              "failed: gicv2: mmio: TYPER is read-only; "
              "known: third (expected to fail, but passed)");
}

TEST(UnitTestConsole, ASuccessHasPassesASummaryOfThemAndStatus1) {
    EXPECT_EQ(why_no_success(parse_unit_test("PASS: a\nSKIP: b\nSUMMARY: 2 tests, 1 skipped\n\n"
                                             "EXIT: STATUS=1\n")),
              "");
}

TEST(UnitTestConsole, WhatIsNoSuccessSaysWhy) {
    struct Row {
        const char* console;
        const char* why;
    };
    const std::vector<Row> rows{
        {"", "it printed no exit status"},
        {"PASS: a\nSUMMARY: 1 tests\n", "it printed no exit status"},
        {"PASS: a\nSUMMARY: 1 tests\nEXIT: STATUS=\n", "it printed no exit status"},
        {"PASS: a\nSUMMARY: 1 tests\nEXIT: STATUS=255\n", "it ended with status 255"},
        {"PASS: a\nSUMMARY: 1 tests\nEXIT: STATUS=3\n", "it ended with status 3"},
        {"PASS: a\nSUMMARY: 2 tests\nEXIT: STATUS=1\n", "it sums up 2 checks, but printed 1"},
        {"PASS: a\nEXIT: STATUS=1\n", "it printed no summary"},
        {"SUMMARY: 0 tests\nEXIT: STATUS=1\n", "none of its checks passed"},
        {"SKIP: a\nSUMMARY: 1 tests, 1 skipped\nEXIT: STATUS=77\n", "it skipped all of its checks"},
        {"PASS: a\nSUMMARY: 1 tests\nEXIT: STATUS=77\n", "it ended with status 77"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(why_no_success(parse_unit_test(row.console)), row.why) << row.console;
    }
}

TEST(UnitTestConsole, TheExitStatusIsThereOnceItsLineIsComplete) {
    EXPECT_FALSE(has_exit_status("PASS: a\nEXIT: STATUS=1"));
    EXPECT_TRUE(has_exit_status("PASS: a\n\nEXIT: STATUS=1\n"));
    EXPECT_FALSE(has_exit_status("PASS: a\n"));
}

TEST(UnitTestConsole, NothingOfAGuestReachesATerminalAsACommand) {
    const UnitTestText text = parse_unit_test("FAIL: a\033[2Jb\n");
    EXPECT_EQ(text.failed, std::vector<std::string>{"a?[2Jb"});
}

}  // namespace
}  // namespace hm::host
