/* A loader of tests/target/loader.cpp begins here. Its one vector is SMC, with SCR in r0 and the state to
   return to in r1. ARM DDI 0406C.d, B1.8.1. */

#include "drivers/cpu/hw/assembly.S"

    .section .text.start, "ax"
    function _start
    mrc     p15, 0, r0, c0, c0, 5       @ MPIDR
    tst     r0, #3
    bne     1f
    ldr     sp, =stack_top
    b       load
1:  ldr     sp, =second_stack_top
    b       hold

    .balign 32
    function monitor_vectors
    nop
    nop
    mcr     p15, 0, r0, c1, c1, 0       @ SCR
    isb
    msr     spsr_cxsf, r1
    movs    pc, lr
