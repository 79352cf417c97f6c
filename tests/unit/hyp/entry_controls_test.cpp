#include "hyp/core/entry_controls.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {
namespace {

constexpr std::uint32_t kCounters = 6;

EntryControls state_of(Stages stages, InterruptRouting routing) {
    VmConfig vm;
    vm.stages = stages;
    vm.routing = routing;
    return entry_controls(vm, kCounters);
}

TEST(EntryControls, NativelyOnlyFiqAndWhatNoGuestUsesComeToHyp) {
    // Bits by the manual's numbers (ARM DDI 0406C.d, B4.1.64 to B4.1.66, B4.1.71, B4.1.26).
    const EntryControls state = state_of(Stages::kStage1Only, InterruptRouting::kStraight);
    EXPECT_EQ(state.hcr.raw, (1U << 20) | (1U << 19) | (1U << 3));  // TIDCP, TSC, FMO
    EXPECT_EQ(state.hstr.raw, (1U << 17) | (1U << 16) | (1U << 15));
    EXPECT_EQ(state.hcptr.raw, (1U << 20) | 0x33FFU);
    EXPECT_EQ(state.hdcr.raw, (1U << 11) | (1U << 10) | (1U << 9) | kCounters);
    EXPECT_EQ(state.cnthctl.raw, 1U);  // PL1PCTEN: the physical count, not its timer
}

TEST(EntryControls, AtRestNothingIsRoutedToHypAndStageTwoIsOff) {
    const EntryControls rest = controls_at_rest(kCounters);
    EXPECT_EQ(rest.hcr.raw, (1U << 20) | (1U << 19));
    EXPECT_EQ(rest.hdcr.get(cpu::Hdcr::kHpmn), kCounters) << "HYP counts with them";
    EXPECT_EQ(rest.hcptr.raw & (3U << 10), 0U) << "HYP saves VFP and NEON";
}

TEST(EntryControls, AGuestHasStageTwoAndItsInterruptsInjected) {
    const EntryControls state = state_of(Stages::kBoth, InterruptRouting::kLinked);
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kVm));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kImo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kFmo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kAmo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kTsc));
    EXPECT_TRUE(state.hstr.get(cpu::Hstr::kT15));
    EXPECT_FALSE(state.cnthctl.get(cpu::Cnthctl::kPl1pcen));
    EXPECT_TRUE(state.cnthctl.get(cpu::Cnthctl::kPl1pcten));
}

TEST(EntryControls, AGuestsRegistersHaveTheseBitsAndNoOthers) {
    // The numbers of the bits are the manual's (ARM DDI 0406C.d, B4.1.64 to B4.1.66, B4.1.67,
    // B4.1.27), not those of the fields that the code has.
    const auto bits = [](std::initializer_list<unsigned> numbers) {
        std::uint32_t value = 0;
        for (const unsigned number : numbers) {
            value |= 1U << number;
        }
        return value;
    };
    const std::uint32_t traps = bits({21, 20, 19});     // TAC, TIDCP, TSC
    const std::uint32_t aborts_and_fiq = bits({5, 3});  // AMO, FMO
    const std::uint32_t stage2 = bits({2, 1, 0});       // PTW, SWIO, VM
    const EntryControls linked = state_of(Stages::kBoth, InterruptRouting::kLinked);
    EXPECT_EQ(linked.hcr.raw, traps | aborts_and_fiq | bits({4}) | stage2);  // IMO
    EXPECT_EQ(state_of(Stages::kStage2Only, InterruptRouting::kLinked).hcr.raw,
              traps | bits({12}) | aborts_and_fiq | bits({4}) | stage2);  // DC
    EXPECT_EQ(state_of(Stages::kBoth, InterruptRouting::kStraight).hcr.raw,
              traps | aborts_and_fiq | stage2);
    EXPECT_EQ(linked.hdcr.raw, bits({11, 10, 9}) | kCounters);  // TDRA, TDOSA, TDA, HPMN
    EXPECT_EQ(linked.hstr.raw, bits({17, 16, 15}));             // TJDBX, TTEE, T15
    // TTA, and the coprocessors that do not exist: all but 10 and 11.
    EXPECT_EQ(linked.hcptr.raw, bits({20, 13, 12, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
    EXPECT_EQ(linked.cnthctl.raw, bits({0}));  // PL1PCTEN
    VmConfig without_counters;
    without_counters.stages = Stages::kBoth;
    without_counters.has_counters = false;
    EXPECT_EQ(entry_controls(without_counters, kCounters).hdcr.raw,
              bits({11, 10, 9, 6, 5}) | kCounters);  // and TPM, TPMCR
}

TEST(EntryControls, StageTwoOnlyHasCacheableMemoryWithStageOneOff) {
    const EntryControls alone = state_of(Stages::kStage2Only, InterruptRouting::kLinked);
    const EntryControls nested = state_of(Stages::kBoth, InterruptRouting::kLinked);
    EXPECT_TRUE(alone.hcr.get(cpu::Hcr::kDc));
    EXPECT_EQ(alone.hcr.with(cpu::Hcr::kDc, false), nested.hcr);
    EXPECT_FALSE(state_of(Stages::kStage1Only, InterruptRouting::kStraight).hcr.get(cpu::Hcr::kDc));
}

TEST(EntryControls, ALocalTlbInvalidationStaysLocal) {
    // FB and BSU would broadcast the guest's maintenance and widen its barriers: work that
    // a native run does not do.
    const EntryControls state = state_of(Stages::kBoth, InterruptRouting::kLinked);
    EXPECT_FALSE(state.hcr.get(cpu::Hcr::kFb));
    EXPECT_EQ(state.hcr.raw & (3U << 10), 0U);
}

TEST(EntryControls, WfiAndThePerformanceMonitorAreTheGuestsInBothWorlds) {
    for (const auto stages : {Stages::kStage1Only, Stages::kBoth}) {
        const auto routing =
            stages == Stages::kStage1Only ? InterruptRouting::kStraight : InterruptRouting::kLinked;
        const EntryControls state = state_of(stages, routing);
        EXPECT_FALSE(state.hcr.get(cpu::Hcr::kTwi));
        EXPECT_FALSE(state.hdcr.get(cpu::Hdcr::kTpm));
        EXPECT_FALSE(state.hdcr.get(cpu::Hdcr::kTpmcr));
        EXPECT_EQ(state.hdcr.get(cpu::Hdcr::kHpmn), kCounters);
        EXPECT_EQ(state.hcptr.get(cpu::Hcptr::kTcp) & (3U << 10), 0U);
    }
}

TEST(EntryControls, InterruptsThatComeStraightAreNotRoutedToHypButTheWatchdogIs) {
    const EntryControls state = state_of(Stages::kBoth, InterruptRouting::kStraight);
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kVm));
    EXPECT_FALSE(state.hcr.get(cpu::Hcr::kImo));
    EXPECT_TRUE(state.hcr.get(cpu::Hcr::kFmo));
}

TEST(EntryControls, WithoutALinkTheGuestsEndOfInterruptAsksForMaintenance) {
    EXPECT_EQ(link_of(InterruptRouting::kLinked), Link::kHardware);
    EXPECT_EQ(link_of(InterruptRouting::kMaintained), Link::kMaintenance);
    EXPECT_EQ(state_of(Stages::kBoth, InterruptRouting::kMaintained).hcr,
              state_of(Stages::kBoth, InterruptRouting::kLinked).hcr);
}

TEST(EntryControls, WfiComesToHypWhereThatIsAskedFor) {
    VmConfig vm;
    vm.stages = Stages::kBoth;
    vm.routing = InterruptRouting::kLinked;
    vm.traps_wfi = true;
    EXPECT_TRUE(entry_controls(vm, kCounters).hcr.get(cpu::Hcr::kTwi));
}

TEST(EntryControls, AVmWithoutCountersCannotReachThem) {
    VmConfig vm;
    vm.stages = Stages::kBoth;
    vm.has_counters = false;
    EXPECT_TRUE(entry_controls(vm, kCounters).hdcr.get(cpu::Hdcr::kTpm));
    EXPECT_TRUE(entry_controls(vm, kCounters).hdcr.get(cpu::Hdcr::kTpmcr));
}

TEST(EntryControls, JazelleTrapsForItsRegistersAreNotSwitched) {
    const EntryControls state = state_of(Stages::kBoth, InterruptRouting::kLinked);
    EXPECT_TRUE(state.hstr.get(cpu::Hstr::kTjdbx));
}

TEST(EntryControls, ThumbEeTrapsUntilItIsUsedAndNothingElseChangesThen) {
    // TJDBX, TTEE and T15 are bits 17, 16 and 15 (ARM DDI 0406C.d, B4.1.71).
    for (const auto stages : {Stages::kStage1Only, Stages::kBoth}) {
        const cpu::Hstr before = state_of(stages, InterruptRouting::kStraight).hstr;
        EXPECT_EQ(before.raw, (1U << 17) | (1U << 16) | (1U << 15));
        EXPECT_EQ(with_thumb_ee(before).raw, (1U << 17) | (1U << 15));
    }
    EXPECT_NE(controls_at_rest(kCounters).hstr.raw & (1U << 16), 0U);
}

TEST(EntryControls, AGuestStartsInSvcModeWithEverythingMasked) { EXPECT_EQ(kEntryPsr.raw, 0x1D3U); }

TEST(TrapFrame, EveryRegisterOfTheFrameIsFoundByItsNumber) {
    TrapFrame frame{};
    for (std::uint32_t number = 0; number <= 12; ++number) {
        *frame.reg(number, kEntryPsr) = 100 + number;
    }
    EXPECT_EQ(frame.r[0], 100U);
    EXPECT_EQ(frame.r[7], 107U);
    EXPECT_EQ(frame.r[12], 112U);
    EXPECT_EQ(frame.lr, 0U);
    EXPECT_EQ(frame.reg(13, kEntryPsr), nullptr);
    EXPECT_EQ(frame.reg(14, kEntryPsr), nullptr);
}

/// FIQ mode has r8 to r12 to itself (ARM DDI 0406C.d, B1.3.2); the frame has those of the others.
TEST(TrapFrame, R8ToR12OfFiqModeAreNotInTheFrame) {
    TrapFrame frame{};
    const cpu::Psr fiq = kEntryPsr.with(cpu::Psr::kMode, cpu::Mode::kFiq);
    for (std::uint32_t number = 0; number <= 15; ++number) {
        EXPECT_EQ(frame.reg(number, fiq) != nullptr, number < 8) << number;
    }
    for (const cpu::Mode mode : {cpu::Mode::kUsr, cpu::Mode::kIrq, cpu::Mode::kSvc, cpu::Mode::kAbt,
                                 cpu::Mode::kUnd, cpu::Mode::kSys}) {
        for (std::uint32_t number = 0; number <= 15; ++number) {
            EXPECT_EQ(frame.reg(number, kEntryPsr.with(cpu::Psr::kMode, mode)) != nullptr,
                      number < 13)
                << number;
        }
    }
}

}  // namespace
}  // namespace hm::hyp
