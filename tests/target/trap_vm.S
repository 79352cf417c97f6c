/* Guests of a few instructions, each of which does one thing that traps (tests/target/trap_cases.cpp).
   They run in SVC mode with the MMU off, and finish with what they found in r0. */

#include "tests/target/small_guests.S"

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

/* And SYSTEM_OFF. */
    guest turns_itself_off
    movw    r0, #:lower16:0x84000008
    movt    r0, #:upper16:0x84000008
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

/* Guests with vectors: each finishes with the offset of the vector that it took, or with what it found. The
   label that ends in _at is the instruction at fault. */
    .macro guest_with_vectors name
    .global \name\()_at
    guest   \name
    movw    r0, #:lower16:trap_vm_vectors
    movt    r0, #:upper16:trap_vm_vectors
    mcr     p15, 0, r0, c12, c0, 0      @ VBAR
    isb
    .endm
    .macro at name
\name\()_at:
    .endm

    .balign 32
trap_vm_vectors:
    .irp    offset, 0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c
    b       took_\offset
    .endr
    .irp    offset, 0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c
took_\offset:
    mov     r0, #\offset
    hvc     #HVC_Finish
    .endr

/* CBAR, which traps with HSTR.T15 and which nothing emulates. */
    guest_with_vectors reads_cbar
    at      reads_cbar
    mrc     p15, 4, r0, c15, c0, 0
    hvc     #HVC_Finish

    guest_with_vectors reads_cbar_in_thumb
    adr     r0, 1f + 1
    bx      r0
    .thumb
    .balign 4
1:
    at      reads_cbar_in_thumb
    mrc     p15, 4, r0, c15, c0, 0
    hvc     #HVC_Finish
    .arm
    .balign 4

    guest_with_vectors calls_smc
    at      calls_smc
    smc     #0
    hvc     #HVC_Finish

/* A store to the page that it runs in, which stage 2 maps read-only. */
    guest_with_vectors writes_its_code
    adr     r0, trap_vms
    at      writes_its_code
    str     r0, [r0]
    hvc     #HVC_Finish

/* The same with TTBCR.EAE set. */
    guest_with_vectors writes_its_code_long
    mov     r0, #0x80000000
    mcr     p15, 0, r0, c2, c0, 2
    isb
    adr     r0, trap_vms
    at      writes_its_code_long
    str     r0, [r0]
    hvc     #HVC_Finish

    guest_with_vectors fetches_from_a_hole
    mov     r0, #0x1000
    bx      r0
    .equ    fetches_from_a_hole_at, 0x1000

/* The vectors are where nothing is, as after a reset. */
    guest   has_no_vectors
    mov     r0, #0x10
    ldr     r0, [r0]
    hvc     #HVC_Finish

/* Reads IPA 0x12_1000_0000 by one of four blocks of 1 GB; the others are the identity. Its last 32 bits are
   those of the distributor. */
    guest_with_vectors reads_above_4gb
    mvn     r0, #0
    mcr     p15, 0, r0, c10, c2, 0      @ MAIR0: all normal memory
    mov     r0, #0x80000000
    mcr     p15, 0, r0, c2, c0, 2       @ TTBCR.EAE
    adr     r0, 1f
    mov     r1, #0
    mcrr    p15, 0, r0, r1, c2          @ TTBR0
    mrc     p15, 0, r0, c1, c0, 0
    orr     r0, r0, #1
    mcr     p15, 0, r0, c1, c0, 0       @ SCTLR.M
    isb
    mov     r0, #0x10000000
    at      reads_above_4gb
    ldr     r0, [r0]
    hvc     #HVC_Finish
    .balign 32
1:  .word   0x00000441, 0x12, 0x40000441, 0, 0x80000441, 0, 0xc0000441, 0

/* An IT block whose first instruction the monitor emulates: r0 becomes 1 only if the block goes on behind
   it. */
    guest   traps_in_an_it_block
    adr     r0, 1f + 1
    bx      r0
    .thumb
    .balign 4
1:  movs    r0, #0
    itte    eq
    mrceq   p15, 0, r1, c1, c0, 1       @ ACTLR
    addeq   r0, r0, #1
    addne   r0, r0, #2
    hvc     #HVC_Finish
    .arm
    .balign 4

/* Accesses of the distributor, whose address is in DISTRIBUTOR. */
    .equ    DISTRIBUTOR, 0x10000000
    .macro  guest_of_distributor name
    guest_with_vectors \name
    mov     r0, #DISTRIBUTOR
    .endm

    guest_of_distributor reads_a_halfword
    at      reads_a_halfword
    ldrh    r0, [r0]
    hvc     #HVC_Finish

    guest_of_distributor reads_two_words
    at      reads_two_words
    ldrd    r2, r3, [r0]
    hvc     #HVC_Finish

    guest_of_distributor reads_big_endian
    setend  be
    at      reads_big_endian
    ldr     r0, [r0]
    hvc     #HVC_Finish

/* Puts a pattern from one register into priorities of the distributor, and reads it into another; counts in
   r1 where it comes back. Priorities have five bits (VirtualGic::kPriorityBits). */
    .macro  through store, load, pattern
    ldr     \store, =\pattern
    str     \store, [r0, #0x400]
    mov     \load, #0
    ldr     \load, [r0, #0x400]
    cmp     \load, \store
    addeq   r1, r1, #1
    .endm

    guest_of_distributor goes_through_every_register
    at      goes_through_every_register
    mov     r1, #0
    .irp    mode, 0x12, 0x13, 0x17, 0x1b, 0x1f, 0x11
    cps     #\mode
    through sp, lr, 0x10182000 + (\mode << 3)
    through lr, sp, 0x30384000 + (\mode << 3)
    .endr
    through r8, r9, 0x08101820
    through r10, r11, 0x28303840
    through r12, r8, 0x48505860
    cps     #0x13
    mov     r0, r1
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
