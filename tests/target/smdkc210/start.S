/* Both cores of QEMU's smdkc210 begin here, since an ELF image is no Linux kernel to it
   (hw/arm/boot.c, do_cpu_reset): the first one goes to main, the second one to its pen. */

#include "drivers/cpu/hw/assembly.S"

    .equ MPIDR_CORE, 0x3                @ Cortex-A9 TRM, ARM DDI 0388I, 4.3.5

    .section .text.start, "ax"
    function _start
    cpsid   aif
    mrc     p15, 0, r0, c0, c0, 5       @ MPIDR
    ands    r0, r0, #MPIDR_CORE
    bne     second

    ldr     r0, =__bss_start
    ldr     r1, =__bss_end
    mov     r2, #0
1:  cmp     r0, r1
    strlo   r2, [r0], #4
    blo     1b
    ldr     sp, =__stack_top
    bl      main
    b       .
second:
    ldr     sp, =__second_stack_top
    bl      second_core_pen
    b       .
