#include "session/hw/ending.hpp"

namespace hm::session {

namespace {

void describe_trap(Detail& detail, const hyp::Stop& stop) {
    std::array<char, hyp::kDescriptionBytes> words;
    detail.text("stopped by the monitor: ").text(hyp::describe(stop.hsr, words));
    detail.text(", at pc ").hex(stop.pc).text(", address ").hex(stop.far);
    if (const auto ipa = hyp::fault_ipa(stop.hsr, stop.hpfar, stop.far)) {
        detail.text(", IPA ").hex(ipa->value);
    }
    detail.text(", HSR ").hex(stop.hsr.raw);
}

void describe_exception(Detail& detail, const measure::GuestReport& report) {
    constexpr std::array<std::string_view, 8> kVectors{
        "reset",      "undefined instruction", "system call", "prefetch abort",
        "data abort", "reserved vector",       "interrupt",   "FIQ"};
    const auto& exception = report.exception;
    detail.text("the guest took an unexpected exception: ")
        .text(exception.vector < kVectors.size() ? kVectors[exception.vector] : "unknown")
        .text(" at pc ")
        .hex(exception.pc)
        .text(", CPSR ")
        .hex(exception.cpsr)
        .text(", fault status ")
        .hex(exception.status)
        .text(", address ")
        .hex(exception.address);
}

}  // namespace

bool ended_well(const hyp::Stop& stop, const GuestSlot& slot, Detail& detail) {
    if (stop.vm != 0) {
        detail.text("the second VM: ");
    }
    switch (stop.reason) {
        case hyp::StopReason::kWatchdog:
            detail.text("the watchdog ended it: no progress in time, at pc ").hex(stop.pc);
            return false;
        case hyp::StopReason::kTrap:
            describe_trap(detail, stop);
            return false;
        case hyp::StopReason::kFinished:
            break;
    }
    switch (static_cast<measure::Outcome>(stop.outcome)) {
        case measure::Outcome::kDone:
            if (stop.vm != 0) {
                detail.text("it finished, which it never should");
            }
            return stop.vm == 0;
        case measure::Outcome::kUnexpectedException:
            describe_exception(detail, slot.report());
            return false;
        case measure::Outcome::kOutOfMemory:
            detail.text("the guest's memory was too small");
            return false;
        case measure::Outcome::kBadParameters:
            break;
    }
    detail.text("the guest refused its parameters");
    return false;
}

}  // namespace hm::session
