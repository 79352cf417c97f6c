/* Guests of a few instructions, each of which does one thing that traps (tests/target/trap_cases.cpp).
   They run in SVC mode with the MMU off, and finish with what they found in r0. */

    .arch_extension virt
    .syntax unified
    .arm

#define HYPERCALL(name, number) .equ HVC_##name, number
#include "measure/hypercalls.def"

    .macro guest name
    .global \name
\name:
    .endm

    .section .text.trap_vm, "ax"
    .balign 4096
    .global trap_vms
trap_vms:

/* A call of the SMC Calling Convention: PSCI_VERSION. */
    guest calls_psci
    movw    r0, #:lower16:0x84000000
    movt    r0, #:upper16:0x84000000
    hvc     #0
    hvc     #HVC_Finish

    guest calls_beyond_the_last
    hvc     #HVC_FlushTlb + 1
    hvc     #HVC_Finish

/* The call that a measuring guest gets back from the vector keeps every register here too. */
    guest calls_null
    movw    r0, #0x1234
    mov     r1, #0x10000
    hvc     #HVC_Null
    add     r0, r0, r1
    hvc     #HVC_Finish

    guest reads_actlr
    mrc     p15, 0, r0, c1, c0, 1
    hvc     #HVC_Finish

    guest writes_actlr
    mrc     p15, 0, r1, c1, c0, 1
    mvn     r2, r1
    mcr     p15, 0, r2, c1, c0, 1
    mrc     p15, 0, r0, c1, c0, 1
    hvc     #HVC_Finish

/* CBAR, which traps with HSTR.T15 and which nothing emulates. */
    guest reads_cbar
    mrc     p15, 4, r0, c15, c0, 0
    hvc     #HVC_Finish

/* A store to the page that it runs in, which stage 2 maps read-only. */
    guest writes_its_code
    adr     r0, trap_vms
    str     r0, [r0]
    hvc     #HVC_Finish

/* A store that only a reservation allows, of which this guest has made none. It would go to the page
   that stage 2 maps read-only. */
    guest stores_exclusively
    adr     r2, trap_vms
    ldr     r1, [r2]
    strex   r0, r1, [r2]
    hvc     #HVC_Finish

    .ltorg
    .balign 4096
    .global trap_vms_end
trap_vms_end:
