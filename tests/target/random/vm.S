/* The frame of the guest that executes random instructions (tests/target/random/session.cpp). Whatever they
   do ends in one of these vectors. From there the guest goes on behind the instruction that was at fault, with
   registers and a mode that nothing before has a say in. */

    .arch_extension virt
    .syntax unified
    .arm
    .fpu    neon-vfpv4

#include "tests/target/random/layout.h"
#define HYPERCALL(name, number) .equ HVC_##name, number
#include "measure/hypercalls.def"

    .equ ABT, 0x17

    .section .text.random_vm, "ax"
    .balign 4096
    .global random_vm
random_vm:
    b       elsewhere
    b       at_next                     @ undefined instruction
    b       at_next                     @ SVC
    b       at_fetch
    b       at_access
    b       elsewhere
    b       at_fetch                    @ IRQ
    b       at_fetch                    @ FIQ

/* r0: the instruction that is at fault. The return address of B1.8.3 (ARM DDI 0406C.d) is not the same for
   all exceptions, nor for both instruction sets. */
elsewhere:
    mov     r0, #0
    b       skip
at_next:
    mrs     r1, spsr
    tst     r1, #0x20
    subeq   r0, lr, #4
    subne   r0, lr, #2
    b       skip
at_access:
    sub     lr, lr, #4
at_fetch:
    sub     r0, lr, #4
skip:
    cps     #ABT
    mov     r1, #0
    mcr     p15, 0, r1, c14, c3, 1      @ CNTV_CTL: an interrupt that nobody handles ends here
    ldr     r2, =RANDOM_POSITION
    ldr     r3, [r2]
    sub     r4, r0, r3
    cmp     r4, #RANDOM_REACH
    movhs   r0, r3
    ldr     r4, =RANDOM_IS_THUMB
    ldr     r4, [r4]
    cmp     r4, #0
    addeq   r0, r0, #4
    beq     1f
    ldrh    r4, [r0]
    cmp     r4, #0xe800                 @ A6.1: from here on an instruction has 32 bits
    addlo   r0, r0, #2
    addhs   r0, r0, #4
1:
    str     r0, [r2]
    eor     r4, r0, r3
    bics    r4, r4, #63
    beq     go_on
    mov     r5, r0                      @ each line of 64 bytes is progress
    ldr     r4, =RANDOM_CODE
    sub     r0, r0, r4
    ldr     r1, =RANDOM_CODE_BYTES
    hvc     #HVC_Checkpoint
    mov     r0, r5
go_on:
    ldr     r1, =RANDOM_CODE + RANDOM_CODE_BYTES
    cmp     r0, r1
    ldrhs   r0, =RANDOM_DONE
    hvchs   #HVC_Finish
    ldr     r1, =RANDOM_BLOCKS
    ubfx    r2, r0, #2, #6
    add     r1, r1, r2, lsl #6
    ldmia   r1!, {r2-r4}
    msr     spsr_cxsf, r2
    mov     lr, r0
    msr     sp_svc, r3
    msr     lr_svc, r4
    msr     sp_usr, r3
    msr     lr_usr, r4
    msr     sp_irq, r3
    msr     sp_und, r3
    ldmia   r1, {r0-r12}
    movs    pc, lr
    .ltorg

/* The session enters the guest here. */
    .global random_vm_entry
random_vm_entry:
    ldr     r0, =RANDOM_TABLES
    mcr     p15, 0, r0, c2, c0, 0       @ TTBR0
    mov     r1, #0
    mcr     p15, 0, r1, c2, c0, 2       @ TTBCR: short descriptors
    mov     r1, #1
    mcr     p15, 0, r1, c3, c0, 0       @ DACR: domain 0 is a client
    adr     r1, random_vm
    mcr     p15, 0, r1, c12, c0, 0      @ VBAR
    mov     r1, #1 << 30
    vmsr    fpexc, r1
    mrc     p15, 0, r1, c1, c0, 0       @ SCTLR
    orr     r1, r1, #0x1000             @ I
    orr     r1, r1, #5                  @ C, M
    isb
    mcr     p15, 0, r1, c1, c0, 0
    isb
    cps     #ABT
    ldr     r2, =RANDOM_POSITION
    ldr     r0, [r2]
    mov     r3, r0
    b       go_on
    .ltorg

    .balign 4096
    .global random_vm_end
random_vm_end:
