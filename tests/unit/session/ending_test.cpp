#include "session/core/ending.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

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
            .trap = {},
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
    EXPECT_EQ(words(finished(static_cast<Outcome>(99))),
              "the guest finished with 0x00000063, which is no outcome");
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
    stop.trap.pc = 0x4567;
    EXPECT_NE(words(stop).find("watchdog"), std::string::npos);
    EXPECT_NE(words(stop).find("4567"), std::string::npos);
    stop.reason = StopReason::kBudget;
    EXPECT_NE(words(stop).find("too long in all, at pc 0x00004567"), std::string::npos)
        << words(stop);
}

// HSR (ARM DDI 0406C.d, B3.13.6): a store of r2 that stage 2 does not map, HVC #9, a trapped SMC.
constexpr std::uint32_t kStoreMissed = 0x93820047;
constexpr std::uint32_t kHvc9 = 0x4A000009;
constexpr std::uint32_t kSmcTrapped = 0x4E000000;

hyp::Stop trapped(std::uint32_t hsr) {
    hyp::Stop stop = finished(Outcome::kDone);
    stop.reason = StopReason::kTrap;
    stop.trap = {.hsr = hyp::Hsr::from(hsr),
                 .far = 0x89AB,
                 .hpfar = hyp::Hpfar::from(0x12345670),
                 .pc = 0x4567};
    stop.arguments = {0x11, 0x22, 0x33, 0x44};
    return stop;
}

TEST(Ending, AnAbortIsNamedWithItsAddressAndItsWholeIpa) {
    EXPECT_EQ(words(trapped(kStoreMissed)),
              "stopped by the monitor: data abort from a lower mode: translation fault, level 3, "
              "write of 4 bytes from r2, at pc 0x00004567, address 0x000089ab, IPA 0x12345679ab, "
              "HSR 0x93820047");
}

TEST(Ending, AHypercallIsNamedWithItsArguments) {
    EXPECT_EQ(words(trapped(kHvc9)),
              "stopped by the monitor: HVC #9 with r0 0x00000011, r1 0x00000022, r2 0x00000033, "
              "r3 0x00000044, at pc 0x00004567, HSR 0x4a000009");
}

TEST(Ending, OnlyAbortsHaveAnAddress) {
    EXPECT_EQ(words(trapped(kSmcTrapped)),
              "stopped by the monitor: trapped SMC, at pc 0x00004567, HSR 0x4e000000");
}

TEST(Ending, WhatTheMonitorDoesNotModelHasItsWords) {
    std::set<std::string> all;
    for (const hyp::Refusal refusal : {hyp::Refusal::kNotServed, hyp::Refusal::kUndescribed,
                                       hyp::Refusal::kBigEndian, hyp::Refusal::kNoVectors}) {
        hyp::Stop stop = trapped(kStoreMissed);
        stop.refusal = refusal;
        EXPECT_TRUE(all.insert(words(stop)).second);
    }
    hyp::Stop stop = trapped(kStoreMissed);
    stop.refusal = hyp::Refusal::kBigEndian;
    EXPECT_NE(words(stop).find("big-endian"), std::string::npos);
}

TEST(Ending, AnExceptionThatTheMonitorGaveIsNamed) {
    hyp::Stop stop = finished(Outcome::kUnexpectedException);
    stop.given = {.count = 1,
                  .vm = 0,
                  .exception = hyp::GuestException::kDataAbort,
                  .trap = {.hsr = hyp::Hsr::from(kStoreMissed),
                           .far = 0x89AB,
                           .hpfar = hyp::Hpfar::from(0x12345670),
                           .pc = 0x4567}};
    const std::string_view given =
        "; the last exception that the monitor gave to it was for: data abort from a lower mode: "
        "translation fault, level 3, write of 4 bytes from r2, at pc 0x00004567, address "
        "0x000089ab, IPA 0x12345679ab, HSR 0x93820047";
    EXPECT_TRUE(words(stop).ends_with(given)) << words(stop);
    stop.reason = StopReason::kWatchdog;
    EXPECT_TRUE(words(stop).ends_with(given)) << words(stop);
    stop.vm = 1;
    EXPECT_FALSE(words(stop).ends_with(given)) << "the other VM had it";
}

TEST(Ending, NoTextThatTheMonitorMakesIsCut) {
    constexpr std::uint32_t kWordiest = 0x92000280 | 0b010101;
    hyp::Stop stop = trapped(kWordiest);
    stop.vm = 1;
    stop.refusal = hyp::Refusal::kNoVectors;
    stop.given = {
        .count = 1, .vm = 1, .exception = hyp::GuestException::kDataAbort, .trap = stop.trap};
    EXPECT_TRUE(words(stop).ends_with("HSR 0x92000295")) << words(stop);
}

TEST(Message, WhatDoesNotFitIsCut) {
    Message message;
    for (int i = 0; i < 100; ++i) {
        message.text("0123456789");
    }
    EXPECT_EQ(message.view().size(), 639U);
    EXPECT_EQ(message.c_str()[639], 0);
}

}  // namespace
}  // namespace hm::session
