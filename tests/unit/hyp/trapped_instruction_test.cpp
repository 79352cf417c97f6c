#include "hyp/core/trapped_instruction.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hm::hyp {
namespace {

// Flags, state and IT bits of a PSR (ARM DDI 0406C.d, B1.3.3).
constexpr std::uint32_t kN = 1U << 31;
constexpr std::uint32_t kZ = 1U << 30;
constexpr std::uint32_t kC = 1U << 29;
constexpr std::uint32_t kV = 1U << 28;
constexpr std::uint32_t kThumb = 1U << 5;
constexpr std::uint32_t kSvc = 0x13;

/// IT[7:2] are bits 15:10 of a PSR, IT[1:0] are bits 26:25.
constexpr std::uint32_t it(std::uint32_t state) { return (state & 0xFC) << 8 | (state & 3) << 25; }

constexpr cpu::Psr psr(std::uint32_t raw) { return cpu::Psr::from(raw | kSvc); }

/// HSR of a trapped MRC with a valid condition (B3.13.6).
constexpr Hsr cp15(std::uint32_t condition) { return Hsr::from(0x0F02'0461 | condition << 20); }
/// The same where the condition is left to ITSTATE.
constexpr Hsr kCp15WithoutCondition = Hsr::from(0x0E02'0461);
constexpr Hsr kSmcTrapped = Hsr::from(0x4E00'0000);

/// Table A8-1, row by row.
TEST(TrappedInstruction, EachConditionAsksForItsFlags) {
    struct Condition {
        std::uint32_t condition;
        bool (*holds)(bool n, bool z, bool c, bool v);
    };
    constexpr std::array kConditions{
        Condition{0x0, [](bool, bool z, bool, bool) { return z; }},                 // EQ
        Condition{0x1, [](bool, bool z, bool, bool) { return !z; }},                // NE
        Condition{0x2, [](bool, bool, bool c, bool) { return c; }},                 // CS
        Condition{0x3, [](bool, bool, bool c, bool) { return !c; }},                // CC
        Condition{0x4, [](bool n, bool, bool, bool) { return n; }},                 // MI
        Condition{0x5, [](bool n, bool, bool, bool) { return !n; }},                // PL
        Condition{0x6, [](bool, bool, bool, bool v) { return v; }},                 // VS
        Condition{0x7, [](bool, bool, bool, bool v) { return !v; }},                // VC
        Condition{0x8, [](bool, bool z, bool c, bool) { return c && !z; }},         // HI
        Condition{0x9, [](bool, bool z, bool c, bool) { return !c || z; }},         // LS
        Condition{0xA, [](bool n, bool, bool, bool v) { return n == v; }},          // GE
        Condition{0xB, [](bool n, bool, bool, bool v) { return n != v; }},          // LT
        Condition{0xC, [](bool n, bool z, bool, bool v) { return !z && n == v; }},  // GT
        Condition{0xD, [](bool n, bool z, bool, bool v) { return z || n != v; }},   // LE
        Condition{0xE, [](bool, bool, bool, bool) { return true; }},                // AL
        Condition{0xF, [](bool, bool, bool, bool) { return true; }},
    };
    for (const Condition& row : kConditions) {
        for (std::uint32_t flags = 0; flags < 16; ++flags) {
            const bool n = (flags & 8) != 0;
            const bool z = (flags & 4) != 0;
            const bool c = (flags & 2) != 0;
            const bool v = (flags & 1) != 0;
            const cpu::Psr state = psr((n ? kN : 0) | (z ? kZ : 0) | (c ? kC : 0) | (v ? kV : 0));
            EXPECT_EQ(is_executed(cp15(row.condition), state), row.holds(n, z, c, v))
                << row.condition << " " << flags;
        }
    }
}

TEST(TrappedInstruction, ThumbWithoutAConditionInTheSyndromeHasThatOfItsItBlock) {
    // The last instruction of "IT EQ": condition 0000, mask 1000.
    EXPECT_TRUE(is_executed(kCp15WithoutCondition, psr(kThumb | kZ | it(0x08))));
    EXPECT_FALSE(is_executed(kCp15WithoutCondition, psr(kThumb | it(0x08))));
    // The "else" of "ITE EQ", which is NE.
    EXPECT_FALSE(is_executed(kCp15WithoutCondition, psr(kThumb | kZ | it(0x18))));
    EXPECT_TRUE(is_executed(kCp15WithoutCondition, psr(kThumb | it(0x18))));
    // Outside of a block.
    EXPECT_TRUE(is_executed(kCp15WithoutCondition, psr(kThumb)));
    // SMC has no condition in its syndrome.
    EXPECT_FALSE(is_executed(kSmcTrapped, psr(kThumb | it(0x08))));
    EXPECT_TRUE(is_executed(kSmcTrapped, psr(0)));
}

TEST(TrappedInstruction, AConditionInTheSyndromeIsNotLookedForInItState) {
    EXPECT_TRUE(is_executed(cp15(0xE), psr(kThumb | it(0x08))));
    EXPECT_FALSE(is_executed(cp15(0x0), psr(kThumb | it(0x18))));
}

TEST(TrappedInstruction, BitsOfOtherClassesAreNoCondition) {
    // HVC with an immediate, and a data abort whose ISV is where a condition would be valid.
    EXPECT_TRUE(is_executed(Hsr::from(0x4A00'0007), psr(0)));
    EXPECT_TRUE(is_executed(Hsr::from(0x9300'0047), psr(0)));
    // An unknown reason has none either.
    EXPECT_TRUE(is_executed(Hsr::from(0x0300'0000), psr(0)));
}

TEST(TrappedInstruction, OnlyA32UnderAlwaysNeedsNoFurtherLook) {
    EXPECT_TRUE(is_unconditional_a32(cp15(0xE), psr(0)));
    EXPECT_FALSE(is_unconditional_a32(cp15(0xE), psr(kThumb)));
    EXPECT_FALSE(is_unconditional_a32(cp15(0x0), psr(kZ)));
    EXPECT_FALSE(is_unconditional_a32(cp15(0xF), psr(0)));
    EXPECT_FALSE(is_unconditional_a32(kCp15WithoutCondition, psr(0)));
}

/// ITAdvance() of A2.5.2, for "ITTEE EQ" and its four instructions.
TEST(TrappedInstruction, ItStateAdvancesByOneInstruction) {
    constexpr std::array<std::uint32_t, 5> kStates{0x07, 0x0E, 0x1C, 0x18, 0x00};
    constexpr std::uint32_t kOthers = kThumb | kN | kC | 1U << 27 | 1U << 9 | 0x1C0;
    for (std::size_t i = 0; i + 1 < kStates.size(); ++i) {
        EXPECT_EQ(past_instruction(psr(kOthers | it(kStates[i]))).raw,
                  psr(kOthers | it(kStates[i + 1])).raw)
            << i;
    }
    EXPECT_EQ(past_instruction(psr(kOthers)).raw, psr(kOthers).raw);
    // The base condition stays: GT, then its inverse, LE.
    EXPECT_EQ(past_instruction(psr(kThumb | it(0xCC))).raw, psr(kThumb | it(0xD8)).raw);
}

}  // namespace
}  // namespace hm::hyp
