/* The guest's vectors (ARM DDI 0406C.d, B1.8.1). Each saves a whole frame (guest/hw/context.hpp) on the
   SVC stack of the context that was interrupted, calls one C++ function, and resumes the frame that it
   returns. That is the context switch. */

#include "drivers/cpu/hw/assembly.S"
#include "drivers/pmu/hw/stamp_barrier.hpp"
#include "guest_board.S"

    .equ MODE_SVC, 0x13

/* The guest's own stamps, GuestStamps in guest/bench/timer.hpp. */
    .equ STAMP_VECTOR_COUNT, 0
    .equ STAMP_VECTOR, 4

    .section .text.vectors, "ax"
    .equ FAULT_RETURNED, 20             @ FaultStamps in measure/guest_abi.hpp

    .macro vectors name, data_abort, irq
    .balign 32
    .global \name
\name:
    b       unexpected_reset
    b       unexpected_undefined
    b       svc
    b       unexpected_prefetch_abort
    b       \data_abort
    b       unexpected_reserved
    b       \irq
    b       unexpected_fiq
    .endm

    vectors guest_vectors, data_abort, irq
    vectors guest_vectors_stamped, data_abort_stamped, irq_stamped

    .macro save_frame return_offset
    .if     \return_offset
    sub     lr, lr, #\return_offset     @ B1.8.3: the preferred return address
    .endif
    srsdb   sp!, #MODE_SVC
    cps     #MODE_SVC
    push    {r0-r12, lr}
    stmdb   sp, {sp, lr}^
    sub     sp, sp, #8
    mov     r0, sp
    .endm

    .macro resume_frame
    mov     sp, r0
    ldmia   sp, {sp, lr}^
    add     sp, sp, #8
    pop     {r0-r12, lr}
    rfeia   sp!
    .endm

svc:
    save_frame 0
    bl      guest_system_call
    resume_frame

    function resume                                 @ [[noreturn]] void resume(Frame*)
    resume_frame

data_abort:
    save_frame 8
    bl      guest_data_abort
    resume_frame

/* There is no stack yet: the stamp waits in TPIDRURO, and r0 in TPIDRPRW meanwhile. Taking the exception
   has synchronized the context (A3.8.3), so that the first reading needs no ISB. */
data_abort_stamped:
    nops    NOPS_GUEST_FAULT_VECTOR
    mcr     p15, 0, r0, c13, c0, 4      @ TPIDRPRW
    read_clock_at_entry r0
    mcr     p15, 0, r0, c13, c0, 3      @ TPIDRURO
    mrc     p15, 0, r0, c13, c0, 4
    nops    NOPS_GUEST_FAULT_ENTRY
    save_frame 8
    bl      guest_data_abort_stamped
    ldr     r1, =guest_fault_stamps
    ldr     r1, [r1]
    HYPMETER_STAMP_ISB                  @ see pmu::stamp (A3.8.3)
    read_clock r2, r3
    str     r2, [r1, #FAULT_RETURNED]
    nops    NOPS_GUEST_FAULT_RETURN
    resume_frame

irq_stamped:
    push    {r0-r3}
    nops    NOPS_GUEST_VECTOR
    read_count_and_clock r0, r1, r2
    ldr     r3, =guest_stamps
    ldr     r3, [r3]
    str     r0, [r3, #STAMP_VECTOR_COUNT]
    str     r2, [r3, #STAMP_VECTOR]
    pop     {r0-r3}
    nops    NOPS_GUEST_ENTRY
    save_frame 4
    bl      guest_irq_stamped
    nops    NOPS_GUEST_EXIT
    resume_frame

irq:
    save_frame 4
    bl      guest_irq
    resume_frame

    .macro unexpected name, vector, return_offset
\name:
    save_frame \return_offset
    mov     r1, #\vector
    b       guest_unexpected
    .endm

    unexpected unexpected_reset, 0, 0
    unexpected unexpected_undefined, 1, 4
    unexpected unexpected_prefetch_abort, 3, 4
    unexpected unexpected_reserved, 5, 0
    unexpected unexpected_fiq, 7, 4
    .ltorg
