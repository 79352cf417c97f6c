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

/* `load` comes before each eight words, `store` after them; one of the two is `nothing`. */
    .macro each_register load, banked, cp15, cp15_wide, store
    \load   r0!, {r1-r8}
    \banked r1, sp_usr
    \banked r2, sp_svc
    \banked r3, lr_svc
    \banked r4, spsr_svc
    \banked r5, sp_abt
    \banked r6, lr_abt
    \banked r7, spsr_abt
    \banked r8, sp_und
    \store  r0!, {r1-r8}
    \load   r0!, {r1-r8}
    \banked r1, lr_und
    \banked r2, spsr_und
    \banked r3, sp_irq
    \banked r4, lr_irq
    \banked r5, spsr_irq
    \banked r6, sp_fiq
    \banked r7, lr_fiq
    \banked r8, spsr_fiq
    \store  r0!, {r1-r8}
    \load   r0!, {r1-r8}
    \banked r1, r8_fiq
    \banked r2, r9_fiq
    \banked r3, r10_fiq
    \banked r4, r11_fiq
    \banked r5, r12_fiq
    \cp15   p15, 2, r6, c0, c0, 0       @ CSSELR
    \cp15_wide p15, 0, r7, r8, c2       @ TTBR0
    \store  r0!, {r1-r8}
    \load   r0!, {r1-r8}
    \cp15_wide p15, 1, r1, r2, c2       @ TTBR1
    \cp15_wide p15, 0, r3, r4, c7       @ PAR
    \cp15   p15, 0, r5, c1, c0, 0       @ SCTLR
    \cp15   p15, 0, r6, c1, c0, 2       @ CPACR
    \cp15   p15, 0, r7, c2, c0, 2       @ TTBCR
    \cp15   p15, 0, r8, c3, c0, 0       @ DACR
    \store  r0!, {r1-r8}
    \load   r0!, {r1-r8}
    \cp15   p15, 0, r1, c5, c0, 0       @ DFSR
    \cp15   p15, 0, r2, c5, c0, 1       @ IFSR
    \cp15   p15, 0, r3, c5, c1, 0       @ ADFSR
    \cp15   p15, 0, r4, c5, c1, 1       @ AIFSR
    \cp15   p15, 0, r5, c6, c0, 0       @ DFAR
    \cp15   p15, 0, r6, c6, c0, 2       @ IFAR
    \cp15   p15, 0, r7, c10, c2, 0      @ MAIR0
    \cp15   p15, 0, r8, c10, c2, 1      @ MAIR1
    \store  r0!, {r1-r8}
    \load   r0!, {r1-r8}
    \cp15   p15, 0, r1, c10, c3, 0      @ AMAIR0
    \cp15   p15, 0, r2, c10, c3, 1      @ AMAIR1
    \cp15   p15, 0, r3, c12, c0, 0      @ VBAR
    \cp15   p15, 0, r4, c13, c0, 1      @ CONTEXTIDR
    \cp15   p15, 0, r5, c13, c0, 2      @ TPIDRURW
    \cp15   p15, 0, r6, c13, c0, 3      @ TPIDRURO
    \cp15   p15, 0, r7, c13, c0, 4      @ TPIDRPRW
    \cp15   p15, 0, r8, c14, c1, 0      @ CNTKCTL
    \store  r0!, {r1-r8}
    .endm

    .section .text.vcpu_switch, "ax"
    function save_registers                         @ void save_registers(RegisterState*)
    push    {r4-r8, lr}
    each_register nothing, from_banked, mrc, mrrc, stmia
    pop     {r4-r8, pc}

    function load_registers                         @ void load_registers(const RegisterState*)
    push    {r4-r8, lr}
    each_register ldmia, to_banked, mcr, mcrr, nothing
    pop     {r4-r8, pc}
