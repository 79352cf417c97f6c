/* Where the smallest hypervisor begins, and its vectors. It is entered as a Linux kernel is: in HYP mode, with
   interrupts masked, the MMU and data cache off, and the device tree in r2 (Linux, Documentation/arm/
   booting.rst). Sections are those of ARM DDI 0406C.d; B4.1 has the registers. */

    .arch_extension sec
    .arch_extension virt
    .syntax unified
    .arm

    .equ MODE_MASK, 0x1f
    .equ MODE_HYP, 0x1a                 @ B1.3.1
    .equ GUEST_PSR, 0x1d3               @ SVC mode; A, I and F masked (B1.3.3)

    .section .text.start, "ax"
    .global _start
_start:
    ldr     sp, =stack_top
    mrs     r0, cpsr
    and     r0, r0, #MODE_MASK
    cmp     r0, #MODE_HYP
    bne     refuse_mode
    ldr     r0, =hyp_vectors
    mcr     p15, 4, r0, c12, c0, 0      @ HVBAR

/* The MMU: stamps must go to the guest's memory with the attributes that the guest uses (A3.5.7). Nothing was
   written with the caches off, so they hold nothing that is too old. */
    ldr     r0, =0x000004ff             @ HMAIR0: 0 is normal and write-back, 1 is a device
    mcr     p15, 4, r0, c10, c2, 0
    ldr     r0, =0x80803500             @ HTCR: walks are cached, the input has 32 bits
    mcr     p15, 4, r0, c2, c0, 2
    ldr     r0, =hyp_table
    mov     r1, #0
    mcrr    p15, 4, r0, r1, c2          @ HTTBR
    mcr     p15, 4, r0, c8, c7, 0       @ TLBIALLH: what a loader has left (B3.10.1)
    mcr     p15, 0, r0, c7, c5, 0       @ ICIALLU (B2.2.6)
    mcr     p15, 0, r0, c7, c5, 6       @ BPIALL
    dsb                                 @ both are complete (B3.10.5), and all is in force (B3.15.5)
    isb
    ldr     r0, =0x30c5187d             @ HSCTLR: bits that are one, and I, C and M
    mcr     p15, 4, r0, c1, c0, 0
    isb                                 @ B3.15.5

    ldr     r0, =bss_begin
    ldr     r1, =bss_end
    mov     r3, #0
1:  cmp     r0, r1
    strlo   r3, [r0], #4
    blo     1b

    mov     r4, r2
    mov     r0, r2
    bl      prepare
    msr     elr_hyp, r0                 @ where the guest begins
    mov     r0, #GUEST_PSR
    msr     spsr_cxsf, r0               @ SPSR_hyp, by the name that HYP itself must use (B9.2.3)
    mov     r0, #0
    mvn     r1, #0                      @ no number of a machine: there is a tree
    mov     r2, r4
    eret                                @ what `prepare` has written is in force after it (A3.8.3)

/* A gigabyte each, at its own address: devices, which hold no code, and three of memory. Blocks of level 1 that
   HYP may write to; memory is inner shareable (B3.6.1, B3.6.2). */
    .balign 32
hyp_table:
    .word   0x00000445, 0x00400000
    .word   0x40000741, 0
    .word   0x80000741, 0
    .word   0xc0000741, 0

/* B1.8.1. HYP runs with interrupts masked, so nothing but a fault of its own comes from HYP mode. */
    .balign 32
hyp_vectors:
    b       own_fault
    b       own_fault
    b       own_fault
    b       own_fault
    b       own_fault
    b       trap
    b       irq
    b       own_fault                   @ FIQ: GICC_CTLR.FIQEn is 0

trap:
    push    {r0-r12, lr}
    mrc     p15, 4, r0, c5, c2, 0       @ HSR
    mov     r1, sp
    bl      take_trap
    pop     {r0-r12, lr}
    eret

/* Both clocks at once, so that it need not be known yet which one the guest wants. */
irq:
    push    {r0-r3, r12, lr}
    mrrc    p15, 1, r0, r1, c14         @ CNTVCT: its low word in r0
    mrc     p15, 0, r1, c9, c13, 0      @ PMCCNTR
    bl      take_interrupt
    pop     {r0-r3, r12, lr}
    eret
