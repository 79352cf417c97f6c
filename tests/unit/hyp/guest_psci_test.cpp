#include "hyp/core/guest_psci.hpp"

#include <gtest/gtest.h>

#include <array>

// Expected values: ARM DEN 0022D.b, sections 5.1 to 5.16.

namespace hm::hyp {
namespace {

constexpr std::uint32_t kVersion = 0x8400'0000;
constexpr std::uint32_t kCpuSuspend = 0x8400'0001;
constexpr std::uint32_t kCpuOff = 0x8400'0002;
constexpr std::uint32_t kCpuOn = 0x8400'0003;
constexpr std::uint32_t kAffinityInfo = 0x8400'0004;
constexpr std::uint32_t kMigrateInfoType = 0x8400'0006;
constexpr std::uint32_t kSystemOff = 0x8400'0008;
constexpr std::uint32_t kSystemReset = 0x8400'0009;
constexpr std::uint32_t kFeatures = 0x8400'000A;

/// By the only CPU, which is CPU 1 of cluster 1. MPIDR has the multiprocessing bit too, which is no
/// part of its name.
PsciResult call(std::uint32_t function, std::uint32_t first = 0, std::uint32_t second = 0) {
    const std::array<std::uint32_t, 4> arguments{function, first, second, 0};
    const std::array power{CpuPower::kOn};
    return call_psci(arguments, {.first = cpu::Mpidr::from(0x8000'0101), .power = power});
}

/// By CPU 0 of a VM with two CPUs in cluster 1.
PsciResult call_beside(CpuPower other, std::uint32_t function, std::uint32_t first = 0,
                       std::uint32_t second = 0, std::uint32_t third = 0) {
    const std::array<std::uint32_t, 4> arguments{function, first, second, third};
    const std::array power{CpuPower::kOn, other};
    return call_psci(arguments, {.first = cpu::Mpidr::from(0x8000'0100), .power = power});
}

TEST(GuestPsci, IsVersionOnePointZero) { EXPECT_EQ(call(kVersion).value, 0x0001'0000); }

TEST(GuestPsci, FeaturesKnowsWhatThereIs) {
    for (const std::uint32_t function : {kVersion, kCpuOff, kCpuOn, kAffinityInfo, kMigrateInfoType,
                                         kSystemOff, kSystemReset, kFeatures}) {
        EXPECT_EQ(call(kFeatures, function).value, 0) << std::hex << function;
    }
    EXPECT_EQ(call(kFeatures, kCpuSuspend).value, -1);
    EXPECT_EQ(call(kFeatures, 0xC400'0003).value, -1);  // with 64-bit arguments
}

TEST(GuestPsci, TheOnlyCpuIsOn) {
    EXPECT_EQ(call(kAffinityInfo, 0x101).value, 0);
    EXPECT_EQ(call(kCpuOn, 0x101).value, -4);
}

TEST(GuestPsci, AnotherCpuDoesNotExist) {
    EXPECT_EQ(call(kAffinityInfo, 0x100).value, -2);
    EXPECT_EQ(call(kCpuOn, 0x100).value, -2);
    EXPECT_EQ(call(kCpuOn, 0x8000'0101).value, -2);
}

TEST(GuestPsci, OnlyTheLowestAffinityLevelIsKnown) {
    EXPECT_EQ(call(kAffinityInfo, 0x101, 1).value, -2);
}

TEST(GuestPsci, NothingMigrates) { EXPECT_EQ(call(kMigrateInfoType).value, 2); }

TEST(GuestPsci, TheOnlyCpuOrTheSystemTurnsOff) {
    EXPECT_EQ(call(kCpuOff).after, AfterPsci::kIsOff);
    EXPECT_EQ(call(kSystemOff).after, AfterPsci::kIsOff);
    EXPECT_EQ(call(kSystemReset).after, AfterPsci::kIsReset);
}

TEST(GuestPsci, WhatItDoesNotKnowIsNotSupported) {
    for (const std::uint32_t function : {0U, kCpuSuspend, 0x8400'000BU, 0xFFFF'FFFFU}) {
        EXPECT_EQ(call(function), PsciResult{.value = -1}) << std::hex << function;
    }
}

TEST(GuestPsci, CpuOnStartsACpuThatIsOff) {
    EXPECT_EQ(call_beside(CpuPower::kOff, kCpuOn, 0x101, 0x4000'8001, 77),
              (PsciResult{.value = 0,
                          .after = AfterPsci::kTurnsOn,
                          .start = {.cpu = 1, .entry = 0x4000'8001, .context = 77}}));
}

TEST(GuestPsci, CpuOnSaysWhereThereIsNothingToStart) {
    EXPECT_EQ(call_beside(CpuPower::kOn, kCpuOn, 0x101), PsciResult{.value = -4});
    EXPECT_EQ(call_beside(CpuPower::kOnPending, kCpuOn, 0x101), PsciResult{.value = -5});
    EXPECT_EQ(call_beside(CpuPower::kOff, kCpuOn, 0x100), PsciResult{.value = -4});
    EXPECT_EQ(call_beside(CpuPower::kOff, kCpuOn, 0x102), PsciResult{.value = -2});
    EXPECT_EQ(call_beside(CpuPower::kOff, kCpuOn, 0x001), PsciResult{.value = -2});
}

TEST(GuestPsci, AffinityInfoSaysWhetherACpuIsOn) {
    EXPECT_EQ(call_beside(CpuPower::kOn, kAffinityInfo, 0x101).value, 0);
    EXPECT_EQ(call_beside(CpuPower::kOff, kAffinityInfo, 0x101).value, 1);
    EXPECT_EQ(call_beside(CpuPower::kOnPending, kAffinityInfo, 0x101).value, 2);
    EXPECT_EQ(call_beside(CpuPower::kOff, kAffinityInfo, 0x100).value, 0);
}

TEST(GuestPsci, ACpuThatIsAboutToBeOffIsOnForOthersButHoldsNoMachine) {
    EXPECT_EQ(call_beside(CpuPower::kGoesOff, kAffinityInfo, 0x101).value, 0);
    EXPECT_EQ(call_beside(CpuPower::kGoesOff, kCpuOn, 0x101), PsciResult{.value = -4});
    EXPECT_EQ(call_beside(CpuPower::kGoesOff, kCpuOff).after, AfterPsci::kIsOff);
}

TEST(GuestPsci, OnlyTheLastCpuTakesTheMachineWithIt) {
    EXPECT_EQ(call_beside(CpuPower::kOn, kCpuOff).after, AfterPsci::kTurnsOff);
    EXPECT_EQ(call_beside(CpuPower::kOnPending, kCpuOff).after, AfterPsci::kTurnsOff);
    EXPECT_EQ(call_beside(CpuPower::kOff, kCpuOff).after, AfterPsci::kIsOff);
    EXPECT_EQ(call_beside(CpuPower::kOn, kSystemOff).after, AfterPsci::kIsOff);
}

// ARM DDI 0406C.d, B4.1.106: bit 30 says that there is one CPU only.
TEST(GuestPsci, EachOfSeveralCpusHasANameOfItsOwn) {
    const auto core = cpu::Mpidr::from(0xC000'0100);
    EXPECT_EQ(mpidr_of(core, 0, 1).raw, 0xC000'0100U);
    EXPECT_EQ(mpidr_of(core, 0, 2).raw, 0x8000'0100U);
    EXPECT_EQ(mpidr_of(core, 1, 2).raw, 0x8000'0101U);
}

}  // namespace
}  // namespace hm::hyp
