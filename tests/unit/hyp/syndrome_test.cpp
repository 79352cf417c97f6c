#include "hyp/core/syndrome.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace hm::hyp {
namespace {

std::string words(std::uint32_t hsr) {
    std::array<char, kDescriptionBytes> buffer{};
    return std::string(describe(Hsr::from(hsr), buffer));
}

constexpr std::uint32_t class_of(ExceptionClass ec) {
    return Hsr{}.with(Hsr::kEc, ec).with(Hsr::kIl, true).raw;
}

/// The HSR of a guest's store of r2 that missed at level 3.
constexpr std::uint32_t kStoreMissed = 0x93820047;

struct Row {
    std::uint32_t hsr;
    const char* text;
};

TEST(Syndrome, EveryExceptionClassHasItsWords) {
    const std::array rows{
        Row{0x02000000, "unknown reason, as of an undefined instruction"},
        Row{0x07E00000, "trapped WFI"},
        Row{0x07E00001, "trapped WFE"},
        Row{class_of(ExceptionClass::kCp15) | 0x20461, "trapped MRC p15, 0, r3, c1, c0, 1"},
        Row{class_of(ExceptionClass::kCp15) | 0xE3DC2, "trapped MCR p15, 0, lr, c15, c1, 7"},
        Row{class_of(ExceptionClass::kCp15Wide) | 0x1041D, "trapped MRRC p15, 1, r0, r1, c14"},
        Row{class_of(ExceptionClass::kCp15Wide) | 0x60C44, "trapped MCRR p15, 6, r2, r3, c2"},
        Row{class_of(ExceptionClass::kCp14) | 0x1C1A0, "trapped MCR p14, 7, sp, c0, c0, 0"},
        Row{class_of(ExceptionClass::kCp14Memory) | 0x050A5, "trapped LDC p14 with base r5"},
        Row{class_of(ExceptionClass::kCp14Memory) | 0x050A4, "trapped STC p14 with base r5"},
        Row{class_of(ExceptionClass::kCoprocessor) | 0x0A, "trapped access to coprocessor p10"},
        Row{class_of(ExceptionClass::kCoprocessor) | 0x20, "trapped Advanced SIMD instruction"},
        Row{class_of(ExceptionClass::kCp10Id) | 0x1DC61, "trapped MRC p10, 7, r3, c7, c0, 0"},
        Row{class_of(ExceptionClass::kBxj) | 0x4, "trapped BXJ r4"},
        Row{class_of(ExceptionClass::kCp14Wide) | 0x00401, "trapped MRRC p14, 0, r0, r1, c0"},
        Row{class_of(ExceptionClass::kSvc) | 0x5, "SVC #5 taken to HYP"},
        Row{class_of(ExceptionClass::kHvc) | 0xFFFF, "HVC #65535"},
        Row{class_of(ExceptionClass::kHvc), "HVC #0"},
        Row{class_of(ExceptionClass::kSmc), "trapped SMC"},
        Row{0x80000006, "prefetch abort from a lower mode: translation fault, level 2"},
        Row{0x8400000F, "prefetch abort in HYP mode: permission fault, level 3"},
        Row{kStoreMissed,
            "data abort from a lower mode: translation fault, level 3, write of 4 bytes from r2"},
        Row{0x97820047,
            "data abort in HYP mode: translation fault, level 3, write of 4 bytes "
            "from r2"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(words(row.hsr), row.text) << std::hex << row.hsr;
    }
}

/// PAR in its 64-bit form: bits 39:12 are the address, LPAE is bit 11, F bit 0 (B4.1.112).
TEST(Syndrome, BitsAbove4GbComeFromStage1WhereItAgrees) {
    constexpr std::uint64_t kLpae = 1U << 11;
    const Hpfar low = Hpfar::from(0x0012'3450);  // IPA 0x1234'5000
    const auto with = [low](std::uint64_t par) {
        return with_high_bits(low, cpu::Par::from(par)).raw;
    };
    EXPECT_EQ(with(0xAB'1234'5000 | kLpae), 0xAB12'3450U);
    EXPECT_EQ(with(0x1234'5000 | kLpae), low.raw);
    EXPECT_EQ(with(0xAB'1234'6000 | kLpae), low.raw) << "another page";
    EXPECT_EQ(with(0xAB'1234'5000 | kLpae | 1), low.raw) << "a fault";
    EXPECT_EQ(with(0xAB'1234'5000), low.raw) << "the 32-bit form";
}

TEST(Syndrome, ReservedClassesAreNamedByNumber) {
    const std::set<std::uint32_t> known{0x00, 0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0A,
                                        0x0C, 0x11, 0x12, 0x13, 0x20, 0x21, 0x24, 0x25};
    for (std::uint32_t ec = 0; ec < 64; ++ec) {
        const bool reserved = words(ec << 26).starts_with("reserved exception class 0x");
        EXPECT_EQ(reserved, !known.contains(ec)) << ec;
    }
    EXPECT_EQ(words(0xAA001234), "reserved exception class 0x2a, syndrome 0x0001234");
    EXPECT_EQ(words(0x09FFFFFF), "reserved exception class 0x02, syndrome 0x1ffffff");
}

TEST(Syndrome, EveryFaultStatusHasItsWords) {
    const std::array rows{
        Row{0x05, "translation fault, level 1"},
        Row{0x06, "translation fault, level 2"},
        Row{0x07, "translation fault, level 3"},
        Row{0x09, "access flag fault, level 1"},
        Row{0x0A, "access flag fault, level 2"},
        Row{0x0B, "access flag fault, level 3"},
        Row{0x0D, "permission fault, level 1"},
        Row{0x0E, "permission fault, level 2"},
        Row{0x0F, "permission fault, level 3"},
        Row{0x10, "synchronous external abort"},
        Row{0x18, "synchronous parity error on a memory access"},
        Row{0x11, "asynchronous external abort"},
        Row{0x19, "asynchronous parity error on a memory access"},
        Row{0x15, "synchronous external abort on a table walk, level 1"},
        Row{0x16, "synchronous external abort on a table walk, level 2"},
        Row{0x17, "synchronous external abort on a table walk, level 3"},
        Row{0x1D, "synchronous parity error on a table walk, level 1"},
        Row{0x1E, "synchronous parity error on a table walk, level 2"},
        Row{0x1F, "synchronous parity error on a table walk, level 3"},
        Row{0x21, "alignment fault"},
        Row{0x22, "debug event"},
        Row{0x30, "TLB conflict abort"},
        Row{0x34, "lockdown abort"},
        Row{0x3A, "coprocessor abort"},
        Row{0x3D, "domain fault, level 1"},
        Row{0x3E, "domain fault, level 2"},
        Row{0x00, "reserved fault status 0x00"},
        Row{0x2B, "reserved fault status 0x2b"},
    };
    const std::uint32_t prefetch = class_of(ExceptionClass::kPrefetchAbortLower);
    for (const Row& row : rows) {
        EXPECT_EQ(words(prefetch | row.hsr),
                  std::string("prefetch abort from a lower mode: ") + row.text);
    }
}

TEST(Syndrome, AnAbortDescribesWhatTheInstructionDid) {
    const std::string start = "data abort from a lower mode: translation fault, level 3";
    const std::array rows{
        Row{0x93830007, ", read of 4 bytes into r3"},
        Row{0x93010007, ", read of 1 byte into r1"},
        Row{0x93610007, ", sign-extended read of 2 bytes into r1"},
        Row{0x934D0047, ", write of 2 bytes from sp"},
        Row{0x938F0007, ", read of 4 bytes into pc"},
        Row{0x93CC0007, ", read of a reserved size into r12"},
        Row{0x92000047, ", write by an instruction that the syndrome leaves out"},
        Row{0x92000007, ", read by an instruction that the syndrome leaves out"},
        Row{0x92000147, ", cache maintenance by address"},
        Row{0x92000087,
            ", on a stage-1 table walk, read by an instruction that the syndrome "
            "leaves out"},
        Row{0x93820247, ", EA set, write of 4 bytes from r2"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(words(row.hsr), start + row.text) << std::hex << row.hsr;
    }
}

TEST(Syndrome, TheLongestDescriptionFitsTheAdvisedBuffer) {
    std::array<char, 2 * kDescriptionBytes> buffer{};
    std::size_t longest = 0;
    for (std::uint32_t ec = 0; ec < 64; ++ec) {
        for (std::uint32_t status = 0; status < 1024; ++status) {
            for (const std::uint32_t instruction : {0x0000000U, 0x1FFFC00U, 0x02FFFC00U}) {
                const Hsr hsr = Hsr::from(ec << 26 | instruction | status);
                longest = std::max(longest, describe(hsr, buffer).size());
            }
        }
    }
    EXPECT_LE(longest, kDescriptionBytes);
    EXPECT_GT(longest, kDescriptionBytes / 2);
}

TEST(Syndrome, ASmallBufferCutsTheDescriptionOff) {
    std::array<char, 12> buffer{};
    buffer.fill('#');
    EXPECT_EQ(describe(Hsr::from(kStoreMissed), std::span(buffer).first(10)), "data abort");
    EXPECT_EQ(buffer[10], '#');
    EXPECT_EQ(describe(Hsr::from(kStoreMissed), {}), "");
}

TEST(Syndrome, TheFaultingIpaJoinsHpfarWithTheOffsetInThePage) {
    const auto hpfar = Hpfar::from(0x0F123450);
    EXPECT_EQ(fault_ipa(Hsr::from(kStoreMissed), hpfar, 0xC0000ABC), mmu::Ipa{0xF12345ABC});
    const auto fetch = Hsr::from(0x80000006);
    EXPECT_EQ(fault_ipa(fetch, hpfar, 0xFFFFFFFC), mmu::Ipa{0xF12345FFC});
}

TEST(Syndrome, TheFaultingIpaReachesFortyBits) {
    const auto top = fault_ipa(Hsr::from(kStoreMissed), Hpfar::from(0xFFFFFFF0), 0xFFF);
    EXPECT_EQ(top, mmu::Ipa{0xFFFFFFFFFF});
}

TEST(Syndrome, AFaultOnTheStage1WalkNamesOnlyThePageOfTheDescriptor) {
    const auto hpfar = Hpfar::from(0x00400000);
    EXPECT_EQ(fault_ipa(Hsr::from(0x92000087), hpfar, 0xABC), mmu::Ipa{0x40000000});
    EXPECT_EQ(fault_ipa(Hsr::from(0x9200008F), hpfar, 0xABC), mmu::Ipa{0x40000000});
}

TEST(Syndrome, WhereHpfarIsUnknownThereIsNoFaultingIpa) {
    const auto hpfar = Hpfar::from(0x00400000);
    EXPECT_FALSE(fault_ipa(Hsr::from(0x9382004F), hpfar, 0)) << "permission fault";
    EXPECT_FALSE(fault_ipa(Hsr::from(0x93820050), hpfar, 0)) << "external abort";
    EXPECT_FALSE(fault_ipa(Hsr::from(0x97820047), hpfar, 0)) << "abort in HYP";
    EXPECT_FALSE(fault_ipa(Hsr::from(0x84000007), hpfar, 0)) << "prefetch abort in HYP";
    EXPECT_FALSE(fault_ipa(Hsr::from(0x4A000000), hpfar, 0)) << "HVC";
    EXPECT_TRUE(fault_ipa(Hsr::from(0x9382004B), hpfar, 0)) << "access flag fault";
}

TEST(Syndrome, ADescribedAccessCanBeEmulated) {
    const auto store = mmio_access(Hsr::from(kStoreMissed));
    ASSERT_TRUE(store);
    EXPECT_TRUE(store->write);
    EXPECT_EQ(store->bytes, 4U);
    EXPECT_EQ(store->reg, 2U);
    const auto load = mmio_access(Hsr::from(0x93610007));
    ASSERT_TRUE(load);
    EXPECT_FALSE(load->write);
    EXPECT_EQ(load->bytes, 2U);
    EXPECT_EQ(load->reg, 1U);
    EXPECT_TRUE(load->sign_extend);
}

TEST(Syndrome, AnAccessThatIsNotDescribedCannotBeEmulated) {
    EXPECT_FALSE(mmio_access(Hsr::from(0x92820047))) << "no valid syndrome";
    EXPECT_FALSE(mmio_access(Hsr::from(0x938200C7))) << "stage-1 walk";
    EXPECT_FALSE(mmio_access(Hsr::from(0x93820147))) << "cache maintenance";
    EXPECT_FALSE(mmio_access(Hsr::from(0x93C20047))) << "reserved size";
    EXPECT_FALSE(mmio_access(Hsr::from(0x97820047))) << "HYP's own";
    EXPECT_FALSE(mmio_access(Hsr::from(0x83820047))) << "a prefetch abort";
}

TEST(Syndrome, ANarrowLoadIsExtendedToTheRegister) {
    const MmioAccess byte{.bytes = 1};
    const MmioAccess signed_byte{.bytes = 1, .sign_extend = true};
    const MmioAccess signed_half{.bytes = 2, .sign_extend = true};
    const MmioAccess word{};
    EXPECT_EQ(byte.loaded(0x12345680), 0x80U);
    EXPECT_EQ(signed_byte.loaded(0x12345680), 0xFFFFFF80U);
    EXPECT_EQ(signed_byte.loaded(0x7F), 0x7FU);
    EXPECT_EQ(signed_half.loaded(0x00018000), 0xFFFF8000U);
    EXPECT_EQ(word.loaded(0x87654321), 0x87654321U);
}

TEST(Syndrome, TheLengthBitSaysHowFarToStep) {
    EXPECT_EQ(instruction_bytes(Hsr::from(0x4A000001)), 4U);
    EXPECT_EQ(instruction_bytes(Hsr::from(0x48000001)), 2U);
}

}  // namespace
}  // namespace hm::hyp
