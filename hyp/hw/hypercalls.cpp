// What a guest asks of the monitor by HVC.

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/address.hpp"
#include "drivers/power/psci.hpp"
#include "hyp/core/demand.hpp"
#include "hyp/core/guest_psci.hpp"
#include "hyp/hw/power.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vector_only.hpp"
#include "hyp/hw/vm.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

namespace {

[[nodiscard]] bool release_page(std::uint32_t address) {
    Vm& vm = *this_cpu().vcpu->vm;
    const mmu::Ipa page = align_down(mmu::Ipa{address}, mmu::Size::k4K);
    return vm.config.demand.range.contains(page) && vm.stage2 &&
           hyp::release_page(*vm.stage2, page) == mmu::Status::kOk;
}

/// Drops what the TLBs keep of Non-secure PL1 and PL0: both stages, whatever the VMID (ARM DDI
/// 0406C.d, B4.2.2). That is complete after the DSB, and in force after the ISB (B3.10.1).
void flush_tlb() {
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::dsb();
    cpu::isb();
}

#define HYPERCALL(name, number) static_assert((number) != 0, "hvc #0 belongs to SMCCC");
#include "measure/hypercalls.def"
#undef HYPERCALL

// As hyp/hw/vectors.S has it in HSR_HVC.
static_assert(Hsr{}.with(Hsr::kEc, ExceptionClass::kHvc).with(Hsr::kIl, true).raw == 0x4A00'0000);

/// The first core's watchdog watches the first VM, and nobody else may push it away.
void checkpoint(const TrapFrame& frame) {
    Cpu& cpu = this_cpu();
    const std::uint32_t done = frame.r[0];
    const std::uint32_t of = frame.r[1];
    if (cpu.number != 0 || cpu.vcpu->vm->number != 0 || !cpu.progress.grows(done, of)) {
        return;
    }
    push_watchdog_away();
    if (cpu.on_checkpoint != nullptr) {
        cpu.on_checkpoint(done, of);
    }
}

/// What a guest asks of its firmware.
void serve_firmware_call(TrapFrame& frame) {
    if (frame.r[0] == static_cast<std::uint32_t>(power::psci::Function::kVersion)) {
        frame.r[0] = kPsciVersion;
        return;
    }
    serve_psci(frame);
}

[[nodiscard]] std::uint32_t immediate_of(Hsr hsr) {
    return SmallTrap::from(hsr.raw).get(SmallTrap::kImmediate);
}

[[gnu::noinline]] void serve_measuring_call(Hsr hsr, TrapFrame& frame) {
    switch (static_cast<measure::Hypercall>(immediate_of(hsr))) {
        case measure::Hypercall::kNull:
        case measure::Hypercall::kNullCommon:
            return;
        case measure::Hypercall::kVectorOnly:
            if (this_cpu().vcpu->vm->config.null_ends_in_vector) {
                begin_vector_only();
                frame.r[0] = 1;
                return;
            }
            break;
        case measure::Hypercall::kCheckpoint:
            checkpoint(frame);
            return;
        case measure::Hypercall::kFinish:
            finish(frame);
            return;
        case measure::Hypercall::kYield:
            break;  // serve_hypercall() has served it
        case measure::Hypercall::kFlushTlb:
            flush_tlb();
            return;
        case measure::Hypercall::kReleasePage:
            if (release_page(frame.r[0])) {
                return;
            }
    }
    refuse(hsr, frame);
}

}  // namespace

void serve_hypercall(Hsr hsr, TrapFrame& frame) {
    constexpr std::uint32_t kSmccc = 0;
    const std::uint32_t call = immediate_of(hsr);
    if (call == static_cast<std::uint32_t>(measure::Hypercall::kNullCommon)) {
        return;
    }
    if (call == kSmccc) {
        serve_firmware_call(frame);
        return;
    }
    if (call == static_cast<std::uint32_t>(measure::Hypercall::kYield)) {
        yield(frame);
        return;
    }
    serve_measuring_call(hsr, frame);
}

}  // namespace hm::hyp
