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
