#pragma once
// CP15 registers whose accesses trap, as a table: the encoding of each, and what serves a read and
// a write of it.

#include <cstdint>
#include <span>

#include "hyp/core/syndrome.hpp"

namespace hm::hyp {

struct Vcpu;

/// One register, or all those that differ only in fields outside of `mask`.
struct Cp15Encoding {
    RegisterTrap value{};
    std::uint32_t mask = 0;

    [[nodiscard]] constexpr bool matches(RegisterTrap trap) const {
        return (trap.raw & mask) == value.raw;
    }
};

/// All registers with this CRn, opc1 and CRm.
[[nodiscard]] constexpr Cp15Encoding cp15_group(std::uint32_t crn, std::uint32_t opc1,
                                                std::uint32_t crm) {
    return {.value = RegisterTrap{}
                         .with(RegisterTrap::kCrn, crn)
                         .with(RegisterTrap::kOpc1, opc1)
                         .with(RegisterTrap::kCrm, crm),
            .mask = RegisterTrap::mask(RegisterTrap::kCrn) |
                    RegisterTrap::mask(RegisterTrap::kOpc1) |
                    RegisterTrap::mask(RegisterTrap::kCrm)};
}

[[nodiscard]] constexpr Cp15Encoding cp15_register(std::uint32_t crn, std::uint32_t opc1,
                                                   std::uint32_t crm, std::uint32_t opc2) {
    const Cp15Encoding group = cp15_group(crn, opc1, crm);
    return {.value = group.value.with(RegisterTrap::kOpc2, opc2),
            .mask = group.mask | RegisterTrap::mask(RegisterTrap::kOpc2)};
}

struct Cp15Row {
    Cp15Encoding encoding{};
    std::uint32_t (*read)(const Vcpu& vcpu) = nullptr;
    void (*write)(Vcpu& vcpu, std::uint32_t value) = nullptr;
};

/// The first row that `trap` matches; null where there is none.
[[nodiscard]] constexpr const Cp15Row* find_cp15_row(std::span<const Cp15Row> rows,
                                                     RegisterTrap trap) {
    for (const Cp15Row& row : rows) {
        if (row.encoding.matches(trap)) {
            return &row;
        }
    }
    return nullptr;
}

}  // namespace hm::hyp
