#include "hyp/core/guest_exception.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hm::hyp {
namespace {

using enum GuestException;

constexpr std::uint32_t kT = 1U << 5;
constexpr std::uint32_t kF = 1U << 6;
constexpr std::uint32_t kI = 1U << 7;
constexpr std::uint32_t kA = 1U << 8;
constexpr std::uint32_t kE = 1U << 9;
constexpr std::uint32_t kJ = 1U << 24;
constexpr std::uint32_t kFlags = 0xF800'0000;  ///< N, Z, C, V, Q
constexpr std::uint32_t kGe = 0x000F'0000;
constexpr std::uint32_t kItState = 3U << 25 | 0xFC00;

constexpr std::uint32_t kSctlrV = 1U << 13;
constexpr std::uint32_t kSctlrEe = 1U << 25;
constexpr std::uint32_t kSctlrTe = 1U << 30;

ExceptionEntry taken(GuestException exception, std::uint32_t psr, std::uint32_t sctlr = 0) {
    return entry_of(exception, {.pc = 0x8000'1000,
                                .psr = cpu::Psr::from(psr),
                                .sctlr = cpu::Sctlr::from(sctlr),
                                .vbar = cpu::Vbar::from(0x4000'0020)});
}

/// TakeUndefInstrException() in B1.9.2, TakePrefetchAbortException() in B1.9.7 and
/// TakeDataAbortException() in B1.9.8: PC there is 8 ahead of the instruction in A32, 4 in Thumb.
TEST(GuestException, PcLrAndModeAreThoseOfTheManual) {
    struct Taken {
        GuestException exception;
        std::uint32_t psr, vector, lr, mode;
    };
    constexpr std::uint32_t kAbt = 0x17;
    constexpr std::uint32_t kUnd = 0x1B;
    constexpr std::array kTakings{
        Taken{kUndefined, 0x13, 0x04, 8 - 4, kUnd},
        Taken{kUndefined, 0x13 | kT, 0x04, 4 - 2, kUnd},
        Taken{kPrefetchAbort, 0x10, 0x0C, 8 - 4, kAbt},
        Taken{kPrefetchAbort, 0x10 | kT, 0x0C, 4, kAbt},
        Taken{kDataAbort, 0x1F, 0x10, 8, kAbt},
        Taken{kDataAbort, 0x1F | kT, 0x10, 4 + 4, kAbt},
    };
    for (const Taken& row : kTakings) {
        const ExceptionEntry entry = taken(row.exception, row.psr);
        EXPECT_EQ(entry.pc, 0x4000'0020 + row.vector);
        EXPECT_EQ(entry.lr, 0x8000'1000 + row.lr);
        EXPECT_EQ(entry.psr.raw & 0x1F, row.mode);
    }
}

TEST(GuestException, HighVectorsAreThoseOfSctlrV) {
    EXPECT_EQ(taken(kUndefined, 0x13, kSctlrV).pc, 0xFFFF'0004);
    EXPECT_EQ(taken(kPrefetchAbort, 0x13, kSctlrV).pc, 0xFFFF'000C);
    EXPECT_EQ(taken(kDataAbort, 0x13, kSctlrV).pc, 0xFFFF'0010);
}

/// The same pseudocode: CPSR.I = '1', CPSR.A only for aborts, CPSR.F as it was.
TEST(GuestException, WhatIsMaskedIsAsTheManualSays) {
    for (const GuestException exception : {kUndefined, kPrefetchAbort, kDataAbort}) {
        const std::uint32_t masks = exception == kUndefined ? kI : kI | kA;
        EXPECT_EQ(taken(exception, 0x10).psr.raw & (kA | kI | kF), masks);
        EXPECT_EQ(taken(exception, 0x10 | kF).psr.raw & (kA | kI | kF), masks | kF);
        EXPECT_EQ(taken(exception, 0x10 | kA | kI | kF).psr.raw & (kA | kI | kF), kA | kI | kF);
    }
}

/// CPSR.IT = '00000000'; CPSR.J = '0'; CPSR.T = SCTLR.TE; CPSR.E = SCTLR.EE.
TEST(GuestException, StateOfExecutionIsAsSctlrSays) {
    const std::uint32_t everything = kFlags | kGe | kItState | kJ | kE | kT | 0x10;
    for (const GuestException exception : {kUndefined, kPrefetchAbort, kDataAbort}) {
        const std::uint32_t bits = kItState | kJ | kT | kE;
        EXPECT_EQ(taken(exception, everything).psr.raw & bits, 0U);
        EXPECT_EQ(taken(exception, everything, kSctlrTe).psr.raw & bits, kT);
        EXPECT_EQ(taken(exception, everything, kSctlrEe).psr.raw & bits, kE);
        EXPECT_EQ(taken(exception, 0x10, kSctlrTe | kSctlrEe).psr.raw & bits, kT | kE);
        EXPECT_EQ(taken(exception, everything).psr.raw & (kFlags | kGe), kFlags | kGe);
    }
}

// HSR (B3.13.6): a store by a guest and a fetch, with the fault status to be set.
constexpr std::uint32_t kLoad = 0x9380'0000;
constexpr std::uint32_t kStore = kLoad | 1U << 6;
constexpr std::uint32_t kFetch = 0x8200'0000;
constexpr std::uint32_t kOnWalk = 1U << 7;
constexpr std::uint32_t kMaintenance = 1U << 8;
constexpr std::uint32_t kTranslationLevel3 = 0b000111;
constexpr std::uint32_t kPermissionLevel2 = 0b001110;

TEST(GuestException, WhatStage2RefusesIsAnExternalAbort) {
    for (const std::uint32_t access : {kLoad, kStore, kFetch}) {
        for (const std::uint32_t status : {kTranslationLevel3, kPermissionLevel2, 0b001001U}) {
            EXPECT_EQ(fault_for(Hsr::from(access | status)), GuestFault::kExternal);
            EXPECT_EQ(fault_for(Hsr::from(access | status | kOnWalk)), GuestFault::kExternalOnWalk);
        }
        EXPECT_EQ(fault_for(Hsr::from(access | 0b100001)), GuestFault::kAlignment);
    }
}

TEST(GuestException, WhatIsNotTheGuestsFaultIsNotItsAbort) {
    // External aborts on walks of stage 2, parity, asynchronous aborts, debug, TLB conflicts.
    for (const std::uint32_t status :
         {0b010000U, 0b010101U, 0b010111U, 0b011000U, 0b011101U, 0b010001U, 0b011001U, 0b100010U,
          0b110000U, 0b110100U, 0b111010U}) {
        EXPECT_FALSE(fault_for(Hsr::from(kLoad | status))) << status;
        EXPECT_FALSE(fault_for(Hsr::from(kFetch | status))) << status;
    }
}

/// B3.13.3: the codes of both formats. FS[4] of the short one is bit 10, and zero here.
TEST(GuestException, FaultStatusHasTheCodesOfBothFormats) {
    const Hsr load = Hsr::from(kLoad | kTranslationLevel3);
    EXPECT_EQ(fault_status(GuestFault::kExternal, load, false), 0b01000U);
    EXPECT_EQ(fault_status(GuestFault::kExternalOnWalk, load, false), 0b01100U);
    EXPECT_EQ(fault_status(GuestFault::kAlignment, load, false), 0b00001U);
    constexpr std::uint32_t kLpae = 1U << 9;
    EXPECT_EQ(fault_status(GuestFault::kExternal, load, true), kLpae | 0b010000U);
    EXPECT_EQ(fault_status(GuestFault::kExternalOnWalk, load, true), kLpae | 0b010101U);
    EXPECT_EQ(fault_status(GuestFault::kAlignment, load, true), kLpae | 0b100001U);
}

/// DFSR.WnR is bit 11, DFSR.CM bit 13 (B4.1.52). IFSR has neither.
TEST(GuestException, FaultStatusSaysWhatKindOfAccessItWas) {
    for (const bool long_format : {false, true}) {
        const auto status = [long_format](std::uint32_t hsr) {
            return fault_status(GuestFault::kExternal, Hsr::from(hsr | kTranslationLevel3),
                                long_format);
        };
        EXPECT_EQ(status(kStore), status(kLoad) | 1U << 11);
        EXPECT_EQ(status(kStore | kMaintenance), status(kLoad) | 1U << 11 | 1U << 13);
        EXPECT_EQ(status(kFetch), status(kLoad));
        EXPECT_EQ(status(kFetch | 1U << 6 | kMaintenance), status(kLoad));
    }
}

TEST(GuestException, OnlyMaintenanceOfWhatIsNotThereIsIdle) {
    EXPECT_TRUE(is_idle_maintenance(Hsr::from(kStore | kMaintenance | kTranslationLevel3)));
    EXPECT_FALSE(is_idle_maintenance(Hsr::from(kStore | kTranslationLevel3)));
    EXPECT_FALSE(is_idle_maintenance(Hsr::from(kStore | kMaintenance | kPermissionLevel2)));
    EXPECT_FALSE(
        is_idle_maintenance(Hsr::from(kStore | kMaintenance | kOnWalk | kTranslationLevel3)));
    EXPECT_FALSE(is_idle_maintenance(Hsr::from(kFetch | kMaintenance | kTranslationLevel3)));
}

}  // namespace
}  // namespace hm::hyp
