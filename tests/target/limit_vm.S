/* Guests that try what lies just beyond their limits, or that look at what they have set
   (tests/target/limit_cases.cpp). They run in SVC mode with the MMU off and without vectors, and finish with
   what they found in r0. */

#include "tests/target/small_guests.S"

    .equ DEMAND, 0x60000000
    .equ GICD, 0x08000000
    .equ GICC, 0x08010000
    .equ TIMER, 27

    .section .text.limit_vm, "ax"
    .balign 4096
    .global limit_vms
limit_vms:

/* CNTP_CTL: a guest has the virtual timer only (CNTHCTL.PL1PCEN). */
    guest reads_physical_timer
    mrc     p15, 0, r1, c14, c2, 1
    mov     r0, #0
    hvc     #HVC_Finish

/* The only page that it has on demand, and the one behind it. */
    guest reads_beyond_its_demand
    mov     r0, #DEMAND
    ldr     r1, [r0]
    add     r0, r0, #4096
    ldr     r1, [r0]
    mov     r0, #0
    hvc     #HVC_Finish

/* Gives its timer's interrupt a priority, acknowledges it, and finishes with the running priority. */
    guest reads_running_priority
    mov     r4, #GICD
    ldr     r5, =GICC
    mov     r0, #0x40
    strb    r0, [r4, #0x400 + TIMER]    @ GICD_IPRIORITYR
    mov     r0, #1 << TIMER
    str     r0, [r4, #0x100]            @ GICD_ISENABLER0
    mov     r0, #3
    str     r0, [r4, #0x000]            @ GICD_CTLR: both groups
    mov     r0, #0xf0
    str     r0, [r5, #0x004]            @ GICC_PMR
    mov     r0, #7
    str     r0, [r5, #0x000]            @ GICC_CTLR: both groups, AckCtl
    mov     r0, #0
    mcr     p15, 0, r0, c14, c3, 0      @ CNTV_TVAL
    mov     r0, #1
    mcr     p15, 0, r0, c14, c3, 1      @ CNTV_CTL
1:  ldr     r0, [r5, #0x00c]            @ GICC_IAR
    ubfx    r0, r0, #0, #10
    cmp     r0, #TIMER
    bne     1b
    ldr     r0, [r5, #0x014]            @ GICC_RPR
    hvc     #HVC_Finish

    .ltorg
    .balign 4096
    .global limit_vms_end
limit_vms_end:
