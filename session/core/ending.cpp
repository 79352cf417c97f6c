#include "session/core/ending.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace hm::session {

namespace {

/// What the monitor did not serve, beside what the syndrome says.
std::string_view words_of(hyp::Refusal refusal) {
    switch (refusal) {
        case hyp::Refusal::kUndescribed:
            return "a device is served only to single loads and stores: ";
        case hyp::Refusal::kBigEndian:
            return "a device is not served to big-endian data: ";
        case hyp::Refusal::kNoVectors:
            return "its vectors lie in the very page that it cannot fetch: ";
        case hyp::Refusal::kNotServed:
            break;
    }
    return "";
}

/// `called_with`: r0 to r3 of a hypercall.
void describe_trap(Message& message, const hyp::Trap& trap,
                   std::span<const std::uint32_t> called_with = {}) {
    std::array<char, hyp::kDescriptionBytes> words;
    message.text(hyp::describe(trap.hsr, words));
    constexpr std::array<std::string_view, 4> kNames{" with r0 ", ", r1 ", ", r2 ", ", r3 "};
    for (std::size_t i = 0; i < called_with.size(); ++i) {
        message.text(kNames[i]).hex(called_with[i]);
    }
    message.text(", at pc ").hex(trap.pc);
    if (hyp::is_abort(trap.hsr)) {
        message.text(", address ").hex(trap.far);
    }
    if (const auto ipa = hyp::fault_ipa(trap.hsr, trap.hpfar, trap.far)) {
        message.text(", IPA ").hex(ipa->value);
    }
    message.text(", HSR ").hex(trap.hsr.raw);
}

void describe_refusal(Message& message, const hyp::Stop& stop) {
    message.text("stopped by the monitor: ").text(words_of(stop.refusal));
    if (stop.trap.hsr.get(hyp::Hsr::kEc) == hyp::ExceptionClass::kHvc) {
        describe_trap(message, stop.trap, stop.arguments);
    } else {
        describe_trap(message, stop.trap);
    }
}

/// The measuring guest, for one, reports an exception that it does not expect. What led to it only
/// the monitor knows.
void describe_given(Message& message, const hyp::GivenException& given) {
    message.text("; the last exception that the monitor gave to it was for: ");
    describe_trap(message, given.trap);
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

bool ended_as_it_should(const hyp::Stop& stop, const measure::GuestReport& report,
                        Message& message) {
    if (stop.vm != 0) {
        message.text("the second VM: ");
    }
    switch (stop.reason) {
        case hyp::StopReason::kWatchdog:
            message.text("the watchdog ended it: no progress in time, at pc ").hex(stop.trap.pc);
            return false;
        case hyp::StopReason::kBudget:
            message.text("the watchdog ended it: it ran for too long in all, at pc ")
                .hex(stop.trap.pc);
            return false;
        case hyp::StopReason::kTrap:
            describe_refusal(message, stop);
            return false;
        case hyp::StopReason::kPoweredOff:
            message.text("it turned itself off by PSCI, at pc ").hex(stop.trap.pc);
            return false;
        case hyp::StopReason::kReset:
            message.text("it asked for a reset by PSCI, at pc ").hex(stop.trap.pc);
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
            message.text("the guest refused its parameters");
            return false;
    }
    message.text("the guest finished with ").hex(stop.outcome).text(", which is no outcome");
    return false;
}

}  // namespace

bool ended_well(const hyp::Stop& stop, const measure::GuestReport& report, Message& message) {
    const bool well = ended_as_it_should(stop, report, message);
    if (!well && stop.given.count != 0 && stop.given.vm == stop.vm) {
        describe_given(message, stop.given);
    }
    return well;
}

}  // namespace hm::session
