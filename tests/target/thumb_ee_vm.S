/* Guests that use ThumbEE's registers (tests/target/thumb_ee_cases.cpp). They run in SVC mode with the MMU off,
   and finish with the number of things that were wrong, which r7 counts. */

#include "tests/target/small_guests.S"

    .section .text.thumb_ee_vm, "ax"
    .balign 4096
    .global thumb_ee_vms
thumb_ee_vms:

    .balign 32
vectors:
    .word   0xe1a00000                  @ reset: nothing
    b       took_undefined
    .rept   6
    b       took_another
    .endr
/* Counted in r8; the instruction, of A32, is left out. */
took_undefined:
    add     r8, r8, #1
    movs    pc, lr
took_another:
    add     r7, r7, #1
    mov     r0, r7
    hvc     #HVC_Finish

    .macro begin
    mov     r7, #0
    mov     r8, #0
    adr     r0, vectors
    mcr     p15, 0, r0, c12, c0, 0      @ VBAR
    isb
    .endm
    .macro finish
    mov     r0, r7
    hvc     #HVC_Finish
    .endm

/* Each is zero at first, and keeps what is written. */
    guest uses_thumb_ee
    begin
    expect_thumb_ee r7, #0, #0
    set_thumb_ee #1, #0xf0000000
    expect_thumb_ee r7, #1, #0xf0000000
    set_thumb_ee #0, #0x0f000000
    expect_thumb_ee r7, #0, #0x0f000000
    add     r7, r7, r8
    finish

/* The first access is one whose condition fails; the next one is in an IT block, which goes on behind it. */
    guest uses_thumb_ee_in_an_it_block
    begin
    mov     r1, #0x80000000
    cmp     r1, r1
    mcrne   p14, 6, r1, c1, c0, 0       @ TEEHBR
    adr     r0, 1f + 1
    bx      r0
    .thumb
    .balign 4
1:  mov     r2, #0
    mov     r3, #0x40000000
    cmp     r1, r1
    itte    eq
    mcreq   p14, 6, r3, c1, c0, 0
    addeq   r2, r2, #1
    addne   r2, r2, #2
    adr     r0, 2f
    bx      r0
    .balign 4
    .arm
2:  cmp     r2, #1
    addne   r7, r7, #1
    expect_thumb_ee r7, #0, #0x40000000
    add     r7, r7, r8
    finish

/* PL0 may access TEEHBR unless TEECR.XED forbids it, and never TEECR. */
    guest uses_thumb_ee_at_pl0
    begin
    cps     #0x10
    mov     r1, #0x50000000
    mcr     p14, 6, r1, c1, c0, 0
    mrc     p14, 6, r2, c1, c0, 0
    cmp     r2, r1
    addne   r7, r7, #1
    cmp     r8, #0
    addne   r7, r7, #1
    mrc     p14, 6, r2, c0, c0, 0
    cmp     r8, #1
    addne   r7, r7, #1
    svc     #0                          @ where took_another finishes with one more
    b       .

    guest forbids_thumb_ee_at_pl0
    begin
    set_thumb_ee #1, #0x50000000
    cps     #0x10
    mrc     p14, 6, r2, c1, c0, 0
    cmp     r8, #1
    addne   r7, r7, #1
    svc     #0
    b       .

/* For a core that has none. */
    guest counts_undefined_thumb_ee
    begin
    read_thumb_ee
    set_thumb_ee #0, #0
    mov     r0, r8
    hvc     #HVC_Finish

/* Two VMs: each writes other values at each of its turns, and finds the last ones at the next. */
    .macro change_it_a_thousand_times control, handlers
    expect_thumb_ee r7, #0, #0
    mov     r4, #1000
    mov     r5, \control
    mov     r6, \handlers
1:  set_thumb_ee r5, r6
    hvc     #HVC_Yield
    expect_thumb_ee r7, r5, r6
    eor     r5, r5, #1
    add     r6, r6, #0x100
    subs    r4, r4, #1
    bne     1b
    .endm

    guest changes_its_own
    begin
    change_it_a_thousand_times #1, #0x10000000
    add     r7, r7, r8
    finish

/* It is the second VM, whose first access comes late. What is wrong stops it. */
    guest changes_its_own_too
    begin
    mov     r4, #10
1:  hvc     #HVC_Yield
    subs    r4, r4, #1
    bne     1b
2:  change_it_a_thousand_times #1, #0x20000000
    cmp     r7, #0
    cmpeq   r8, #0
    bne     3f
    set_thumb_ee #0, #0
    b       2b
3:  hvc     #HVC_FlushTlb + 1

/* It never uses them, and finishes after the other VM has. */
    guest leaves_them_alone
    mov     r4, #10
1:  hvc     #HVC_Yield
    subs    r4, r4, #1
    bne     1b
    mov     r0, #0
    hvc     #HVC_Finish

    .ltorg
    .balign 4096
    .global thumb_ee_vms_end
thumb_ee_vms_end:
