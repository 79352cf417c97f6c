// Registers of CP15 and CP14 that a guest finds but does not have to itself.

#include <array>
#include <span>

#include "hyp/core/cp15_table.hpp"
#include "hyp/hw/guest_register.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/thumb_ee.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/vm.hpp"

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

constexpr Cp15Row kActlr{
    .encoding = cp15_register(1, 0, 0, 1), .read = read_actlr, .write = ignore_write};

/// L2CTLR (TRM 4.3.48), of which kernels read the number of cores, less one.
std::uint32_t read_l2ctlr(const Vcpu& vcpu) { return (vcpu.vm->config.cpus - 1) << 24; }

constexpr Cp15Row kL2ctlr{
    .encoding = cp15_register(9, 1, 0, 2), .read = read_l2ctlr, .write = ignore_write};
/// L2ECTLR (TRM 4.3.49): errors of the L2, of which the guest has none.
constexpr Cp15Row kL2ectlr{
    .encoding = cp15_register(9, 1, 0, 3), .read = read_as_zero, .write = ignore_write};

constexpr std::array kRegisters{kActlr,       kL2ctlr,      kL2ectlr,
                                counters(12), counters(13), counters(14)};

/// DBGDIDR (ARM DDI 0406C.d, C11.11.15): its version, zero, is of no debug architecture, so that a
/// kernel looks for nothing else of it.
constexpr std::array kDebugRegisters{
    Cp15Row{.encoding = cp15_register(0, 0, 0, 0), .read = read_as_zero, .write = ignore_write}};

/// To the guest any register that is not in `rows` does not exist.
[[gnu::noinline]] void serve_from(std::span<const Cp15Row> rows, Hsr hsr, TrapFrame& frame) {
    const cpu::Psr psr = guest_psr();
    if (!is_executed_else_step_over(hsr, psr)) {
        return;
    }
    const auto trap = RegisterTrap::from(hsr.raw);
    const Cp15Row* const row = find_cp15_row(rows, trap);
    if (row == nullptr) {
        serve_undefined(hsr, frame);
        return;
    }
    const std::uint32_t number = trap.get(RegisterTrap::kRt);
    const auto value = guest_register(frame, number, psr);
    if (!value) {
        refuse(hsr, frame);  // the PC, with which nothing else than the flags is meant (A8.8.108)
    }
    Vcpu& vcpu = *this_cpu().vcpu;
    if (trap.get(RegisterTrap::kRead)) {
        set_guest_register(frame, number, psr, row->read(vcpu));
    } else {
        row->write(vcpu, *value);
    }
    step_over(hsr, psr);
}

/// MRC of ACTLR whose condition is "always": a comparison of HSR.
[[nodiscard]] constexpr bool reads_actlr(Hsr hsr) {
    constexpr auto kAlways =
        SmallTrap{}.with(SmallTrap::kConditionValid, true).with(SmallTrap::kCondition, 0b1110);
    constexpr std::uint32_t kMask = kActlr.encoding.mask | RegisterTrap::mask(RegisterTrap::kRead) |
                                    SmallTrap::mask(SmallTrap::kConditionValid) |
                                    SmallTrap::mask(SmallTrap::kCondition);
    constexpr std::uint32_t kValue =
        kActlr.encoding.value.with(RegisterTrap::kRead, true).raw | kAlways.raw;
    return (hsr.raw & kMask) == kValue;
}

}  // namespace

/// A kernel reads ACTLR more often than the rest: that looks at nothing else.
void serve_cp15(Hsr hsr, TrapFrame& frame) {
    const cpu::Psr psr = guest_psr();
    if (reads_actlr(hsr) && !psr.get(cpu::Psr::kT)) [[likely]] {
        std::uint32_t* const reg =
            frame.reg(RegisterTrap::from(hsr.raw).get(RegisterTrap::kRt), psr);
        if (reg != nullptr) [[likely]] {
            *reg = read_actlr(*this_cpu().vcpu);
            set_guest_pc(guest_pc() + 4);
            return;
        }
    }
    serve_from(kRegisters, hsr, frame);
}

void serve_cp14(Hsr hsr, TrapFrame& frame) {
    if (is_of_thumb_ee(RegisterTrap::from(hsr.raw))) {
        serve_thumb_ee(hsr, frame);
        return;
    }
    serve_from(kDebugRegisters, hsr, frame);
}

}  // namespace hm::hyp
