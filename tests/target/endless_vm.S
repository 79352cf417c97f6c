/* Guests that never finish, or that do what must not pass while HVC only returns
   (tests/target/endless_cases.cpp). They run in SVC mode with the MMU off and everything masked. */

#include "tests/target/small_guests.S"

    .section .text.endless_vm, "ax"
    .balign 4096
    .global endless_vms
endless_vms:

    guest only_loops
    b       .

    guest waits_for_interrupts
    wfi
    b       waits_for_interrupts

    guest waits_for_events
    wfe
    b       waits_for_events

    guest calls_for_ever
    hvc     #HVC_Null
    b       calls_for_ever

    guest traps_for_ever
    mrc     p15, 0, r0, c1, c0, 1       @ ACTLR
    b       traps_for_ever

    guest yields_for_ever
    hvc     #HVC_Yield
    b       yields_for_ever

/* The same progress again and again. */
    guest repeats_itself
    mov     r0, #1
    mov     r1, #2
1:  hvc     #HVC_Checkpoint
    b       1b

/* More than its own end, which it moves. */
    guest moves_its_end
    mov     r0, #0
1:  add     r0, r0, #1
    add     r1, r0, #1
    hvc     #HVC_Checkpoint
    b       1b

/* Progress without an end. */
    guest counts_for_ever
    mov     r0, #0
    mvn     r1, #0
1:  add     r0, r0, #1
    hvc     #HVC_Checkpoint
    b       1b

/* From here on HVC only returns, until the next interrupt or until it has lasted too long. */
    guest loops_in_vector_only
    hvc     #HVC_VectorOnly
    b       .

    guest calls_in_vector_only
    hvc     #HVC_VectorOnly
1:  hvc     #HVC_Null
    b       1b

/* The same, in a guest that finishes with the number of the vector that it gets, or with 0. */
    .macro begin_with_vectors
    adr     r0, vectors
    mcr     p15, 0, r0, c12, c0, 0      @ VBAR
    isb
    mov     r0, #0
    hvc     #HVC_VectorOnly
    .endm

    .macro finish
    hvc     #HVC_Finish
    b       .
    .endm

    guest smc_in_vector_only
    begin_with_vectors
    smc     #0
    finish

    guest reads_cbar_in_vector_only
    begin_with_vectors
    mrc     p15, 4, r0, c15, c0, 0
    mov     r0, #0
    finish

    guest loads_in_vector_only
    begin_with_vectors
    ldr     r0, [r0]
    mov     r0, #0
    finish

    guest jumps_in_vector_only
    begin_with_vectors
    bx      r0

    .balign 32
vectors:
    b       .
    b       undefined_instruction
    b       .
    b       prefetch_abort
    b       data_abort

undefined_instruction:
    mov     r0, #1
    finish
prefetch_abort:
    mov     r0, #3
    finish
data_abort:
    mov     r0, #4
    finish

    .ltorg
    .balign 4096
    .global endless_vms_end
endless_vms_end:
