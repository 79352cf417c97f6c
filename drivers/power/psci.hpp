#pragma once
// Power control by firmware: PSCI, the Power State Coordination Interface. Sections are those of
// ARM DEN 0022D.b. Calls and answers are data here; drivers/power/hw/psci.hpp makes the calls.

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/cpu/registers.hpp"
#include "drivers/reg/field.hpp"

namespace hm::power::psci {

/// The functions in the form with 32-bit arguments (5.1).
enum class Function : std::uint32_t {
    kVersion = 0x8400'0000,
    kCpuOff = 0x8400'0002,
    kCpuOn = 0x8400'0003,
    kAffinityInfo = 0x8400'0004,
    kMigrateInfoType = 0x8400'0006,
    kSystemOff = 0x8400'0008,
    kSystemReset = 0x8400'0009,
    kFeatures = 0x8400'000A,
};

/// The answer of calls that return nothing else (5.2.2).
enum class Status : std::int32_t {
    kSuccess = 0,
    kNotSupported = -1,
    kInvalidParameters = -2,
    kDenied = -3,
    kAlreadyOn = -4,
    kOnPending = -5,
    kInternalFailure = -6,
    kNotPresent = -7,
    kDisabled = -8,
    kInvalidAddress = -9,
};

/// The answer of AFFINITY_INFO for a core that exists (5.7).
enum class Affinity : std::int32_t { kOn = 0, kOff = 1, kOnPending = 2 };

/// How a call names one core: the affinity fields of its MPIDR; all other bits are zero (5.6).
struct Target : reg::Layout<Target> {
    static constexpr reg::Field<23, 16> kAff2{};
    static constexpr reg::Field<15, 8> kAff1{};
    static constexpr reg::Field<7, 0> kAff0{};
};

[[nodiscard]] constexpr Target target_of(cpu::Mpidr mpidr) {
    const Target whole = Target::from(mpidr.raw);
    return Target{}
        .with(Target::kAff2, whole.get(Target::kAff2))
        .with(Target::kAff1, whole.get(Target::kAff1))
        .with(Target::kAff0, whole.get(Target::kAff0));
}

struct Call {
    Function function;
    std::array<std::uint32_t, 3> arguments;

    friend constexpr bool operator==(const Call&, const Call&) = default;
};

/// Starts `core` at the physical address `entry`, in the caller's mode and with `context` in r0,
/// with MMU and caches off and interrupts masked (5.6).
[[nodiscard]] constexpr Call cpu_on(Target core, std::uint32_t entry, std::uint32_t context) {
    return {Function::kCpuOn, {core.raw, entry, context}};
}

/// Turns the calling core off; returns only if that is refused (5.5).
[[nodiscard]] constexpr Call cpu_off() { return {Function::kCpuOff, {}}; }

/// Asks for the state of one core: affinity level 0 (5.7).
[[nodiscard]] constexpr Call affinity_info(Target core) {
    return {Function::kAffinityInfo, {core.raw, 0, 0}};
}

/// Turns the machine off; returns only if that is refused (5.10).
[[nodiscard]] constexpr Call system_off() { return {Function::kSystemOff, {}}; }

/// Restarts the machine; returns only if that is refused (5.11).
[[nodiscard]] constexpr Call system_reset() { return {Function::kSystemReset, {}}; }

/// AFFINITY_INFO's answer: nothing if there is no such core (INVALID_PARAMETERS), if the firmware
/// has disabled it, or if it does not know the function.
[[nodiscard]] constexpr std::optional<Affinity> affinity_of(std::int32_t answer) {
    switch (static_cast<Affinity>(answer)) {
        case Affinity::kOn:
        case Affinity::kOff:
        case Affinity::kOnPending:
            return static_cast<Affinity>(answer);
    }
    return std::nullopt;
}

}  // namespace hm::power::psci
