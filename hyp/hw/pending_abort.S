/* Takes an asynchronous abort out of the way that somebody before left pending. ARM DDI 0406C.d. */

#include "drivers/cpu/hw/assembly.S"

    .section .text.pending_abort, "ax"
/* std::uint32_t take_pending_abort(): takes an asynchronous abort that is pending, once, and returns HSR;
   0 if none is. In HYP mode such an abort is taken in HYP mode, unless Secure state has set SCR.EA and
   takes it itself (B1.8.4). */
    function take_pending_abort
    mrc     p15, 4, r2, c12, c0, 0      @ HVBAR
    ldr     r1, =abort_vectors
    mcr     p15, 4, r1, c12, c0, 0
    mov     r0, #0
    dsb                                 @ what was stored until now has had its answer (A3.8.3)
    isb
    cpsie   a
    isb                                 @ taken here at the latest (glossary, "context synchronization")
    cpsid   a
    mcr     p15, 4, r2, c12, c0, 0
    isb
    bx      lr

    .balign 32
abort_vectors:
    b       hyp_vectors
    b       hyp_vectors + 4
    b       hyp_vectors + 8
    b       hyp_vectors + 12
    b       1f                          @ data abort (B1.8.1)
    b       hyp_vectors + 20
    b       hyp_vectors + 24
    b       hyp_vectors + 28
1:  mrc     p15, 4, r0, c5, c2, 0       @ HSR
    mrs     r1, spsr
    orr     r1, r1, #0x100              @ A: another one would be taken at once (B1.3.3)
    msr     spsr_cxsf, r1
    eret
