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

/// ACTLR (ARM DDI 0406C.d, B4.1.1; Cortex-A15 TRM 4.3.28), which traps with HCR.TAC. A guest reads
/// the core's own value, so that a kernel which sets the SMP bit before it turns its caches on
/// finds it set where the core takes part in coherency. Writes are ignored, as in Non-secure state
/// where NSACR does not allow them: the register governs the whole core.
std::uint32_t read_actlr(const Vcpu& vcpu) { return vcpu.actlr; }

/// The performance monitor, which a VM without it finds zero and to no effect: CP15 c9 with CRm 12
/// to 14 (ARM DDI 0406C.d, B3.17.2). Accesses trap only then (HDCR.TPM).
constexpr Cp15Row counters(std::uint32_t crm) {
    return {.encoding = cp15_group(9, 0, crm), .read = read_as_zero, .write = ignore_write};
}

constexpr std::array kRegisters{
    Cp15Row{.encoding = cp15_register(1, 0, 0, 1), .read = read_actlr, .write = ignore_write},
    counters(12), counters(13), counters(14)};

/// DCISW, DCCSW and DCCISW, which trap with HCR.TSW (B4.2.1): hardware has them, and the monitor
/// does not model them.
constexpr std::array kSetAndWay{cp15_register(7, 0, 6, 2), cp15_register(7, 0, 10, 2),
                                cp15_register(7, 0, 14, 2)};

/// To the guest any other register does not exist.
[[gnu::noinline, gnu::cold]] void not_emulated(Hsr hsr, TrapFrame& frame) {
    const auto trap = RegisterTrap::from(hsr.raw);
    for (const Cp15Encoding& operation : kSetAndWay) {
        if (operation.matches(trap)) {
            refuse(hsr, frame);
        }
    }
    serve_undefined(hsr, frame);
}

}  // namespace

void serve_cp15(Hsr hsr, TrapFrame& frame) {
    const cpu::Psr psr = guest_psr();
    if (!is_executed_else_step_over(hsr, psr)) {
        return;
    }
    const auto trap = RegisterTrap::from(hsr.raw);
    const Cp15Row* const row = find_cp15_row(kRegisters, trap);
    if (row == nullptr) {
        not_emulated(hsr, frame);
        return;
    }
    std::uint32_t* const reg = frame.reg(trap.get(RegisterTrap::kRt), psr);
    if (reg == nullptr) {
        refuse(hsr, frame, Refusal::kBankedRegister);
    }
    Vcpu& vcpu = *this_cpu().vcpu;
    if (trap.get(RegisterTrap::kRead)) {
        *reg = row->read(vcpu);
    } else {
        row->write(vcpu, *reg);
    }
    step_over(hsr, psr);
}

}  // namespace hm::hyp
