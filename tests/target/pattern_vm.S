/* A VM that fills every register that it has with patterns, gives the core away a thousand times, and
   leaves what it finds then for tests/target/switch_cases.cpp to compare. It runs in SVC mode with its
   MMU off. Its page, at an address of its own, is laid out in PatternPage there. */

    .arch_extension virt
    .syntax unified
    .arm
    .fpu    neon-vfpv4

    .equ PAGE_0, 0x50000000
    .equ PAGE_1, 0x50100000
    .equ AFTER_LOADING, 0x400
    .equ AFTER_SWITCHING, 0x800
    .equ GENERAL_FOUND, 0xc00
    .equ GENERAL, 0xd00
    .equ DISTRIBUTOR, 0xe00
    .equ CPU_INTERFACE, 0xe04
    .equ DONE, 0xe08

    .equ GICD_CTLR, 0x000
    .equ GICD_ISENABLER0, 0x100
    .equ GICC_CTLR, 0x000
    .equ GICC_PMR, 0x004
    .equ GICC_BPR, 0x008
    .equ GICC_HPPIR, 0x018
    .equ TIMER_BIT, 1 << 27             @ the virtual timer's interrupt

#define HYPERCALL(name, number) .equ HVC_##name, number
#include "measure/hypercalls.def"

    .macro load_cp15 opc1, crn, crm, opc2
    ldr     r1, [r0], #4
    mcr     p15, \opc1, r1, \crn, \crm, \opc2
    .endm
    .macro dump_cp15 opc1, crn, crm, opc2
    mrc     p15, \opc1, r1, \crn, \crm, \opc2
    str     r1, [r0], #4
    .endm
    .macro load_cp14 opc1, crn
    ldr     r1, [r0], #4
    mcr     p14, \opc1, r1, \crn, c0, 0
    .endm
    .macro dump_cp14 opc1, crn
    mrc     p14, \opc1, r1, \crn, c0, 0
    str     r1, [r0], #4
    .endm
    .macro load_wide opc1, crm
    ldmia   r0!, {r2, r3}
    mcrr    p15, \opc1, r2, r3, \crm
    .endm
    .macro dump_wide opc1, crm
    mrrc    p15, \opc1, r2, r3, \crm
    stmia   r0!, {r2, r3}
    .endm
    .macro load_banked names:vararg
    .irp    name, \names
    ldr     r1, [r0], #4
    msr     \name, r1
    .endr
    .endm
    .macro dump_banked names:vararg
    .irp    name, \names
    mrs     r1, \name
    str     r1, [r0], #4
    .endr
    .endm
    .macro load_gicc offset
    ldr     r1, [r0], #4
    str     r1, [r4, #\offset]
    .endm
    .macro dump_gicc offset
    ldr     r1, [r4, #\offset]
    str     r1, [r0], #4
    .endm

/* The order of PatternPage::kNames. r4 is the CPU interface. */
    .macro all_registers cp15, cp14, wide, banked, gicc
    \cp15   2, c0, c0, 0                @ CSSELR
    \cp15   0, c1, c0, 0                @ SCTLR
    \wide   0, c2                       @ TTBR0
    \wide   1, c2                       @ TTBR1
    \cp15   0, c2, c0, 2                @ TTBCR
    \cp15   0, c3, c0, 0                @ DACR
    \cp15   0, c5, c0, 0                @ DFSR
    \cp15   0, c5, c0, 1                @ IFSR
    \cp15   0, c5, c1, 0                @ ADFSR
    \cp15   0, c5, c1, 1                @ AIFSR
    \cp15   0, c6, c0, 0                @ DFAR
    \cp15   0, c6, c0, 2                @ IFAR
    \wide   0, c7                       @ PAR
    \cp15   0, c10, c2, 0               @ MAIR0
    \cp15   0, c10, c2, 1               @ MAIR1
    \cp15   0, c10, c3, 0               @ AMAIR0
    \cp15   0, c10, c3, 1               @ AMAIR1
    \cp15   0, c12, c0, 0               @ VBAR
    \cp15   0, c13, c0, 1               @ CONTEXTIDR
    \cp15   0, c13, c0, 2               @ TPIDRURW
    \cp15   0, c13, c0, 3               @ TPIDRURO
    \cp15   0, c13, c0, 4               @ TPIDRPRW
    \cp15   0, c14, c1, 0               @ CNTKCTL
    \wide   3, c14                      @ CNTV_CVAL
    \cp15   0, c14, c3, 1               @ CNTV_CTL
    \cp15   0, c1, c0, 2                @ CPACR
    \cp14   6, c0                       @ TEECR
    \cp14   6, c1                       @ TEEHBR
    \banked sp_usr, lr_usr, sp_abt, lr_abt, spsr_abt, sp_und, lr_und, spsr_und
    \banked sp_irq, lr_irq, spsr_irq, r8_fiq, r9_fiq, r10_fiq, r11_fiq, r12_fiq, sp_fiq, lr_fiq, spsr_fiq
    \gicc   GICC_PMR
    \gicc   GICC_BPR
    \gicc   GICC_CTLR
    .endm

    .macro load_spsr_and_vfp
    ldr     r1, [r0], #4
    msr     spsr_cxsf, r1
    ldr     r1, [r0], #4
    vmsr    fpscr, r1
    vldmia  r0!, {d0-d15}
    vldmia  r0!, {d16-d31}
    .endm

    .macro dump_all
    all_registers dump_cp15, dump_cp14, dump_wide, dump_banked, dump_gicc
    mrs     r1, spsr
    str     r1, [r0], #4
    vmrs    r1, fpscr
    str     r1, [r0], #4
    vstmia  r0!, {d0-d15}
    vstmia  r0!, {d16-d31}
    ldr     r1, [r4, #GICC_HPPIR]
    str     r1, [r0]
    .endm

    .section .text.pattern_vm, "ax"
    .balign 4096
    .global pattern_vm_0
    .global pattern_vm_1
    .global pattern_vm_end
pattern_vm_0:
    movw    r5, #:lower16:PAGE_0
    movt    r5, #:upper16:PAGE_0
    b       fill
pattern_vm_1:
    movw    r5, #:lower16:PAGE_1
    movt    r5, #:upper16:PAGE_1
fill:
    ldr     r4, [r5, #CPU_INTERFACE]
    ldr     r3, [r5, #DISTRIBUTOR]
    mov     r1, #TIMER_BIT
    str     r1, [r3, #GICD_ISENABLER0]
    mov     r1, #3
    str     r1, [r3, #GICD_CTLR]
    mov     r1, #0xf00000               @ CPACR: VFP and NEON for PL1 and PL0
    mcr     p15, 0, r1, c1, c0, 2
    isb
    mov     r1, #0x40000000             @ FPEXC.EN
    vmsr    fpexc, r1
    mov     r0, r5
    all_registers load_cp15, load_cp14, load_wide, load_banked, load_gicc
    load_spsr_and_vfp
    isb
    add     r0, r5, #AFTER_LOADING
    dump_all

    add     sp, r5, #GENERAL_FOUND
    add     r0, r5, #GENERAL
    ldm     r0, {r0-r12, lr}
    .rept   1000
    hvc     #HVC_Yield
    .endr
    stm     sp, {r0-r12, lr}

    sub     r5, sp, #GENERAL_FOUND
    ldr     r4, [r5, #CPU_INTERFACE]
    add     r0, r5, #AFTER_SWITCHING
    dump_all
    mov     r1, #1
    str     r1, [r5, #DONE]
    movw    r1, #:lower16:PAGE_0
    movt    r1, #:upper16:PAGE_0
    cmp     r5, r1
    bne     2f
    mov     r6, #1000                   @ turns in which the other VM comes to its end too
1:  hvc     #HVC_Yield
    subs    r6, r6, #1
    bne     1b
    mov     r0, #0
    hvc     #HVC_Finish
2:  hvc     #HVC_Yield
    b       2b
    .ltorg
    .balign 4096
pattern_vm_end:
