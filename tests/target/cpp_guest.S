/* Where each CPU of a guest in C++ begins (tests/target/cpp_guest.hpp): in SVC mode with the MMU off. r0, what
   CPU_ON was given, is passed on. */

#include "drivers/cpu/hw/assembly.S"

    .section .text.cpp_guest, "ax"
    function cpp_guest_start
    mrc     p15, 0, r1, c0, c0, 5       @ MPIDR
    and     r1, r1, #1
    ldr     sp, =cpp_guest_cpus + 2040
    add     sp, sp, r1, lsl #11
    ldr     pc, [sp]

/* For a CPU that begins in Thumb. */
    .global cpp_guest_start_in_thumb
    .thumb
cpp_guest_start_in_thumb:
    ldr     r1, =cpp_guest_start
    bx      r1
    .arm
    .ltorg
