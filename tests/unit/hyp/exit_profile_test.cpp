#include "hyp/core/exit_profile.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace hm::hyp {
namespace {

constexpr gic::IntId kKickHere = 7;

VmConfig vm() {
    return {.demand = {.range = {{0x4000'0000}, 0x1000'0000}},
            .distributor = {0x0800'0000},
            .has_test_device = true,
            .uart = UartConfig{.base = {0x0900'0000}}};
}

Hsr of_class(std::uint32_t ec) { return Hsr::from(ec << 26); }

// PPIs of Cortex-A15 (TRM, "Interrupt sources"): 25 maintenance, 26 HYP's timer, 27 the virtual
// one.
TEST(ExitProfile, InterruptsAreToldByTheirIds) {
    EXPECT_EQ(reason_of_interrupt(27, kKickHere), ExitReason::kTimer);
    EXPECT_EQ(reason_of_interrupt(25, kKickHere), ExitReason::kMaintenance);
    EXPECT_EQ(reason_of_interrupt(26, kKickHere), ExitReason::kHypTimer);
    EXPECT_EQ(reason_of_interrupt(7, kKickHere), ExitReason::kOtherCpu);
    EXPECT_EQ(reason_of_interrupt(6, kKickHere), ExitReason::kOtherInterrupt);
    EXPECT_EQ(reason_of_interrupt(32, kKickHere), ExitReason::kOwnDevice);
    EXPECT_EQ(reason_of_interrupt(1019, kKickHere), ExitReason::kOwnDevice);
    EXPECT_EQ(reason_of_interrupt(1023, kKickHere), ExitReason::kOtherInterrupt);
}

// Classes of HSR: ARM DDI 0406C.d, table B3-26.
TEST(ExitProfile, TrapsAreToldByTheirClasses) {
    const mmu::Ipa nowhere{};
    EXPECT_EQ(reason_of_trap(of_class(0x01), nowhere, vm()), ExitReason::kWait);
    EXPECT_EQ(reason_of_trap(of_class(0x12), nowhere, vm()), ExitReason::kHypercall);
    for (const std::uint32_t register_class : {0x03U, 0x04U, 0x05U, 0x06U, 0x0CU}) {
        EXPECT_EQ(reason_of_trap(of_class(register_class), nowhere, vm()), ExitReason::kRegister);
    }
    for (const std::uint32_t other : {0x00U, 0x07U, 0x08U, 0x0AU, 0x13U}) {
        EXPECT_EQ(reason_of_trap(of_class(other), nowhere, vm()), ExitReason::kInstruction);
    }
}

TEST(ExitProfile, AbortsAreToldByTheirAddresses) {
    for (const std::uint32_t abort_class : {0x20U, 0x24U}) {
        const auto reason = [abort_class](std::uint64_t address) {
            return reason_of_trap(of_class(abort_class), {address}, vm());
        };
        EXPECT_EQ(reason(0x0800'0000), ExitReason::kDistributor);
        EXPECT_EQ(reason(0x0800'0FFC), ExitReason::kDistributor);
        EXPECT_EQ(reason(0x0800'1000), ExitReason::kAbort);
        EXPECT_EQ(reason(0x0900'0018), ExitReason::kUart);
        EXPECT_EQ(reason(0x07FF'F000), ExitReason::kOtherDevice);
        EXPECT_EQ(reason(0x4000'0000), ExitReason::kDemand);
        EXPECT_EQ(reason(0x4FFF'FFFF), ExitReason::kDemand);
        EXPECT_EQ(reason(0x5000'0000), ExitReason::kAbort);
        EXPECT_EQ(reason(0x1'4000'0000), ExitReason::kAbort);
    }
    EXPECT_EQ(reason_of_trap(of_class(0x24), {0x0900'0000}, {}), ExitReason::kAbort)
        << "a machine without devices, but a distributor at 0";
}

TEST(ExitProfile, TheLongestIsKeptAndAllAreAdded) {
    ExitCount exits;
    exits.add(30);
    exits.add(70);
    exits.add(50);
    EXPECT_EQ(exits.ticks, 150U);
    EXPECT_EQ(exits.most, 70U);
    exits.add(UINT32_MAX);
    exits.add(UINT32_MAX);
    EXPECT_EQ(exits.ticks, 150U + 2 * std::uint64_t{UINT32_MAX});
}

TEST(ExitProfile, EachReasonHasANameOfItsOwn) {
    std::set<std::string> names;
    for (const char* const name : kExitReasonNames) {
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(ExitReason::kAbort) + 1);
}

}  // namespace
}  // namespace hm::hyp
