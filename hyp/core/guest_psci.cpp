#include "hyp/core/guest_psci.hpp"

#include "drivers/power/psci.hpp"

namespace hm::hyp {

namespace {

using power::psci::Affinity;
using power::psci::Function;
using power::psci::Status;

constexpr std::int32_t kNothingMigrates = 2;  // 5.9: there is no Trusted OS

constexpr PsciResult answer(Status status) { return {.value = static_cast<std::int32_t>(status)}; }

bool is_known(std::uint32_t function) {
    switch (static_cast<Function>(function)) {
        case Function::kVersion:
        case Function::kCpuOff:
        case Function::kCpuOn:
        case Function::kAffinityInfo:
        case Function::kMigrateInfoType:
        case Function::kSystemOff:
        case Function::kSystemReset:
        case Function::kFeatures:
            return true;
    }
    return false;
}

}  // namespace

PsciResult call_psci(std::span<const std::uint32_t, 4> arguments, cpu::Mpidr self) {
    const bool names_self = arguments[1] == power::psci::target_of(self).raw;
    switch (static_cast<Function>(arguments[0])) {
        case Function::kVersion:
            return {.value = kPsciVersion};
        case Function::kCpuOn:
            // 5.6.2: no other CPU exists.
            return answer(names_self ? Status::kAlreadyOn : Status::kInvalidParameters);
        case Function::kAffinityInfo:
            // 5.7.2: only level 0 must be known from version 1.0 on.
            return names_self && arguments[2] == 0
                       ? PsciResult{.value = static_cast<std::int32_t>(Affinity::kOn)}
                       : answer(Status::kInvalidParameters);
        case Function::kMigrateInfoType:
            return {.value = kNothingMigrates};
        case Function::kFeatures:
            // 5.16: zero where it is implemented without options.
            return answer(is_known(arguments[1]) ? Status::kSuccess : Status::kNotSupported);
        case Function::kCpuOff:
        case Function::kSystemOff:
            return {.after = AfterPsci::kIsOff};
        case Function::kSystemReset:
            return {.after = AfterPsci::kIsReset};
    }
    return answer(Status::kNotSupported);
}

}  // namespace hm::hyp
