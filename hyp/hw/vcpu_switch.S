/* The registers that two virtual CPUs share, each named once: saving and loading use the same list, in
   the order of RegisterState (hyp/core/vcpu_state.hpp). */

#include "drivers/cpu/hw/assembly.S"

    .macro from_banked word, name
    mrs     \word, \name
    .endm
    .macro to_banked word, name
    msr     \name, \word
    .endm

    .macro nothing operands:vararg
    .endm

/* `load` comes before each twelve words, `store` after them; one of the two is `nothing`. */
    .macro each_register load, banked, cp15, cp15_wide, store
    \load   r0!, {r2-r12, lr}
    \banked r2, sp_usr
    \banked r3, sp_svc
    \banked r4, lr_svc
    \banked r5, spsr_svc
    \banked r6, sp_abt
    \banked r7, lr_abt
    \banked r8, spsr_abt
    \banked r9, sp_und
    \banked r10, lr_und
    \banked r11, spsr_und
    \banked r12, sp_irq
    \banked lr, lr_irq
    \store  r0!, {r2-r12, lr}
    \load   r0!, {r2-r12, lr}
    \banked r2, spsr_irq
    \banked r3, sp_fiq
    \banked r4, lr_fiq
    \banked r5, spsr_fiq
    \banked r6, r8_fiq
    \banked r7, r9_fiq
    \banked r8, r10_fiq
    \banked r9, r11_fiq
    \banked r10, r12_fiq
    \cp15   p15, 2, r11, c0, c0, 0      @ CSSELR
    \cp15_wide p15, 0, r12, lr, c2      @ TTBR0
    \store  r0!, {r2-r12, lr}
    \load   r0!, {r2-r12, lr}
    \cp15_wide p15, 1, r2, r3, c2       @ TTBR1
    \cp15_wide p15, 0, r4, r5, c7       @ PAR
    \cp15   p15, 0, r6, c1, c0, 0       @ SCTLR
    \cp15   p15, 0, r7, c1, c0, 2       @ CPACR
    \cp15   p15, 0, r8, c2, c0, 2       @ TTBCR
    \cp15   p15, 0, r9, c3, c0, 0       @ DACR
    \cp15   p15, 0, r10, c5, c0, 0      @ DFSR
    \cp15   p15, 0, r11, c5, c0, 1      @ IFSR
    \cp15   p15, 0, r12, c5, c1, 0      @ ADFSR
    \cp15   p15, 0, lr, c5, c1, 1       @ AIFSR
    \store  r0!, {r2-r12, lr}
    \load   r0!, {r2-r12, lr}
    \cp15   p15, 0, r2, c6, c0, 0       @ DFAR
    \cp15   p15, 0, r3, c6, c0, 2       @ IFAR
    \cp15   p15, 0, r4, c10, c2, 0      @ MAIR0
    \cp15   p15, 0, r5, c10, c2, 1      @ MAIR1
    \cp15   p15, 0, r6, c10, c3, 0      @ AMAIR0
    \cp15   p15, 0, r7, c10, c3, 1      @ AMAIR1
    \cp15   p15, 0, r8, c12, c0, 0      @ VBAR
    \cp15   p15, 0, r9, c13, c0, 1      @ CONTEXTIDR
    \cp15   p15, 0, r10, c13, c0, 2     @ TPIDRURW
    \cp15   p15, 0, r11, c13, c0, 3     @ TPIDRURO
    \cp15   p15, 0, r12, c13, c0, 4     @ TPIDRPRW
    \cp15   p15, 0, lr, c14, c1, 0      @ CNTKCTL
    \store  r0!, {r2-r12, lr}
    .endm

    .section .text.vcpu_switch, "ax"
    function save_registers                         @ void save_registers(RegisterState*)
    push    {r4-r12, lr}
    each_register nothing, from_banked, mrc, mrrc, stmia
    pop     {r4-r12, pc}

    function load_registers                         @ void load_registers(const RegisterState*)
    push    {r4-r12, lr}
    each_register ldmia, to_banked, mcr, mcrr, nothing
    pop     {r4-r12, pc}

/* Behind RegisterState lie the frame, whose fourteen words are moved in two halves, ELR_hyp and SPSR_hyp. */
    function save_all_registers                     @ void save_all_registers(VcpuState*, const TrapFrame*)
    push    {r4-r12, lr}
    each_register nothing, from_banked, mrc, mrrc, stmia
    ldmia   r1!, {r2-r8}
    stmia   r0!, {r2-r8}
    ldmia   r1, {r2-r8}
    mrs     r9, elr_hyp
    mrs     r10, spsr
    stmia   r0, {r2-r10}
    pop     {r4-r12, pc}

    function load_all_registers                     @ void load_all_registers(const VcpuState*, TrapFrame*)
    push    {r4-r12, lr}
    each_register ldmia, to_banked, mcr, mcrr, nothing
    ldmia   r0!, {r2-r8}
    stmia   r1!, {r2-r8}
    ldmia   r0, {r2-r10}
    stmia   r1, {r2-r8}
    msr     elr_hyp, r9
    msr     spsr_cxsf, r10                          @ SPSR_hyp, by the name that HYP itself must use (B9.2.3)
    clrex                                           @ no guest's reservation outlives the switch (A3.4.4)
    pop     {r4-r12, pc}
