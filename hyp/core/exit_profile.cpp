#include "hyp/core/exit_profile.hpp"

#include "board/facts.hpp"

namespace hm::hyp {

namespace {

[[nodiscard]] ExitReason reason_of_abort(mmu::Ipa ipa, const VmConfig& vm) {
    const auto is_in_page = [ipa](mmu::Ipa page) {
        return ipa >= page && ipa < page + mmu::kFrameBytes;
    };
    if (is_in_page(vm.distributor)) {
        return ExitReason::kDistributor;
    }
    if (vm.uart && is_in_page(vm.uart->base)) {
        return ExitReason::kUart;
    }
    if (vm.has_test_device && is_in_page({vm.distributor.value - mmu::kFrameBytes})) {
        return ExitReason::kOtherDevice;
    }
    return vm.demand.range.contains(ipa) ? ExitReason::kDemand : ExitReason::kAbort;
}

}  // namespace

ExitReason reason_of_interrupt(gic::IntId interrupt, gic::IntId kick) {
    switch (interrupt) {
        case board::kVirtualTimerInterrupt:
            return ExitReason::kTimer;
        case board::kMaintenanceInterrupt:
            return ExitReason::kMaintenance;
        case board::kHypTimerInterrupt:
            return ExitReason::kHypTimer;
        default:
            break;
    }
    if (interrupt == kick) {
        return ExitReason::kOtherCpu;
    }
    return interrupt >= gic::kFirstSpi && interrupt < gic::kFirstSpecial
               ? ExitReason::kOwnDevice
               : ExitReason::kOtherInterrupt;
}

ExitReason reason_of_trap(Hsr hsr, mmu::Ipa ipa, const VmConfig& vm) {
    switch (hsr.get(Hsr::kEc)) {
        case ExceptionClass::kWfiWfe:
            return ExitReason::kWait;
        case ExceptionClass::kHvc:
            return ExitReason::kHypercall;
        case ExceptionClass::kCp15:
        case ExceptionClass::kCp15Wide:
        case ExceptionClass::kCp14:
        case ExceptionClass::kCp14Memory:
        case ExceptionClass::kCp14Wide:
            return ExitReason::kRegister;
        case ExceptionClass::kPrefetchAbortLower:
        case ExceptionClass::kDataAbortLower:
            return reason_of_abort(ipa, vm);
        default:
            return ExitReason::kInstruction;
    }
}

}  // namespace hm::hyp
