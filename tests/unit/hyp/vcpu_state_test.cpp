#include "hyp/core/vcpu_state.hpp"

#include <gtest/gtest.h>

#include "hyp/core/entry_controls.hpp"

namespace hm::hyp {
namespace {

TimerState timer(bool enabled, bool masked) {
    return {
        .cval = cpu::CntvCval::from(1'000),
        .offset = 500,
        .ctl =
            cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, enabled).with(cpu::CntvCtl::kImask, masked)};
}

TEST(VcpuState, ASleepingTimersDeadlineIsInPhysicalTime) {
    EXPECT_EQ(deadline_of(timer(true, false), false), 1'500U);
}

TEST(VcpuState, ATimerThatIsOffOrMaskedHasNoDeadline) {
    EXPECT_EQ(deadline_of(timer(false, false), false), kNever);
    EXPECT_EQ(deadline_of(timer(true, true), false), kNever);
}

TEST(VcpuState, AnInterruptThatWasDeliveredIsNotWaitedForAgain) {
    EXPECT_EQ(deadline_of(timer(true, false), true), kNever);
}

TEST(VcpuState, AVmBeginsWithKnownRegistersAndItsOwnTime) {
    VmConfig vm;
    vm.entry = 0x42008000;
    vm.time_offset = 77;
    const VcpuState state = initial_state(vm);
    EXPECT_EQ(state.pc, 0x42008000U);
    EXPECT_EQ(state.psr, kEntryPsr.raw);
    EXPECT_EQ(state.registers.sctlr, cpu::kResetSctlr);
    EXPECT_EQ(state.registers.ttbr0.raw, 0U);
    EXPECT_EQ(state.timer.offset, 77U);
    EXPECT_EQ(deadline_of(state.timer, false), kNever);
    EXPECT_EQ(state.interrupts.listed, 0U);
    EXPECT_TRUE(state.interrupts.hcr.get(gic::GichHcr::kEnable));
    // Cortex-A15 TRM 8.3.2: its value after a reset.
    EXPECT_EQ(state.interrupts.vmcr.raw, 0x004C'0000U);
}

}  // namespace
}  // namespace hm::hyp
