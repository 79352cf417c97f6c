/* The first instructions of the monitor's image, for every core. Any state that the loader left becomes
   HYP mode with MMU and caches off, or ends in boot_refuse. ARM DDI 0406C.d. */

#include "drivers/cpu/hw/assembly.S"

    .equ MODE_MASK, 0x1f
    .equ MODE_SVC, 0x13
    .equ SCR_NS, 1                      @ B4.1.129
    .equ MODE_HYP, 0x1a                 @ B1.3.1
    .equ HYP_MASKED, 0x1c0 | MODE_HYP   @ A, I and F masked: B1.3.3
    .equ MPIDR_AFFINITY, 0x00ffffff     @ B4.1.106: zero on the core that boots

    .section .text.boot, "ax"
    function _start
    b       entered                     @ a zImage's header (Linux, arch/arm/boot/compressed/head.S): with
    .org    _start + 0x24               @ it, `bootz` takes the raw image (U-Boot, arch/arm/lib/zimage.c)
    .word   0x016f2818, __image_start, __image_file_end
entered:
    cpsid   aif
    mrc     p15, 0, r4, c0, c0, 5       @ MPIDR
    bics    r4, r4, #~MPIDR_AFFINITY
    bne     pen                         @ before any write to memory that the cores share
    mov     r4, r0                      @ from U-Boot's `go`: argc and argv
    mov     r5, r1
    mov     r6, r2                      @ the device tree, or 0
    ldr     sp, =__stack_top
    bl      clear_bss
    bl      rise
    mov     r0, r6
    mov     r1, r4
    mov     r2, r5
    bl      boot_main

/* A core that is not needed waits here until the door opens, in the state in which it was entered. A boot
   word may have sent it here with its interrupts unmasked. */
    function pen
    cpsid   aif
    ldr     r0, =pen_door
1:  ldr     r1, [r0]
    cmp     r1, #0
    wfeeq                               @ after a look at the door: the event may have passed (A8.8.425)
    beq     1b

/* The second core begins here, from the pen or started by firmware. Its first write to memory is to its own
   stack. */
    function second_core_entry
    cpsid   aif
    ldr     sp, =__second_stack_top
    bl      rise
    bl      second_core_main

/* From HYP or Secure SVC to HYP; keeps r4 to r6 and the stack pointer. */
rise:
    mov     r8, lr
    mrs     r0, cpsr
    and     r1, r0, #MODE_MASK
    cmp     r1, #MODE_HYP
    beq     1f
    cmp     r1, #MODE_SVC
    bne     refuse
    bl      take_exceptions             @ at secure_vectors
    mrc     p15, 0, r1, c1, c1, 0       @ SCR: undefined in Non-secure state (B4.1.129)
    bl      leave_secure_state          @ returns the value for SCR
    mov     r1, sp
    smc     #0
    mov     sp, r1
    b       2f
1:  mov     r0, #0                      @ not in Secure state
    bl      join_coherency
2:  ldr     r1, =hyp_vectors
    mcr     p15, 4, r1, c12, c0, 0      @ HVBAR
    isb                                 @ before anything can be taken there (B3.15.5)
    bx      r8

/* Undefined instruction at +4, SMC at +8 (B1.8.1). An SMC comes once from Secure SVC, with SCR.NS 0. From
   Non-secure state only HYP's gets anything: HCR.TSC traps a guest's (B4.1.65), and the mode that it came
   from is looked at too. r12 is free in both. */
    .balign 32
    function secure_vectors
    nop
    b       refuse
    mrc     p15, 0, r12, c1, c1, 0      @ SCR
    tst     r12, #SCR_NS
    bne     read_tlb_ram
    mcr     p15, 0, r0, c1, c1, 0       @ SCR
    isb                                 @ HYP mode exists before the return to it (B3.15.5)
    mov     r0, #HYP_MASKED
    msr     spsr_cxsf, r0
    movs    pc, lr                      @ Monitor mode returns into HYP: B1.8.10, B1.5.1

/* boot/tlb_read_out.cpp: r0 is a TlbSelect, and r0 to r2 come back with what it selects. Monitor mode is
   Secure state whatever SCR.NS says (B1.5.1), and its MMU and caches are off: no access to memory changes what
   is read. */
read_tlb_ram:
    mrs     r12, spsr
    and     r12, r12, #MODE_MASK
    cmp     r12, #MODE_HYP
    movsne  pc, lr
    mcr     p15, 3, r0, c15, c4, 2      @ TLB Data Read Operation Register: Cortex-A7 TRM 6.6, table 6.2
    isb                                 @ it has read before its data registers are (B3.15.5)
    mrc     p15, 3, r0, c15, c0, 0
    mrc     p15, 3, r1, c15, c0, 1
    mrc     p15, 3, r2, c15, c0, 2
    movs    pc, lr

refuse:
    ldr     sp, =__stack_top
    b       boot_refuse
