#include "session/core/ending.hpp"

#include <array>

namespace hm::session {

namespace {

void describe_trap(Message& message, const hyp::Stop& stop) {
    std::array<char, hyp::kDescriptionBytes> words;
    message.text("stopped by the monitor: ").text(hyp::describe(stop.hsr, words));
    message.text(", at pc ").hex(stop.pc).text(", address ").hex(stop.far);
    if (const auto ipa = hyp::fault_ipa(stop.hsr, stop.hpfar, stop.far)) {
        message.text(", IPA ").hex(ipa->value);
    }
    message.text(", HSR ").hex(stop.hsr.raw);
}

void describe_exception(Message& message, const measure::GuestReport& report) {
    constexpr std::array<std::string_view, 8> kVectors{
        "reset",      "undefined instruction", "system call", "prefetch abort",
        "data abort", "reserved vector",       "interrupt",   "FIQ"};
    const auto& exception = report.exception;
    message.text("the guest took an unexpected exception: ")
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

bool ended_well(const hyp::Stop& stop, const measure::GuestReport& report, Message& message) {
    if (stop.vm != 0) {
        message.text("the second VM: ");
    }
    switch (stop.reason) {
        case hyp::StopReason::kWatchdog:
            message.text("the watchdog ended it: no progress in time, at pc ").hex(stop.pc);
            return false;
        case hyp::StopReason::kBudget:
            message.text("the watchdog ended it: it ran for too long in all, at pc ").hex(stop.pc);
            return false;
        case hyp::StopReason::kTrap:
            describe_trap(message, stop);
            return false;
        case hyp::StopReason::kFinished:
            break;
    }
    switch (static_cast<measure::Outcome>(stop.outcome)) {
        case measure::Outcome::kDone:
            if (stop.vm != 0) {
                message.text("it finished, but it never should");
            }
            return stop.vm == 0;
        case measure::Outcome::kUnexpectedException:
            describe_exception(message, report);
            return false;
        case measure::Outcome::kOutOfMemory:
            message.text("the guest's memory was too small");
            return false;
        case measure::Outcome::kBadParameters:
            break;
    }
    message.text("the guest refused its parameters");
    return false;
}

}  // namespace hm::session
