// CP15 registers that a guest finds but does not have to itself.

#include <array>

#include "hyp/core/cp15_table.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"

namespace hm::hyp {

namespace {

std::uint32_t read_as_zero(const Vcpu&) { return 0; }
void ignore_write(Vcpu&, std::uint32_t) {}

/// The performance monitor, which a VM without it finds zero and to no effect: CP15 c9 with CRm 12
/// to 14 (ARM DDI 0406C.d, B3.17.2). Accesses trap only then (HDCR.TPM).
constexpr Cp15Row counters(std::uint32_t crm) {
    return {.encoding = cp15_group(9, 0, crm), .read = read_as_zero, .write = ignore_write};
}

constexpr std::array kRegisters{counters(12), counters(13), counters(14)};

}  // namespace

void serve_cp15(Hsr hsr, TrapFrame& frame) {
    const auto trap = RegisterTrap::from(hsr.raw);
    const Cp15Row* const row = find_cp15_row(kRegisters, trap);
    std::uint32_t* const reg = frame.reg(trap.get(RegisterTrap::kRt));
    if (row == nullptr || reg == nullptr) {
        refuse(hsr, frame);
    }
    Vcpu& vcpu = *this_cpu().vcpu;
    if (trap.get(RegisterTrap::kRead)) {
        *reg = row->read(vcpu);
    } else {
        row->write(vcpu, *reg);
    }
    step_over(hsr);
}

}  // namespace hm::hyp
