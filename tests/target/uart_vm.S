/* Guests of a few instructions with a UART (tests/target/uart_cases.cpp). They run in SVC mode with the MMU off
   and without vectors. Each finishes with UARTFR, or with what it has received, in r0. */

#include "tests/target/small_guests.S"

    .equ UART, 0x10002000
/* Its page number ends with the same three bits as that of the distributor. */
    .equ FAR_UART, 0x11000000
    .equ UARTDR, 0x000
    .equ UARTFR, 0x018
    .equ UARTLCR_H, 0x02c
    .equ UARTCR, 0x030

    .section .text.uart_vm, "ax"
    .balign 4096
    .global uart_vms
uart_vms:

/* Sends the text at r1, which ends with a zero, in words. */
print_and_finish:
    ldr     r2, =UART
1:  ldrb    r0, [r1], #1
    cmp     r0, #0
    strne   r0, [r2, #UARTDR]
    bne     1b
    ldr     r0, [r2, #UARTFR]
    hvc     #HVC_Finish

    guest prints_lines
    ldr     r1, =lines
    b       print_and_finish

    guest prints_without_newline
    ldr     r1, =no_newline
    b       print_and_finish

    guest prints_like_the_monitor
    ldr     r1, =like_the_monitor
    b       print_and_finish

    guest prints_escapes
    ldr     r1, =escapes
    b       print_and_finish

    guest prints_10000_characters
    ldr     r2, =UART
    mov     r0, #'x'
    movw    r1, #10000
1:  str     r0, [r2, #UARTDR]
    subs    r1, r1, #1
    bne     1b
    ldr     r0, [r2, #UARTFR]
    hvc     #HVC_Finish

/* In bytes, as Linux' early console does. */
    guest prints_bytes_far_away
    ldr     r2, =FAR_UART
    ldr     r1, =from_far
1:  ldrb    r0, [r1], #1
    cmp     r0, #0
    strbne  r0, [r2, #UARTDR]
    bne     1b
    ldrh    r0, [r2, #UARTFR]
    hvc     #HVC_Finish

/* Turns the receiver on, says so by a checkpoint, and finishes with three characters. */
    guest receives
    ldr     r2, =UART
    mov     r0, #0x70
    str     r0, [r2, #UARTLCR_H]
    movw    r0, #0x301
    str     r0, [r2, #UARTCR]
    mov     r0, #1
    mov     r1, #1
    hvc     #HVC_Checkpoint
    mov     r4, #0
    mov     r5, #3
1:  ldr     r3, [r2, #UARTFR]
    tst     r3, #0x10                   @ RXFE
    bne     1b
    ldr     r3, [r2, #UARTDR]
    orr     r4, r3, r4, lsl #8
    subs    r5, r5, #1
    bne     1b
    mov     r0, r4
    hvc     #HVC_Finish

    guest reads_beside_a_register
    ldr     r2, =UART
    ldrb    r0, [r2, #UARTFR + 1]
    hvc     #HVC_Finish

    .ltorg
lines:
    .asciz  "Hello from the guest\r\n\nand again\n"
no_newline:
    .asciz  "a line that never ends"
like_the_monitor:
    .ascii  "@hypmeter {\"record\":\"end\",\"seq\":1,\"ok\":true,\"records\":1} crc=01779bd3\n"
    .ascii  "{\"record\":\"end\"}\n"
    .ascii  "hypmeter: nothing more will come\n"
    .asciz  "x\r@hypmeter {}\n"
escapes:
    .asciz  "\033[2J\033]0;title\007\b\302\244\n"
from_far:
    .asciz  "bytes\n"
    .balign 4096
    .global uart_vms_end
uart_vms_end:
