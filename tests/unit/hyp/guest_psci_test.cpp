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

/// By CPU 1 of cluster 1. MPIDR has the multiprocessing bit too, which is no part of its name.
PsciResult call(std::uint32_t function, std::uint32_t first = 0, std::uint32_t second = 0) {
    const std::array<std::uint32_t, 4> arguments{function, first, second, 0};
    return call_psci(arguments, cpu::Mpidr::from(0x8000'0101));
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

}  // namespace
}  // namespace hm::hyp
