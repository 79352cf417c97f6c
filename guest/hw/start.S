/* The guest's first instructions, in SVC mode with its MMU off and A, I and F masked. The monitor has only
   copied the image; .bss is not cleared yet. */

#include "drivers/cpu/hw/assembly.S"

    .section .text.boot, "ax"
    function _start
    ldr     r0, =__bss_start            @ the stacks lie in it
    ldr     r1, =__bss_end
    mov     r2, #0
1:  cmp     r0, r1
    strlo   r2, [r0], #4
    blo     1b

    ldr     r0, =__exception_stack_top
    cps     #0x12                       @ IRQ
    mov     sp, r0
    cps     #0x13                       @ SVC
    ldr     sp, =__kernel_stack_top
    bl      guest_main

/* The second CPU, which the first one turns on with r0 at its first registers (guest/hw/second_cpu.cpp). There
   is no stack until the caches are on: what would be stored before would go past them. The TLBs may hold
   anything (ARM DDI 0406C.d, B3.10.1). */
    function second_cpu_start
    ldm     r0, {r1-r7}
    mcr     p15, 0, r1, c10, c2, 0      @ MAIR0
    mcr     p15, 0, r2, c2, c0, 2       @ TTBCR
    mcrr    p15, 0, r3, r4, c2          @ TTBR0
    isb
    mcr     p15, 0, r0, c8, c7, 0       @ TLBIALL
    mcr     p15, 0, r0, c7, c5, 0       @ ICIALLU
    mcr     p15, 0, r0, c7, c5, 6       @ BPIALL
    dsb
    isb
    mcr     p15, 0, r5, c1, c0, 0       @ SCTLR
    isb                                 @ on from here (B3.15.5)
    mcr     p15, 0, r6, c12, c0, 0      @ VBAR
    mov     sp, r7
    bl      guest_second_cpu
