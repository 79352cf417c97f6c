/* The vectors of a hostile guest (ARM DDI 0406C.d, B1.8.1), and the way to PL0 and back. */

#include "drivers/cpu/hw/assembly.S"

    .section .text.hostile_vectors, "ax"
    .balign 32
    function hostile_vectors
    b       .
    b       hostile_undefined
    b       hostile_svc
    b       hostile_prefetch
    b       hostile_data
    b       .
    b       hostile_irq
    b       hostile_fiq

/* ExceptionFrame of hostile.hpp, on the stack of the mode that the exception is taken to. */
    .macro vector name, number
\name:
    push    {r0-r12, lr}
    mrs     r0, spsr
    mov     r1, #\number
    push    {r0, r1}
    mov     r0, sp
    bl      hostile_exception
    pop     {r0, r1}
    msr     spsr_cxsf, r0
    ldm     sp!, {r0-r12, pc}^
    .endm

    vector hostile_undefined, 1
    vector hostile_svc, 2
    vector hostile_prefetch, 3
    vector hostile_data, 4
    vector hostile_irq, 6
    vector hostile_fiq, 7

/* void hostile_as_user(Hostile&, ActFunction, std::uint32_t user_stack): the SVC at the end comes back through
   hostile_exception, which returns to hostile_back in SVC mode. */
    function hostile_as_user
    push    {r4-r11, lr}
    cps     #0x1f                       @ SYS: its SP is that of USR
    mov     sp, r2
    cps     #0x10
    blx     r1
    svc     #0x00fade
    function hostile_back
    pop     {r4-r11, pc}
