/* Guests that leave garbage in what they can reach (tests/target/state_cases.cpp), and one that does
   nothing. They run in SVC mode with the MMU off, and find the addresses of the GIC in state_vm_gic. */

#include "tests/target/small_guests.S"
    .fpu    neon-vfpv4

    .equ TIMER, 27                      @ the virtual timer's interrupt
    .equ GARBAGE, 0xa5c3f00f

    .macro cp15 value, opc1, crn, crm, opc2
    ldr     r0, =\value
    mcr     p15, \opc1, r0, \crn, \crm, \opc2
    .endm
    .macro cp15_wide high, low, opc1, crm
    ldr     r0, =\low
    ldr     r1, =\high
    mcrr    p15, \opc1, r0, r1, \crm
    .endm
    .macro store value, base, offset
    ldr     r0, =\value
    str     r0, [\base, #\offset]
    .endm
/* `words` words from `offset` on. */
    .macro store_bank value, base, offset, words
    ldr     r0, =\value
    movw    r1, #\offset
    add     r1, r1, \base
    mov     r2, #\words
1:  str     r0, [r1], #4
    subs    r2, r2, #1
    bne     1b
    .endm

    .section .text.state_vm, "ax"
    .balign 4096
    .global state_vms
state_vms:

    guest does_nothing
    hvc     #HVC_Finish

/* What PL1 has to itself: every banked register, CP15, the timer, the performance monitor, VFP. */
    guest wrecks_the_core
    ldr     r0, =GARBAGE
    .irp    name, sp_usr, sp_abt, lr_abt, spsr_abt, sp_und, lr_und, spsr_und, sp_irq, lr_irq, spsr_irq
    msr     \name, r0
    .endr
    .irp    name, sp_fiq, lr_fiq, spsr_fiq, r8_fiq, r9_fiq, r10_fiq, r11_fiq, r12_fiq
    msr     \name, r0
    .endr
    msr     spsr_cxsf, r0
    mov     sp, r0
    mov     lr, r0
    cp15    GARBAGE, 2, c0, c0, 0       @ CSSELR
    cp15    GARBAGE, 0, c2, c0, 0       @ TTBR0
    cp15    GARBAGE, 0, c2, c0, 1       @ TTBR1
    cp15_wide GARBAGE, GARBAGE, 0, c7   @ PAR
    cp15    0x7, 0, c2, c0, 2           @ TTBCR
    cp15    GARBAGE, 0, c3, c0, 0       @ DACR
    cp15    GARBAGE, 0, c5, c0, 0       @ DFSR
    cp15    GARBAGE, 0, c5, c0, 1       @ IFSR
    cp15    GARBAGE, 0, c6, c0, 0       @ DFAR
    cp15    GARBAGE, 0, c6, c0, 2       @ IFAR
    cp15    GARBAGE, 0, c10, c2, 0      @ MAIR0
    cp15    GARBAGE, 0, c10, c2, 1      @ MAIR1
    cp15    GARBAGE, 0, c12, c0, 0      @ VBAR
    cp15    GARBAGE, 0, c13, c0, 1      @ CONTEXTIDR
    cp15    GARBAGE, 0, c13, c0, 2      @ TPIDRURW
    cp15    GARBAGE, 0, c13, c0, 3      @ TPIDRURO
    cp15    GARBAGE, 0, c13, c0, 4      @ TPIDRPRW
    cp15    0x3f7, 0, c14, c1, 0        @ CNTKCTL
    cp15_wide GARBAGE, GARBAGE, 3, c14  @ CNTV_CVAL
    cp15    0x1, 0, c14, c3, 1          @ CNTV_CTL
    set_thumb_ee #1, #0xf0000000
    mov     r4, #6
1:  mov     r0, r4
    mcr     p15, 0, r0, c9, c12, 5      @ PMSELR
    isb
    cp15    0xf0000011, 0, c9, c13, 1   @ PMXEVTYPER: another event, and no mode is counted
    cp15    GARBAGE, 0, c9, c13, 2      @ PMXEVCNTR
    subs    r4, r4, #1
    bpl     1b
    cp15    0x1f, 0, c9, c12, 5         @ PMSELR: the cycle counter's filter
    isb
    cp15    0xf0000000, 0, c9, c13, 1   @ PMCCFILTR
    cp15    0xffffffff, 0, c9, c14, 1   @ PMINTENSET
    cp15    0xffffffff, 0, c9, c12, 3   @ PMOVSR
    cp15    0x1, 0, c9, c14, 0          @ PMUSERENR
    cp15    0x4, 0, c9, c12, 5          @ PMSELR
    cp15    0xffffffff, 0, c9, c12, 1   @ PMCNTENSET
    cp15    0x80000001, 0, c9, c12, 2   @ PMCNTENCLR
    cp15    0x3e, 0, c9, c12, 0         @ PMCR: off, with reset, divider, export, X and DP
    ldr     r0, =0x00f00000
    mcr     p15, 0, r0, c1, c0, 2       @ CPACR
    isb
    mov     r0, #0x40000000
    vmsr    fpexc, r0
    ldr     r0, =0xf0c00000
    vmsr    fpscr, r0
    ldr     r0, =GARBAGE
    vdup.32 q0, r0
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vmov    q\n, q0
    .endr
    mrc     p15, 0, r0, c1, c0, 0       @ SCTLR: everything that leaves this code running
    ldr     r1, =0x72103801             @ TE, AFE, TRE, EE, UWXN, V, I, Z; not M
    bic     r1, r1, #1
    orr     r0, r0, r1
    mcr     p15, 0, r0, c1, c0, 0
    isb
    adr     r0, state_vms
    ldrex   r0, [r0]
    setend  be
    mov     r0, #0
    hvc     #HVC_Finish

/* The CPU interface, GICC or GICV. */
    guest wrecks_the_cpu_interface
    ldr     r4, =state_vm_gic
    ldr     r4, [r4, #4]
    bl      wreck_interface
    mov     r0, #0
    hvc     #HVC_Finish

wreck_interface:
    store   0xffffffff, r4, 0x00d0      @ GICC_APR0
    store   0xffffffff, r4, 0x00e0      @ GICC_NSAPR0
    store   0x7, r4, 0x0008             @ GICC_BPR
    store   0x5, r4, 0x001c             @ GICC_ABPR
    store   0x08, r4, 0x0004            @ GICC_PMR
    store   0x7f0, r4, 0x0000           @ GICC_CTLR: no group, and every other bit
    bx      lr

/* Acknowledges the timer's interrupt; deactivates it, and never drops its priority. It gives up after a
   while where none comes. */
    guest deactivates_what_it_never_ends
    ldr     r5, =state_vm_gic
    ldr     r4, [r5, #4]
    ldr     r5, [r5]
    store   0x3, r5, 0x000              @ GICD_CTLR
    store   0x08000000, r5, 0x100       @ GICD_ISENABLER: the timer
    store   0x20f, r4, 0x0000           @ GICC_CTLR: both groups, AckCtl, FIQEn, EOImode
    store   0xf8, r4, 0x0004            @ GICC_PMR
    cp15_wide 0, 0, 3, c14              @ CNTV_CVAL
    cp15    0x1, 0, c14, c3, 1          @ CNTV_CTL
    mov     r6, #1000
1:  ldr     r0, [r4, #0x00c]            @ GICC_IAR
    cmp     r0, #TIMER
    beq     2f
    subs    r6, r6, #1
    bne     1b
    hvc     #HVC_Finish
2:  add     r4, r4, #0x1000
    str     r0, [r4]                    @ GICC_DIR
    cp15    0x0, 0, c14, c3, 1          @ CNTV_CTL
    mov     r0, #1
    hvc     #HVC_Finish

/* Every SGI, at ever higher priorities, acknowledged one inside the other. Only a native guest. */
    guest never_ends_nested_interrupts
    ldr     r5, =state_vm_gic
    ldr     r4, [r5, #4]
    ldr     r5, [r5]
    store   0x3, r5, 0x000              @ GICD_CTLR
    store   0x0f, r4, 0x0000            @ GICC_CTLR
    store   0xf8, r4, 0x0004            @ GICC_PMR
    store   0x0, r4, 0x0008             @ GICC_BPR: all bits preempt
    store   0xffff, r5, 0x080           @ GICD_IGROUPR: the SGIs
    store   0xffff, r5, 0x100           @ GICD_ISENABLER
    mov     r6, #0
    mov     r8, #0
1:  mov     r7, #0xf0                   @ priority of SGI n: 0xf0 - 8 n
    sub     r7, r7, r6, lsl #3
    add     r0, r5, #0x400
    strb    r7, [r0, r6]                @ GICD_IPRIORITYR
    mov     r0, #0x02000000
    orr     r0, r0, r6
    orr     r0, r0, #0x8000             @ NSATT
    str     r0, [r5, #0xf00]            @ GICD_SGIR: to this core
    dsb
    ldr     r0, [r4, #0x00c]            @ GICC_IAR
    and     r0, r0, #0x3f
    cmp     r0, r6
    addeq   r8, r8, #1
    add     r6, r6, #1
    cmp     r6, #16
    bne     1b
    mov     r0, r8                      @ how many it was given
    hvc     #HVC_Finish

/* The distributor: everything enabled, pending, active, in other groups, with other priorities, targets and
   triggers, SGIs from every core; and then off. Only a native guest. */
    guest wrecks_the_distributor
    ldr     r4, =state_vm_gic
    ldr     r5, [r4]
    ldr     r4, [r4, #4]
    store_bank 0x5a5a5a5a, r5, 0x080, 9     @ GICD_IGROUPR
    store_bank 0x10101010, r5, 0x400, 72    @ GICD_IPRIORITYR
    store_bank 0xffffffff, r5, 0x820, 64    @ GICD_ITARGETSR
    store_bank 0xaaaaaaaa, r5, 0xc08, 16    @ GICD_ICFGR
    store_bank 0xffffffff, r5, 0x300, 9     @ GICD_ISACTIVER
    store_bank 0xffffffff, r5, 0x200, 9     @ GICD_ISPENDR
    store_bank 0xffffffff, r5, 0xf20, 4     @ GICD_SPENDSGIR
    store_bank 0xffffffff, r5, 0x100, 9     @ GICD_ISENABLER
    bl      wreck_interface
    store   0x0, r5, 0x000              @ GICD_CTLR
    mov     r0, #0
    hvc     #HVC_Finish

/* The virtual interface: its registers in the hands of a native guest. */
    guest wrecks_the_virtual_interface
    ldr     r4, =state_vm_gic
    ldr     r4, [r4, #8]
    store   0xda006c1b, r4, 0x100       @ GICH_LR0: the timer's interrupt, pending and linked
    store   0x9a0a6c1c, r4, 0x104
    store   0x5a086c1d, r4, 0x108
    store   0xfa006c1e, r4, 0x10c
    store   0xffffffff, r4, 0x0f0       @ GICH_APR
    store   0xffffffff, r4, 0x008       @ GICH_VMCR
    store   0xf80000ff, r4, 0x000       @ GICH_HCR
    mov     r0, #0
    hvc     #HVC_Finish

    .ltorg
    .balign 4096
    .global state_vms_end
state_vms_end:
