#include "drivers/power/psci.hpp"

#include <gtest/gtest.h>

namespace hm::power::psci {
namespace {

TEST(Psci, ACoreIsNamedOnlyByTheAffinityInItsMpidr) {
    // MPIDR of the second core of a Cortex-A15: bit 31 says that the register has this format.
    EXPECT_EQ(target_of(cpu::Mpidr::from(0x8000'0001)).raw, 0x0000'0001U);
    EXPECT_EQ(target_of(cpu::Mpidr::from(0xFF12'3456)).raw, 0x0012'3456U);
    EXPECT_EQ(target_of(cpu::Mpidr::from(0xFF12'3456)).get(Target::kAff1), 0x34U);
}

TEST(Psci, CpuOnCarriesTheCoreItsEntryAndItsContextInThisOrder) {
    const Call call = cpu_on(Target::from(1), 0x4020'0060, 7);
    EXPECT_EQ(static_cast<std::uint32_t>(call.function), 0x8400'0003U);
    EXPECT_EQ(call.arguments, (std::array<std::uint32_t, 3>{1, 0x4020'0060, 7}));
}

TEST(Psci, AffinityInfoAsksForOneCoreAndNotForItsCluster) {
    const Call call = affinity_info(Target::from(0x101));
    EXPECT_EQ(static_cast<std::uint32_t>(call.function), 0x8400'0004U);
    EXPECT_EQ(call.arguments, (std::array<std::uint32_t, 3>{0x101, 0, 0}));
}

TEST(Psci, CpuOffTakesNothing) {
    EXPECT_EQ(static_cast<std::uint32_t>(cpu_off().function), 0x8400'0002U);
    EXPECT_EQ(cpu_off().arguments, (std::array<std::uint32_t, 3>{}));
}

TEST(Psci, SystemOffTakesNothing) {
    EXPECT_EQ(static_cast<std::uint32_t>(system_off().function), 0x8400'0008U);
    EXPECT_EQ(system_off().arguments, (std::array<std::uint32_t, 3>{}));
}

TEST(Psci, EveryCallIsAFastOneOfTheStandardServiceInThe32BitForm) {
    // ARM DEN 0028B, "Function identifiers": bit 31 fast, bit 30 clear for SMC32, owner 4.
    for (const Call& call : {cpu_on({}, 0, 0), cpu_off(), affinity_info({}), system_off()}) {
        EXPECT_EQ(static_cast<std::uint32_t>(call.function) >> 24, 0x84U);
    }
}

TEST(Psci, ACoreThatIsThereIsOnOffOrOnItsWay) {
    EXPECT_EQ(affinity_of(0), Affinity::kOn);
    EXPECT_EQ(affinity_of(1), Affinity::kOff);
    EXPECT_EQ(affinity_of(2), Affinity::kOnPending);
}

TEST(Psci, EveryOtherAnswerSaysThatThereIsNoCore) {
    for (const Status status : {Status::kInvalidParameters, Status::kNotSupported,
                                Status::kDisabled, Status::kNotPresent}) {
        EXPECT_EQ(affinity_of(static_cast<std::int32_t>(status)), std::nullopt);
    }
    EXPECT_EQ(affinity_of(3), std::nullopt);
}

}  // namespace
}  // namespace hm::power::psci
