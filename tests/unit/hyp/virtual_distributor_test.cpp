// The registers of the virtual distributor, as a guest sees them. ARM IHI 0048B, 4.3.

#include <gtest/gtest.h>

#include "tests/unit/hyp/gics.hpp"

namespace hm::hyp {
namespace {

namespace gicd = gic::gicd;

constexpr std::uint32_t kIcpidr2 = 0xFE8;
constexpr std::uint32_t kAll = UINT32_MAX;

// 4.3.1
TEST(VirtualDistributor, ControlKeepsOnlyItsTwoEnableBits) {
    Gics gics;
    EXPECT_EQ(gics.read(0, gic::GicdCtlr::kOffset), 0U);
    gics.write(0, gic::GicdCtlr::kOffset, kAll);
    EXPECT_EQ(gics.read(0, gic::GicdCtlr::kOffset), 3U);
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_EQ(gics.read(0, gic::GicdCtlr::kOffset), 2U);
}

// 4.3.2
TEST(VirtualDistributor, TyperSays64InterruptsAndHowManyCpus) {
    for (std::uint32_t cpus = 1; cpus <= VirtualGic::kMostCpus; ++cpus) {
        Gics gics({.cpus = cpus});
        const auto typer = gic::GicdTyper::from(gics.read(0, gic::GicdTyper::kOffset));
        EXPECT_EQ(typer.get(gic::GicdTyper::kItLinesNumber), 1U);
        EXPECT_EQ(typer.get(gic::GicdTyper::kCpuNumber), cpus - 1);
        EXPECT_FALSE(typer.get(gic::GicdTyper::kSecurityExtn));
        EXPECT_EQ(typer.get(gic::GicdTyper::kLspi), 0U);
    }
}

// 4.3.3, 4.3.18
TEST(VirtualDistributor, TheIdentificationIsOfAGicV2OfArm) {
    Gics gics;
    const auto iidr = gic::GicdIidr::from(gics.read(0, gic::GicdIidr::kOffset));
    EXPECT_EQ(iidr.get(gic::GicdIidr::kImplementer), 0x43BU);
    EXPECT_EQ(gics.read(0, kIcpidr2), 0x2BU);
}

// Table 4-1, 4.3.5, 4.3.13
TEST(VirtualDistributor, AfterAResetNothingIsSetButWhatIsFixed) {
    Gics gics({.cpus = 2});
    for (unsigned cpu = 0; cpu < 2; ++cpu) {
        for (std::uint32_t offset = gicd::kIgroupr; offset < gicd::kSize; offset += 4) {
            std::uint32_t expected = 0;
            if (offset == gicd::kIsenabler || offset == gicd::kIcenabler) {
                expected = 0xFFFF;
            } else if (offset >= gicd::kItargetsr && offset < gicd::kItargetsr + 32) {
                expected = 0x01010101U << cpu;
            } else if (offset == gicd::kIcfgr) {
                expected = 0xAAAAAAAA;
            } else if (offset == gicd::kIcfgr + 4) {
                expected = 0x55540000;
            } else if (offset == gicd::kIcfgr + 8 || offset == gicd::kIcfgr + 12) {
                expected = 0x55555555;
            } else if (offset == kIcpidr2) {
                expected = 0x2B;
            }
            EXPECT_EQ(gics.read(cpu, offset), expected) << std::hex << offset;
        }
    }
}

// 4.1.2: reset has no memory.
TEST(VirtualDistributor, ASecondResetLeavesNothingOfBefore) {
    VirtualGic gic;
    std::array<ListRegisters, 1> registers{};
    registers[0].count = 4;
    reset(gic, {});
    {
        WholeGic whole(gic, registers);
        for (std::uint32_t offset = 0; offset < gicd::kSize; offset += 4) {
            EXPECT_TRUE(whole.write(0, {offset, 4}, kAll));
        }
        whole.set_line(0, 33, true);
    }
    reset(gic, {});
    registers[0] = {};
    registers[0].count = 4;
    WholeGic whole(gic, registers);
    EXPECT_EQ(whole.read(0, {gic::GicdCtlr::kOffset, 4}), 0U);
    for (std::uint32_t offset = gicd::kIgroupr; offset < gicd::kIcfgr; offset += 4) {
        const bool enables = offset == gicd::kIsenabler || offset == gicd::kIcenabler;
        const bool is_fixed = offset >= gicd::kItargetsr && offset < gicd::kItargetsr + 32;
        EXPECT_EQ(whole.read(0, {offset, 4}), enables    ? 0xFFFFU
                                              : is_fixed ? 0x01010101U
                                                         : 0U)
            << std::hex << offset;
    }
}

// 4.3.4
TEST(VirtualDistributor, GroupsAreKept) {
    Gics gics;
    gics.write(0, gicd::kIgroupr, 0x12345678);
    gics.write(0, gicd::kIgroupr + 4, 0x9ABCDEF0);
    EXPECT_EQ(gics.read(0, gicd::kIgroupr), 0x12345678U);
    EXPECT_EQ(gics.read(0, gicd::kIgroupr + 4), 0x9ABCDEF0U);
}

// 4.3.5, 4.3.6
TEST(VirtualDistributor, EnablesAreSetAndClearedByWritesOfOnes) {
    Gics gics;
    gics.write(0, gicd::kIsenabler + 4, 0xF0);
    gics.write(0, gicd::kIsenabler + 4, 0x0F);
    EXPECT_EQ(gics.read(0, gicd::kIsenabler + 4), 0xFFU);
    gics.write(0, gicd::kIcenabler + 4, 0x81);
    EXPECT_EQ(gics.read(0, gicd::kIsenabler + 4), 0x7EU);
    EXPECT_EQ(gics.read(0, gicd::kIcenabler + 4), 0x7EU);
}

// 4.3.5 leaves it open; Cortex-A15, TRM 8.3.1
TEST(VirtualDistributor, SgisCannotBeDisabled) {
    Gics gics;
    gics.write(0, gicd::kIsenabler, kAll);
    gics.write(0, gicd::kIcenabler, kAll);
    EXPECT_EQ(gics.read(0, gicd::kIsenabler), 0xFFFFU);
}

// 4.3.7, 4.3.8
TEST(VirtualDistributor, PendingIsSetAndClearedByWritesOfOnes) {
    Gics gics;
    gics.write(0, gicd::kIspendr, 0x30000000);
    gics.write(0, gicd::kIspendr + 4, 0x00000003);
    EXPECT_EQ(gics.read(0, gicd::kIspendr), 0x30000000U);
    EXPECT_EQ(gics.read(0, gicd::kIcpendr + 4), 3U);
    gics.write(0, gicd::kIcpendr, 0x10000000);
    gics.write(0, gicd::kIcpendr + 4, 0x00000002);
    EXPECT_EQ(gics.read(0, gicd::kIspendr), 0x20000000U);
    EXPECT_EQ(gics.read(0, gicd::kIspendr + 4), 1U);
}

// 4.3.7, 4.3.8
TEST(VirtualDistributor, SgisIgnoreWritesToThePendingRegisters) {
    Gics gics;
    gics.write(0, gicd::kIspendr, 0xFFFF);
    EXPECT_EQ(gics.read(0, gicd::kIspendr), 0U);
    gics.send(0, gic::SgiTarget::kSelf, 0, 3);
    gics.write(0, gicd::kIcpendr, 0xFFFF);
    EXPECT_EQ(gics.read(0, gicd::kIspendr), 1U << 3);
}

// 4.3.9, 4.3.10
TEST(VirtualDistributor, ActiveIsSetAndClearedByWritesOfOnes) {
    Gics gics;
    gics.write(0, gicd::kIsactiver, 0x80000003);
    gics.write(0, gicd::kIsactiver + 4, 0x80000001);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver), 0x80000003U);
    EXPECT_EQ(gics.read(0, gicd::kIcactiver + 4), 0x80000001U);
    gics.write(0, gicd::kIcactiver, 0x80000001);
    gics.write(0, gicd::kIcactiver + 4, 0x00000001);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver), 2U);
    EXPECT_EQ(gics.read(0, gicd::kIsactiver + 4), 0x80000000U);
}

// 4.3.9
TEST(VirtualDistributor, AnInterruptThatAWriteMadeActiveIsNotDelivered) {
    Gics gics;
    gics.enable(0, 40);
    gics.set(0, gicd::kIsactiver, 40);
    gics.set(0, gicd::kIspendr, 40);
    EXPECT_EQ(gics.interface(0).highest(), kNone);
    EXPECT_TRUE(gics.is_set(0, gicd::kIspendr, 40));
    gics.set(0, gicd::kIcactiver, 40);
    EXPECT_EQ(gics.interface(0).highest(), 40U);
}

// 4.3.11: Cortex-A15 has five bits of priority (TRM 8.3.2).
TEST(VirtualDistributor, PrioritiesHaveFiveBitsAndAreWrittenByWordAndByByte) {
    Gics gics;
    gics.write(0, gicd::kIpriorityr + 24, 0xFFFFFFFF);
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr + 24), 0xF8F8F8F8U);
    gics.write(0, gicd::kIpriorityr + 27, 0x12345644, 1);
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr + 27, 1), 0x40U);
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr + 24), 0x40F8F8F8U);
    gics.write(0, gicd::kIpriorityr + 60, 0x80604020);
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr + 60), 0x80604020U);
}

// 4.3.12
TEST(VirtualDistributor, TargetsOfPrivateInterruptsReadAsTheReader) {
    Gics gics({.cpus = 4});
    for (unsigned cpu = 0; cpu < 4; ++cpu) {
        for (std::uint32_t id = 0; id < 32; id += 4) {
            gics.write(cpu, gicd::kItargetsr + id, kAll);
            EXPECT_EQ(gics.read(cpu, gicd::kItargetsr + id), 0x01010101U << cpu);
        }
        EXPECT_EQ(gics.read(cpu, gicd::kItargetsr + 5, 1), 1U << cpu);
    }
}

// 4.3.12
TEST(VirtualDistributor, TargetsOfSharedInterruptsAreCpusThatThereAre) {
    Gics gics({.cpus = 3});
    gics.write(0, gicd::kItargetsr + 32, 0xFF010204);
    EXPECT_EQ(gics.read(2, gicd::kItargetsr + 32), 0x07010204U);
    gics.write(1, gicd::kItargetsr + 33, 0xFFFFFF05, 1);
    EXPECT_EQ(gics.read(0, gicd::kItargetsr + 32), 0x07010504U);
    EXPECT_EQ(gics.read(0, gicd::kItargetsr + 33, 1), 5U);
}

// 4.3.12 lets them be RAZ/WI there. Software that tests a distributor expects what it wrote.
TEST(VirtualDistributor, TheTargetsOfACpuAloneKeepItsBit) {
    Gics gics;
    for (std::uint32_t offset = 32; offset < 64; offset += 4) {
        EXPECT_EQ(gics.read(0, gicd::kItargetsr + offset), 0U);
        gics.write(0, gicd::kItargetsr + offset, 0x0103020F);
        EXPECT_EQ(gics.read(0, gicd::kItargetsr + offset), 0x01010001U);
    }
    EXPECT_EQ(gics.read(0, gicd::kItargetsr), 0x01010101U);
}

// 4.3.13
TEST(VirtualDistributor, OnlySharedInterruptsCanChangeTheirTrigger) {
    Gics gics;
    for (std::uint32_t word = 0; word < 4; ++word) {
        gics.write(0, gicd::kIcfgr + 4 * word, kAll);
    }
    EXPECT_EQ(gics.read(0, gicd::kIcfgr), 0xAAAAAAAAU);
    EXPECT_EQ(gics.read(0, gicd::kIcfgr + 4), 0x55540000U);
    EXPECT_EQ(gics.read(0, gicd::kIcfgr + 8), kAll);
    EXPECT_EQ(gics.read(0, gicd::kIcfgr + 12), kAll);
    gics.write(0, gicd::kIcfgr + 8, 0x0000000D);
    EXPECT_EQ(gics.read(0, gicd::kIcfgr + 8), 0x5555555DU) << "the lower bits read as one";
}

// 4.3.15
TEST(VirtualDistributor, AnSgiGoesToTheListedCpus) {
    Gics gics({.cpus = 4});
    gics.send(1, gic::SgiTarget::kList, 0b11111001, 6);
    for (unsigned cpu = 0; cpu < 4; ++cpu) {
        const bool listed = cpu == 0 || cpu == 3;
        EXPECT_EQ(gics.read(cpu, gicd::kSpendsgir + 6, 1), listed ? 2U : 0U) << cpu;
        EXPECT_EQ(gics.read(cpu, gicd::kIspendr), listed ? 1U << 6 : 0U) << cpu;
    }
}

// 4.3.15
TEST(VirtualDistributor, AnSgiGoesToAllOthers) {
    Gics gics({.cpus = 4});
    gics.send(2, gic::SgiTarget::kOthers, 0, 0);
    for (unsigned cpu = 0; cpu < 4; ++cpu) {
        EXPECT_EQ(gics.read(cpu, gicd::kCpendsgir, 1), cpu != 2 ? 4U : 0U) << cpu;
    }
}

// 4.3.15
TEST(VirtualDistributor, AnSgiGoesToTheSenderItself) {
    Gics gics({.cpus = 2});
    gics.send(1, gic::SgiTarget::kSelf, 0b01, 15);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir + 12), 0U);
    EXPECT_EQ(gics.read(1, gicd::kSpendsgir + 12), 0x02000000U);
    EXPECT_EQ(gics.read(1, gic::GicdSgir::kOffset), 0U) << "write-only";
}

// 4.3.16, 4.3.17
TEST(VirtualDistributor, SourcesOfSgisAreSetAndClearedByWordAndByByte) {
    Gics gics({.cpus = 4});
    gics.write(3, gicd::kSpendsgir + 4, 0x0F030201);
    EXPECT_EQ(gics.read(3, gicd::kSpendsgir + 4), 0x0F030201U);
    EXPECT_EQ(gics.read(3, gicd::kCpendsgir + 4), 0x0F030201U);
    EXPECT_EQ(gics.read(3, gicd::kIspendr), 0xF0U);
    gics.write(3, gicd::kCpendsgir + 7, 0xFFFFFF06, 1);
    gics.write(3, gicd::kCpendsgir + 4, 0x00010001);
    EXPECT_EQ(gics.read(3, gicd::kSpendsgir + 4), 0x09020200U);
    EXPECT_EQ(gics.read(3, gicd::kSpendsgir + 7, 1), 9U);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir + 4), 0U) << "each CPU has its own";
}

// 4.3.17
TEST(VirtualDistributor, CpusThatThereAreNotCannotBeSources) {
    Gics gics({.cpus = 2});
    gics.write(0, gicd::kSpendsgir, kAll);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir), 0x03030303U);
}

// 4.1.2, Table 4-1: registers of private interrupts are banked.
TEST(VirtualDistributor, EachCpuHasItsOwnPrivateInterrupts) {
    Gics gics({.cpus = 2});
    gics.write(0, gicd::kIgroupr, 0x80000001);
    gics.write(0, gicd::kIsenabler, 1U << 30);
    gics.write(0, gicd::kIspendr, 1U << 29);
    gics.write(0, gicd::kIsactiver, 1U << 28);
    gics.write(0, gicd::kIpriorityr + 4, 0x08080808);
    for (const std::uint32_t offset :
         {gicd::kIgroupr, gicd::kIspendr, gicd::kIsactiver, gicd::kIpriorityr + 4}) {
        EXPECT_NE(gics.read(0, offset), 0U) << std::hex << offset;
        EXPECT_EQ(gics.read(1, offset), 0U) << std::hex << offset;
    }
    EXPECT_EQ(gics.read(1, gicd::kIsenabler), 0xFFFFU);
}

// The same: those of shared ones are not.
TEST(VirtualDistributor, SharedInterruptsAreTheSameForAllCpus) {
    Gics gics({.cpus = 2});
    for (const std::uint32_t bank : {gicd::kIgroupr, gicd::kIsenabler, gicd::kIspendr,
                                     gicd::kIsactiver, gicd::kIpriorityr + 28}) {
        gics.write(1, bank + 4, 0x40302010);
        EXPECT_EQ(gics.read(0, bank + 4), 0x40302010U) << std::hex << bank;
    }
}

// 4.1.2
TEST(VirtualDistributor, ReservedAddressesReadAsZeroAndIgnoreWrites) {
    Gics gics({.cpus = 2});
    for (const std::uint32_t offset :
         {0x00CU, 0x040U, gicd::kIgroupr + 8, gicd::kIsenabler + 8, gicd::kIcenabler + 0x7C,
          gicd::kIspendr + 8, gicd::kIcpendr + 8, gicd::kIsactiver + 8, gicd::kIcactiver + 8,
          gicd::kIpriorityr + 64, gicd::kItargetsr + 64, gicd::kIcfgr + 16, 0xD00U, 0xE00U, 0xF04U,
          0xF30U, 0xFD0U, 0xFFCU}) {
        gics.write(0, offset, kAll);
        EXPECT_EQ(gics.read(0, offset), 0U) << std::hex << offset;
    }
    gics.write(0, gicd::kIpriorityr + 64, 0xFF, 1);
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr + 64, 1), 0U);
    EXPECT_EQ(gics.read(0, gicd::kItargetsr + 1000, 1), 0U);
}

// Table 4-1
TEST(VirtualDistributor, ReadOnlyRegistersIgnoreWrites) {
    Gics gics({.cpus = 2});
    for (const std::uint32_t offset :
         {gic::GicdTyper::kOffset, gic::GicdIidr::kOffset, gicd::kIcfgr, gicd::kIcfgr + 4,
          gicd::kItargetsr, kIcpidr2}) {
        const std::uint32_t before = gics.read(0, offset);
        gics.write(0, offset, ~before);
        EXPECT_EQ(gics.read(0, offset), before) << std::hex << offset;
    }
}

// 4.1.4
TEST(VirtualDistributor, OnlyFourBanksHaveBytes) {
    Gics gics({.cpus = 2});
    for (const std::uint32_t offset :
         {gicd::kIpriorityr + 1, gicd::kItargetsr + 33, gicd::kCpendsgir + 15, gicd::kSpendsgir}) {
        EXPECT_TRUE(gics.read_if(0, offset, 1)) << std::hex << offset;
        EXPECT_TRUE(gics.write_if(0, offset, 0, 1)) << std::hex << offset;
    }
    for (const std::uint32_t offset :
         {0x000U, gicd::kIgroupr, gicd::kIsenabler, gicd::kIspendr + 1, gicd::kIsactiver,
          gicd::kIcfgr + 2, gic::GicdSgir::kOffset, kIcpidr2}) {
        EXPECT_FALSE(gics.read_if(0, offset, 1)) << std::hex << offset;
        EXPECT_FALSE(gics.write_if(0, offset, 0xFF, 1)) << std::hex << offset;
    }
    EXPECT_EQ(gics.read(0, gicd::kIgroupr), 0U);
}

// 4.1.4
TEST(VirtualDistributor, NoRegisterHasHalfwordsOrUnalignedWords) {
    Gics gics({.cpus = 2});
    for (const std::uint32_t offset :
         {0x000U, gicd::kIsenabler, gicd::kIpriorityr, gicd::kItargetsr + 32, gicd::kSpendsgir}) {
        EXPECT_FALSE(gics.read_if(0, offset, 2)) << std::hex << offset;
        EXPECT_FALSE(gics.write_if(0, offset, kAll, 2)) << std::hex << offset;
        for (std::uint32_t beyond = 1; beyond < 4; ++beyond) {
            EXPECT_FALSE(gics.read_if(0, offset + beyond, 4)) << std::hex << offset;
            EXPECT_FALSE(gics.write_if(0, offset + beyond, kAll, 4)) << std::hex << offset;
        }
    }
    EXPECT_EQ(gics.read(0, gicd::kIpriorityr), 0U);
    EXPECT_EQ(gics.read(0, gicd::kSpendsgir), 0U);
}

// 4.3.1, 4.3.5
TEST(VirtualDistributor, SignalledAreTheEnabledOnesOfEnabledGroups) {
    Gics gics;
    gics.write(0, gicd::kIsenabler, 1U << 27 | 1U << 30);
    gics.write(0, gicd::kIsenabler + 4, 3);
    gics.write(0, gicd::kIgroupr, 1U << 27);
    gics.write(0, gicd::kIgroupr + 4, 2);
    EXPECT_TRUE(gics.signalled_on(0).empty());
    gics.write(0, gic::GicdCtlr::kOffset, 1);
    EXPECT_EQ(gics.signalled_on(0), InterruptSet(1U << 30 | 0xFFFF, 1));
    gics.write(0, gic::GicdCtlr::kOffset, 2);
    EXPECT_EQ(gics.signalled_on(0), InterruptSet(1U << 27, 2));
    gics.write(0, gic::GicdCtlr::kOffset, 3);
    EXPECT_EQ(gics.signalled_on(0), InterruptSet(1U << 30 | 1U << 27 | 0xFFFF, 3));
}

}  // namespace
}  // namespace hm::hyp
