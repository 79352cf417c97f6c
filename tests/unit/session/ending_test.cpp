#include "session/core/ending.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hm::session {
namespace {

using hyp::StopReason;
using measure::Outcome;

std::string words(const hyp::Stop& stop, const measure::GuestReport& report = {}) {
    Message message;
    EXPECT_FALSE(ended_well(stop, report, message));
    return std::string(message.view());
}

hyp::Stop finished(Outcome outcome, std::uint32_t vm = 0) {
    return {.reason = StopReason::kFinished,
            .outcome = static_cast<std::uint32_t>(outcome),
            .vm = vm,
            .hsr = {},
            .far = 0,
            .hpfar = {},
            .pc = 0,
            .costs = {}};
}

TEST(Ending, AGuestThatIsDoneEndedWell) {
    Message message;
    EXPECT_TRUE(ended_well(finished(Outcome::kDone), {}, message));
    EXPECT_EQ(message.view(), "");
}

TEST(Ending, ASecondVmNeverFinishes) {
    EXPECT_EQ(words(finished(Outcome::kDone, 1)),
              "the second VM: it finished, but it never should");
}

TEST(Ending, EveryOtherOutcomeHasItsWords) {
    EXPECT_EQ(words(finished(Outcome::kOutOfMemory)), "the guest's memory was too small");
    EXPECT_EQ(words(finished(Outcome::kBadParameters)), "the guest refused its parameters");
    EXPECT_EQ(words(finished(static_cast<Outcome>(99))), "the guest refused its parameters");
}

TEST(Ending, AnUnexpectedExceptionIsNamedWithItsRegisters) {
    measure::GuestReport report{};
    report.exception = {.vector = 4, .pc = 0x1234, .cpsr = 0x10, .status = 7, .address = 0xABCD};
    const std::string text = words(finished(Outcome::kUnexpectedException), report);
    EXPECT_NE(text.find("data abort at pc 0x"), std::string::npos) << text;
    EXPECT_NE(text.find("1234"), std::string::npos) << text;
    EXPECT_NE(text.find("abcd"), std::string::npos) << text;
    report.exception.vector = 1000;
    EXPECT_NE(words(finished(Outcome::kUnexpectedException), report).find("unknown"),
              std::string::npos);
}

TEST(Ending, TheWatchdogAndATrapSayWhere) {
    hyp::Stop stop = finished(Outcome::kDone);
    stop.reason = StopReason::kWatchdog;
    stop.pc = 0x4567;
    EXPECT_NE(words(stop).find("watchdog"), std::string::npos);
    EXPECT_NE(words(stop).find("4567"), std::string::npos);
    stop.reason = StopReason::kBudget;
    EXPECT_NE(words(stop).find("too long in all, at pc 0x00004567"), std::string::npos)
        << words(stop);
    stop.reason = StopReason::kTrap;
    stop.far = 0x89AB;
    EXPECT_NE(words(stop).find("stopped by the monitor"), std::string::npos);
    EXPECT_NE(words(stop).find("89ab"), std::string::npos);
}

TEST(Message, WhatDoesNotFitIsCut) {
    Message message;
    for (int i = 0; i < 100; ++i) {
        message.text("0123456789");
    }
    EXPECT_EQ(message.view().size(), 319U);
    EXPECT_EQ(message.c_str()[319], 0);
}

}  // namespace
}  // namespace hm::session
