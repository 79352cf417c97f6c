#pragma once
// The list of all state of a core and its GIC that guests reach one after the other. All of it is
// written twice for each guest: before the guest is entered, and after it has stopped.
// hyp/hw/entry.cpp writes the core's, in the order that each needs.
//
// clang-format off
//  state                           who reaches it         a guest finds          between two guests
//  The core: CoreState
//    banked registers, SPSRs       all                    zero                   zero
//    CP15 of PL1 (RegisterState)   all                    as after a reset       as after a reset
//    VFP, NEON                     all                    zero, off              zero, off
//    CNTV_CTL, CVAL, CNTVOFF       all                    off, zero, the VM's    off, zero, zero
//    TEECR, TEEHBR                 all, by a first trap   zero                   zero
//    CNTP_CTL, CVAL                nobody (CNTHCTL)       off, zero              off, zero
//    DBGDSCR.MOE                   all, by BKPT           zero                   zero
//    HCR, HDCR, HCPTR, HSTR,       nobody                 entry_controls         controls_at_rest
//      CNTHCTL, VTTBR, VTCR                               and its tables         and no tables
//    HVBAR                         nobody                 the VM's vectors       plain vectors
//    TLBs, branch predictors       all                    empty                  empty
//    reservations of exclusives    all                    none (vectors.S)       none
//    asynchronous aborts           all                    none pending           none pending
//  The performance monitor: CounterSetup
//    PMCR, PMCNTEN, filters        all but a second VM    as the caller set them as the caller set them
//    PMOVSR, PMINTEN, PMUSERENR,   all but a second VM    zero                   zero
//      PMSELR
//  The GIC: clear_gic, hand_over_gic (gic_state.hpp)
//    distributor                   native                 at rest; its own       at rest
//                                                         interrupts enabled
//    GICC: CTLR, PMR               native, direct         on, mask open          on, mask open
//    GICC: BPR, ABPR               native, direct         as after a reset       as after a reset
//    GICC: APR, NSAPR              native, direct         nothing active         nothing active
//    GICV through GICH: HCR,       all but direct         as after a reset, on   as after a reset, off
//      VMCR, APR, list registers
// clang-format on
//
// What no guest reaches, in no regime, because it traps: the rest of debug, trace (HDCR,
// HCPTR.TTA), Jazelle, CP15 c15 (HSTR), the implementation-defined registers of c9 to c11
// (HCR.TIDCP). ACTLR traps where there is stage 2 (HCR.TAC); natively only SMP of it can be
// written.
//
// Memory is not in this list: see docs/isolation.md. ARM DDI 0406C.d, B1.3, B3.15, B4.1, B8.1 and
// C12.8; ARM IHI 0048B, 4.3, 4.4 and 5.3.

#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/core/vcpu_state.hpp"

namespace hm::hyp {

/// The part of the list that is this core's. VcpuState is what two virtual CPUs switch between; of
/// it, a guest that is entered finds `registers`, `vfp` and `timer` here, and `interrupts` when it
/// gets the GIC.
struct CoreState {
    const VcpuState& vcpu;
    cpu::CntpCtl physical_timer{};
    cpu::CntpCval physical_deadline{};
    EntryControls controls;
    cpu::Vttbr vttbr{};
    mmu::Vtcr vtcr;
    cpu::Hvbar vectors;
};

}  // namespace hm::hyp
