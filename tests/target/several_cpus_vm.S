/* Guests with two virtual CPUs (tests/target/several_cpus_cases.cpp). They run in SVC mode with their MMU off
   and everything masked, and share one page, several_cpus_page, of which r10 holds the address. */

#include "tests/target/small_guests.S"

    .equ PSCI_CPU_OFF, 0x84000002       @ ARM DEN 0022D.b, 5.1
    .equ PSCI_CPU_ON, 0x84000003
    .equ PSCI_AFFINITY_INFO, 0x84000004
    .equ PSCI_SYSTEM_OFF, 0x84000008

/* Words of the page. */
    .equ GICD, 0
    .equ GICC, 4
    .equ MPIDR_0, 8
    .equ AFFINITY_BEFORE, 12
    .equ ON, 16
    .equ ON_AGAIN, 20
    .equ AFFINITY_WHILE_ON, 24
    .equ ON_SELF, 28
    .equ MPIDR_1, 32
    .equ CPSR_1, 36
    .equ CONTEXT, 40
    .equ MAY_GO, 44
    .equ ROUNDS, 48
    .equ WRONG, 52
    .equ SPI_TAKEN, 56
    .equ ACTIVE_MEANWHILE, 60
    .equ ACTIVE_AFTER, 64
    .equ MAY_END, 68
    .equ TIMER_TAKEN, 72
    .equ READY, 76

    .equ SPI, 40
    .equ TIMER, 27

    .section .text.several_cpus_vm, "ax"
    .balign 4096
    .global several_cpus_vms
several_cpus_vms:

    .macro page
    ldr     r10, =several_cpus_page
    .endm
    .macro call_psci function, first, second=#0, third=#0
    ldr     r0, =\function
    mov     r1, \first
    mov     r2, \second
    mov     r3, \third
    hvc     #0
    .endm
    .macro turn_on entry, context=#0
    ldr     r4, =\entry
    call_psci PSCI_CPU_ON, #1, r4, \context
    .endm
/* Lets the other one run, wherever it is. */
    .macro let_run
    hvc     #HVC_Yield
    wfe
    .endm
    .macro finish with=#0
    mov     r0, \with
    hvc     #HVC_Finish
    b       .
    .endm
/* Until the word there is `value`. */
    .macro until word, value
9:  ldr     r0, [r10, #\word]
    cmp     r0, \value
    beq     8f
    let_run
    b       9b
8:
    .endm
    .macro tell word, value
    mov     r0, \value
    str     r0, [r10, #\word]
    dsb
    sev
    .endm
    .macro this_cpu to
    mrc     p15, 0, \to, c0, c0, 5      @ MPIDR
    bic     \to, \to, #0xff000000
    .endm

/* A loop of YIELDs is one that computes, for the monitor. An emulator that runs one core at a time goes on with
   the next one there: without them the other core would hardly ever run. */

/* ---- Power ---- */

    guest turns_another_on_and_off
    page
    this_cpu r0
    str     r0, [r10, #MPIDR_0]
    call_psci PSCI_AFFINITY_INFO, #1
    str     r0, [r10, #AFFINITY_BEFORE]
    mov     r5, #0x77
    turn_on is_turned_on, r5
    str     r0, [r10, #ON]
    turn_on is_turned_on, r5
    str     r0, [r10, #ON_AGAIN]
    until   CONTEXT, #0x77
    call_psci PSCI_AFFINITY_INFO, #1
    str     r0, [r10, #AFFINITY_WHILE_ON]
    call_psci PSCI_CPU_ON, #0, r4
    str     r0, [r10, #ON_SELF]
    tell    MAY_GO, #1
1:  call_psci PSCI_AFFINITY_INFO, #1
    cmp     r0, #1                      @ off
    beq     2f
    let_run
    b       1b
2:  mov     r5, #0x99
    turn_on is_turned_on, r5
    until   CONTEXT, #0x99
    finish

    guest is_turned_on
    page
    this_cpu r1
    str     r1, [r10, #MPIDR_1]
    mrs     r1, cpsr
    str     r1, [r10, #CPSR_1]
    str     r0, [r10, #CONTEXT]
    dsb
    sev
    until   MAY_GO, #1
    tell    MAY_GO, #0
    call_psci PSCI_CPU_OFF, #0
    b       .

/* The second one is turned on in Thumb. */
    guest turns_thumb_on
    page
    ldr     r4, =is_thumb + 1
    call_psci PSCI_CPU_ON, #1, r4
    until   CONTEXT, #5
    finish
    .thumb
    .balign 4
is_thumb:
    ldr     r2, =several_cpus_page
    movs    r0, #5
    str     r0, [r2, #CONTEXT]
    dsb
    sev
    b       .
    .arm

    guest turns_itself_off_while_another_goes_on
    page
    turn_on finishes_alone
    call_psci PSCI_CPU_OFF, #0
    b       .
    guest finishes_alone
1:  call_psci PSCI_AFFINITY_INFO, #0
    cmp     r0, #1                      @ off
    beq     2f
    let_run
    b       1b
2:  finish  #3

    guest both_turn_off
    page
    turn_on turns_off
    call_psci PSCI_CPU_OFF, #0
    b       .
    guest turns_off
    call_psci PSCI_CPU_OFF, #0
    b       .

/* CPU 0 turns off, CPU 1 turns it on again, and that finishes. */
    guest turns_off_and_is_turned_on_again
    page
    turn_on turns_the_first_on
    call_psci PSCI_CPU_OFF, #0
    b       .
    guest turns_the_first_on
1:  ldr     r4, =is_on_again
    call_psci PSCI_CPU_ON, #0, r4, #6
    cmp     r0, #0
    beq     .
    let_run
    b       1b
    guest is_on_again
    cmp     r0, #6
    bne     .
    finish  #4

    guest another_turns_the_machine_off
    page
    turn_on turns_the_machine_off
1:  wfi
    b       1b
    guest turns_the_machine_off
    call_psci PSCI_SYSTEM_OFF, #0
    b       .

    guest another_asks_for_nonsense
    page
    turn_on asks_for_nonsense
1:  yield
    b       1b
    guest asks_for_nonsense
    hvc     #0x99
    b       .

    guest another_loops
    page
    turn_on loops
    b       .
    guest loops
    b       .

    guest finishes_while_another_loops
    page
    turn_on tells_and_loops
    until   READY, #1
    finish
    guest tells_and_loops
    page
    tell    READY, #1
    b       .

    guest both_wait_for_ever
    page
    turn_on waits
1:  wfi
    b       1b
    guest waits
    wfi
    b       waits

    guest is_off_while_another_loops
    page
    turn_on loops
    call_psci PSCI_CPU_OFF, #0
    b       .

/* ---- ThumbEE's registers, of which each CPU has its own ---- */

/* The other one is turned on twice, and finds them as after a reset each time. What is wrong is in r7. */
    guest has_its_own_thumb_ee
    page
    mov     r7, #0
    expect_thumb_ee r7, #0, #0
    set_thumb_ee #1, #0x10000000
    turn_on has_its_own_thumb_ee_too
    until   READY, #1
    expect_thumb_ee r7, #1, #0x10000000
    mov     r5, #100
1:  let_run
    expect_thumb_ee r7, #1, #0x10000000
    subs    r5, r5, #1
    bne     1b
    tell    MAY_GO, #1
2:  call_psci PSCI_AFFINITY_INFO, #1
    cmp     r0, #1                      @ off
    beq     3f
    let_run
    b       2b
3:  turn_on has_its_own_thumb_ee_too
    until   READY, #2
    expect_thumb_ee r7, #1, #0x10000000
    ldr     r0, [r10, #WRONG]
    add     r7, r7, r0
    finish  r7

    guest has_its_own_thumb_ee_too
    page
    mov     r7, #0
    expect_thumb_ee r7, #0, #0
    set_thumb_ee #0, #0x20000000
    ldr     r5, [r10, #READY]
    add     r5, r5, #1
    ldr     r0, [r10, #WRONG]
    add     r0, r0, r7
    str     r0, [r10, #WRONG]
    tell    READY, r5
    until   MAY_GO, #1
    mov     r7, #0
    expect_thumb_ee r7, #0, #0x20000000
    ldr     r0, [r10, #WRONG]
    add     r0, r0, r7
    str     r0, [r10, #WRONG]
    dsb
    call_psci PSCI_CPU_OFF, #0
    b       .

/* ---- Interrupts ---- */

/* GICV with all groups and priorities, and SGIs and PPIs of this CPU in Group 0. */
    .macro start_interrupts
    ldr     r8, [r10, #GICD]
    ldr     r9, [r10, #GICC]
    mov     r0, #1
    str     r0, [r8]                    @ GICD_CTLR
    str     r0, [r9]                    @ GICC_CTLR
    mov     r0, #0xf8
    str     r0, [r9, #4]                @ GICC_PMR
    .endm
/* The next interrupt, into r6. */
    .macro take
9:  ldr     r6, [r9, #0xc]              @ GICC_IAR
    ubfx    r0, r6, #0, #10
    cmp     r0, #1020
    blo     8f
    wfi
    b       9b
8:
    .endm
    .macro end_it
    str     r6, [r9, #0x10]             @ GICC_EOIR
    .endm
    .macro expect value
    cmp     r6, \value
    ldrne   r0, [r10, #WRONG]
    addne   r0, r0, #1
    strne   r0, [r10, #WRONG]
    .endm
    .equ SGIR, 0xf00

/* CPU 0 sends SGI 0 to 15 in turn by list, CPU 1 answers each by the same to all others. */
    guest sends_and_is_answered
    page
    start_interrupts
    turn_on answers_each
    until   READY, #1
    mov     r7, #0
1:  and     r5, r7, #15
    orr     r1, r5, #(1 << 17)          @ to CPU 1, by list
    str     r1, [r8, #SGIR]
    take
    orr     r1, r5, #(1 << 10)          @ from CPU 1
    expect  r1
    end_it
    add     r7, r7, #1
    str     r7, [r10, #ROUNDS]
    cmp     r7, #1000
    bne     1b
    finish
    guest answers_each
    page
    start_interrupts
    mov     r7, #0
    tell    READY, #1
1:  take
    and     r1, r7, #15                 @ from CPU 0
    expect  r1
    end_it
    and     r5, r7, #15
    orr     r1, r5, #(1 << 24)          @ to all others
    str     r1, [r8, #SGIR]
    add     r7, r7, #1
    b       1b

/* Which of the same priority comes first is not defined (ARM IHI 0048B, 3.3). All 16 are sent before the other one takes any: there are fewer list registers. */
    guest sends_all_at_once
    page
    start_interrupts
    turn_on takes_all
    until   READY, #1
    mov     r7, #0
1:  orr     r1, r7, #(1 << 17)
    str     r1, [r8, #SGIR]
    add     r7, r7, #1
    cmp     r7, #16
    bne     1b
    tell    MAY_GO, #1
    until   ROUNDS, #16
    finish
    guest takes_all
    page
    start_interrupts
    tell    READY, #1
    until   MAY_GO, #1
    mov     r7, #0
    mov     r4, #0                      @ those that have come, a bit each
1:  take
    mov     r1, #1
    lsl     r1, r1, r6
    tst     r4, r1
    ldrne   r0, [r10, #WRONG]
    addne   r0, r0, #1
    strne   r0, [r10, #WRONG]
    orr     r4, r4, r1
    end_it
    add     r7, r7, #1
    tell    ROUNDS, r7
    cmp     r7, #16
    bne     1b
    b       .

/* A shared interrupt is CPU 1's; CPU 0 makes it pending, and sees what CPU 1 does with it. */
    guest sees_what_another_does
    page
    start_interrupts
    mov     r0, #2
    strb    r0, [r8, #(0x800 + SPI)]    @ GICD_ITARGETSR
    mov     r0, #(1 << (SPI - 32))
    str     r0, [r8, #0x104]            @ GICD_ISENABLER1
    turn_on takes_a_shared_one
    until   READY, #1
    mov     r0, #(1 << (SPI - 32))
    str     r0, [r8, #0x204]            @ GICD_ISPENDR1
    until   SPI_TAKEN, #SPI
    ldr     r0, [r8, #0x304]            @ GICD_ISACTIVER1
    str     r0, [r10, #ACTIVE_MEANWHILE]
    tell    MAY_END, #1
    until   MAY_END, #2
    ldr     r0, [r8, #0x304]
    str     r0, [r10, #ACTIVE_AFTER]
    finish
    guest takes_a_shared_one
    page
    start_interrupts
    tell    READY, #1
    take
    str     r6, [r10, #SPI_TAKEN]
    dsb
    sev
    until   MAY_END, #1
    end_it
    tell    MAY_END, #2
    b       .

/* A shared interrupt wakes CPU 1. CPU 0 computes, and never waits. */
    guest wakes_one_that_waits
    page
    start_interrupts
    mov     r0, #2
    strb    r0, [r8, #(0x800 + SPI)]    @ GICD_ITARGETSR
    mov     r0, #(1 << (SPI - 32))
    str     r0, [r8, #0x104]            @ GICD_ISENABLER1
    turn_on is_woken
    until   READY, #1
    let_run                             @ it waits now
    mov     r0, #(1 << (SPI - 32))
    str     r0, [r8, #0x204]            @ GICD_ISPENDR1
1:  yield
    ldr     r0, [r10, #SPI_TAKEN]
    cmp     r0, #SPI
    bne     1b
    finish
    guest is_woken
    page
    start_interrupts
    tell    READY, #1
    take
    end_it
    str     r6, [r10, #SPI_TAKEN]
    dsb
1:  wfi
    b       1b

/* Each has a timer of its own. CPU 0 computes, and never waits. */
    guest computes_while_another_waits_for_its_timer
    page
    start_interrupts
    turn_on waits_for_its_timer
    until   READY, #1
    let_run                             @ it waits now
1:  yield
    ldr     r0, [r10, #TIMER_TAKEN]
    cmp     r0, #TIMER
    bne     1b
    finish
    guest waits_for_its_timer
    page
    start_interrupts
    tell    READY, #1
    mov     r0, #(1 << TIMER)
    str     r0, [r8, #0x100]            @ GICD_ISENABLER0
    ldr     r0, =20000
    mcr     p15, 0, r0, c14, c3, 0      @ CNTV_TVAL
    mov     r0, #1
    mcr     p15, 0, r0, c14, c3, 1      @ CNTV_CTL
    isb
    take
    mov     r0, #0
    mcr     p15, 0, r0, c14, c3, 1
    isb
    end_it
    str     r6, [r10, #TIMER_TAKEN]
    dsb
1:  wfi
    b       1b

/* Both write and read the distributor as fast as they can, each its own words and the shared one. */
    guest writes_beside_another
    page
    start_interrupts
    turn_on writes_too
    until   READY, #1
    mov     r7, #0
1:  mov     r0, #(1 << 20)
    str     r0, [r8, #0x200]            @ GICD_ISPENDR0, its own
    ldr     r1, [r8, #0x200]
    tst     r1, r0
    ldreq   r2, [r10, #WRONG]
    addeq   r2, r2, #1
    streq   r2, [r10, #WRONG]
    str     r0, [r8, #0x280]            @ GICD_ICPENDR0
    add     r7, r7, #1
    str     r7, [r10, #ROUNDS]
    let_run
    cmp     r7, #200
    bne     1b
    finish
    guest writes_too
    page
    start_interrupts
    tell    READY, #1
1:  mov     r0, #(1 << 20)
    ldr     r1, [r8, #0x200]            @ never pending here
    tst     r1, r0
    ldrne   r2, [r10, #WRONG]
    addne   r2, r2, #1
    strne   r2, [r10, #WRONG]
    str     r0, [r8, #0x184]            @ GICD_ICENABLER1
    let_run
    b       1b

    .ltorg
    .balign 4096
    .global several_cpus_vms_end
several_cpus_vms_end:
