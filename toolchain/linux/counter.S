/* A program for Linux that prints the virtual counter and its frequency, as
   "0x000000004fe1c3a2 0x000000003b9aca00": the kernel's clocks start only once it has found the counter, and
   a stamp must tell the time since reset. Linux lets programs read both (CNTKCTL.PL0VCTEN). ARM DDI 0406C.d. */

    .syntax unified
    .arch   armv7-a
    .arm

    .equ EXIT, 1                        @ Linux, arch/arm/tools/syscall.tbl
    .equ WRITE, 4
    .equ STDOUT, 1

    .data
line:
    .ascii  "0x"
counter_digits:
    .ascii  "0000000000000000 0x"
frequency_digits:
    .ascii  "0000000000000000\n"
    .equ LINE_SIZE, . - line

    .text
    .global _start
_start:
    mrrc    p15, 1, r4, r5, c14         @ CNTVCT: B8.1.2
    mrc     p15, 0, r6, c14, c0, 0      @ CNTFRQ
    ldr     r0, =counter_digits
    mov     r1, r5
    bl      digits
    mov     r1, r4
    bl      digits
    ldr     r0, =frequency_digits
    mov     r1, #0
    bl      digits
    mov     r1, r6
    bl      digits
    mov     r0, #STDOUT
    ldr     r1, =line
    mov     r2, #LINE_SIZE
    mov     r7, #WRITE
    svc     #0
    mov     r0, #0
    mov     r7, #EXIT
    svc     #0

    @ Writes r1 in eight digits at r0, and moves r0 behind them.
digits:
    mov     r2, #8
1:  lsr     r3, r1, #28
    cmp     r3, #10
    addlo   r3, r3, #'0'
    addhs   r3, r3, #'a' - 10
    strb    r3, [r0], #1
    lsl     r1, r1, #4
    subs    r2, r2, #1
    bne     1b
    bx      lr
    .ltorg
