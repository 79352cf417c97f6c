/* The first instructions of the monitor's image: HYP goes on to boot_main, a mode that cannot become
   HYP goes to boot_refuse. MMU and caches are off in both. */

    .arch_extension virt
    .syntax unified
    .arm

    .equ MODE_MASK, 0x1f
    .equ MODE_HYP, 0x1a                 @ ARM DDI 0406C.d, B1.3.1
    .equ MPIDR_AFFINITY, 0x00ffffff     @ B4.1.106: zero on the core that boots

    .section .text.boot, "ax"
    .global _start
    .type _start, %function
_start:
    cpsid   aif
    mrc     p15, 0, r4, c0, c0, 5       @ MPIDR
    bics    r4, r4, #~MPIDR_AFFINITY
    bne     pen                         @ before any write to memory that cores share
    mov     r5, r2                      @ the device tree, or 0

    ldr     r0, =__bss_start
    ldr     r1, =__bss_end
    mov     r2, #0
1:  cmp     r0, r1
    strlo   r2, [r0], #4
    blo     1b

    ldr     sp, =__stack_top
    mrs     r0, cpsr
    and     r1, r0, #MODE_MASK
    cmp     r1, #MODE_HYP
    bne     refuse
    ldr     r1, =hyp_vectors
    mcr     p15, 4, r1, c12, c0, 0      @ HVBAR
    isb
    mov     r0, r5
    bl      boot_main
refuse:
    bl      boot_refuse
pen:
    wfi
    b       pen

/* Where the second core begins when it is started, in HYP. Its first write to memory is to a stack that
   nobody else uses. */
    .global second_core_entry
    .type second_core_entry, %function
second_core_entry:
    cpsid   aif
    ldr     r0, =hyp_vectors
    mcr     p15, 4, r0, c12, c0, 0      @ HVBAR
    isb
    ldr     sp, =__second_stack_top
    bl      second_core_main
    b       pen                         @ it was not allowed to end
