// From Secure SVC up to the SMC into Monitor mode: caches and MMU off, and what must be set up in
// Secure state before Non-secure software can use a core.

#include "boot/secure.hpp"

#include <algorithm>

#include "board.hpp"
#include "boot/coherency.hpp"
#include "drivers/cpu/core_facts.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/reg/hw/mmio.hpp"

extern "C" const char secure_vectors[];  // reset.S

namespace hm::boot {

namespace {

bool was_secure;

/// A separate function, so that a test can check that it stores nothing on the way. The loader's
/// TLB entries are dropped along with its tables (ARM DDI 0406C.d, B3.10.1).
[[gnu::noinline]] void turn_caches_off() {
    cpu::leave_caches<cpu::Sctlr>();
    cpu::operate<cpu::kTlbiall>();
    cpu::invalidate_instructions();
}

/// Group 0 keeps only the watchdog's interrupt, which comes as an FIQ. Everything else goes to
/// Non-secure state (ARM IHI 0048B, 3.8 and 4.3.4; the first word is banked for each core).
void set_up_gic(bool first_core) {
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> distributor(bus, board::kGicd);
    gic::CpuInterface<reg::Mmio> cpu_interface(bus, board::kGicc);
    constexpr std::uint32_t kAll = 0xFFFF'FFFF;
    if (first_core) {
        distributor.set_control({});
        distributor.set_all_group1();
    }
    distributor.set_private_groups(kAll & ~(1U << board::kHypTimerInterrupt));
    if (first_core) {
        distributor.set_priority(board::kHypTimerInterrupt, 0);
        distributor.enable(board::kHypTimerInterrupt);
        distributor.set_control(gic::GicdCtlr{}
                                    .with(gic::GicdCtlr::kEnableGroup0, true)
                                    .with(gic::GicdCtlr::kEnableGroup1, true));
    }
    // Non-secure software can only write priority masks above this one (4.4.2).
    cpu_interface.set_priority_mask(0xFF);
    cpu_interface.set_control(gic::GiccCtlr{}
                                  .with(gic::GiccCtlr::kEnableGroup0, true)
                                  .with(gic::GiccCtlr::kEnableGroup1, true)
                                  .with(gic::GiccCtlr::kFiqEn, true));
}

}  // namespace

bool entered_in_secure_state() { return was_secure; }

/// Called by reset.S on each core that was entered in an SVC mode: undefined instructions and SMC
/// go to reset.S's own vectors, whatever the loader had set.
extern "C" void take_exceptions() {
    // VBAR is used if SCTLR.V is clear. TE and EE are the state in which a handler begins; those of
    // the Secure SCTLR apply to Monitor mode too (B1.8.1, B4.1.130). All is in effect after the ISB
    // (B3.15.5).
    cpu::write(cpu::read<cpu::Sctlr>()
                   .with(cpu::Sctlr::kV, false)
                   .with(cpu::Sctlr::kTe, false)
                   .with(cpu::Sctlr::kEe, false));
    cpu::write(cpu::Vbar::from(reinterpret_cast<std::uint32_t>(secure_vectors)));
    cpu::isb();
}

/// Called by reset.S on each core that was entered in Secure SVC. Returns the value for SCR.
extern "C" std::uint32_t leave_secure_state() {
    if (cpu::read<cpu::IdPfr1>().get(cpu::IdPfr1::kVirtualization) == 0) {
        boot_refuse(static_cast<std::uint32_t>(cpu::Mode::kSvc));
    }
    join_coherency(true);  // before the maintenance below (TRM 4.3.28)
    const cpu::Sctlr sctlr = cpu::read<cpu::Sctlr>();
    if (sctlr.get(cpu::Sctlr::kM) || sctlr.get(cpu::Sctlr::kC)) {
        turn_caches_off();
    }
    const bool first_core =
        (cpu::read<cpu::Mpidr>().raw & board::kSecondCore) != board::kSecondCore;
    set_up_gic(first_core);
    cpu::write(cpu::Nsacr{}
                   .with(cpu::Nsacr::kCp10, true)
                   .with(cpu::Nsacr::kCp11, true)
                   .with(cpu::Nsacr::kNsSmp, true));
    if constexpr (board::kCounterHz != 0) {
        cpu::write(cpu::Cntfrq::from(board::kCounterHz));
    }
    cpu::write(cpu::Mvbar::from(reinterpret_cast<std::uint32_t>(secure_vectors)));
    cpu::isb();  // before the SMC (B3.15.5)
    if (first_core) {
        was_secure = true;
    }
    // HVC enters HYP, and aborts, IRQ and FIQ never go to Monitor mode. SMC does only where there
    // is something that HYP can ask for: the RAMs of the TLBs (reset.S).
    const cpu::CoreFacts* const core = cpu::facts_of(cpu::read<cpu::Midr>());
    return cpu::Scr{}
        .with(cpu::Scr::kNs, true)
        .with(cpu::Scr::kFw, true)
        .with(cpu::Scr::kAw, true)
        .with(cpu::Scr::kScd, core == nullptr || core->tlb_rams == nullptr)
        .with(cpu::Scr::kHce, true)
        .raw;
}

/// Called by reset.S, before any of it is used.
extern "C" void clear_bss() {
    extern char __bss_start[], __bss_end[];
    std::fill(__bss_start, __bss_end, char{0});
}

}  // namespace hm::boot
