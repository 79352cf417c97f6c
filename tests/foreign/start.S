/* The stand-in for a foreign test begins here, at its first byte, in SVC mode with the MMU off, with the device
   tree in r2. */

#include "drivers/cpu/hw/assembly.S"

    .section .text.start, "ax"
    function _start
    ldr     sp, =stack_top
    mov     r0, r2
    bl      stand_in
    ldr     r0, =0x84000008             @ SYSTEM_OFF (DEN 0022D, 5.9)
    hvc     #0
1:  b       1b
