#include "hyp/core/guest_psci.hpp"

#include <optional>

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

/// The CPU that a call names by the affinity fields of its MPIDR (5.6.2, 5.7.2).
std::optional<std::uint32_t> named_by(std::uint32_t target, const PsciCpus& cpus) {
    for (std::uint32_t i = 0; i < cpus.power.size(); ++i) {
        const auto count = static_cast<std::uint32_t>(cpus.power.size());
        if (power::psci::target_of(mpidr_of(cpus.first, i, count)).raw == target) {
            return i;
        }
    }
    return std::nullopt;
}

/// 5.6
PsciResult turn_on(std::span<const std::uint32_t, 4> arguments, const PsciCpus& cpus) {
    const auto target = named_by(arguments[1], cpus);
    if (!target) {
        return answer(Status::kInvalidParameters);
    }
    switch (cpus.power[*target]) {
        case CpuPower::kOn:
        case CpuPower::kGoesOff:
            return answer(Status::kAlreadyOn);
        case CpuPower::kOnPending:
            return answer(Status::kOnPending);
        case CpuPower::kOff:
            break;
    }
    return {.value = static_cast<std::int32_t>(Status::kSuccess),
            .after = AfterPsci::kTurnsOn,
            .start = {.cpu = *target, .entry = arguments[2], .context = arguments[3]}};
}

/// 5.7; only level 0 must be known from version 1.0 on (5.7.2).
PsciResult affinity_info(std::span<const std::uint32_t, 4> arguments, const PsciCpus& cpus) {
    const auto target = named_by(arguments[1], cpus);
    if (!target || arguments[2] != 0) {
        return answer(Status::kInvalidParameters);
    }
    switch (cpus.power[*target]) {
        case CpuPower::kOn:
        case CpuPower::kGoesOff:
            return {.value = static_cast<std::int32_t>(Affinity::kOn)};
        case CpuPower::kOnPending:
            return {.value = static_cast<std::int32_t>(Affinity::kOnPending)};
        case CpuPower::kOff:
            break;
    }
    return {.value = static_cast<std::int32_t>(Affinity::kOff)};
}

/// 5.5; the last one that is on takes the machine with it.
PsciResult turn_off(const PsciCpus& cpus) {
    for (std::uint32_t i = 0; i < cpus.power.size(); ++i) {
        const bool is_off = cpus.power[i] == CpuPower::kOff || cpus.power[i] == CpuPower::kGoesOff;
        if (i != cpus.self && !is_off) {
            return {.after = AfterPsci::kTurnsOff};
        }
    }
    return {.after = AfterPsci::kIsOff};
}

}  // namespace

PsciResult call_psci(std::span<const std::uint32_t, 4> arguments, const PsciCpus& cpus) {
    switch (static_cast<Function>(arguments[0])) {
        case Function::kVersion:
            return {.value = kPsciVersion};
        case Function::kCpuOn:
            return turn_on(arguments, cpus);
        case Function::kCpuOff:
            return turn_off(cpus);
        case Function::kAffinityInfo:
            return affinity_info(arguments, cpus);
        case Function::kMigrateInfoType:
            return {.value = kNothingMigrates};
        case Function::kFeatures:
            // 5.16: zero where it is implemented without options.
            return answer(is_known(arguments[1]) ? Status::kSuccess : Status::kNotSupported);
        case Function::kSystemOff:
            return {.after = AfterPsci::kIsOff};
        case Function::kSystemReset:
            return {.after = AfterPsci::kIsReset};
    }
    return answer(Status::kNotSupported);
}

}  // namespace hm::hyp
