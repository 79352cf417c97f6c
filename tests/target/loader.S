/* Stands for a boot loader on vexpress-a15, where every image begins in Secure SVC: brings the core into the
   state that its symbol names and enters the image that lies in memory already. ARM DDI 0406C.d.
   LOADER_GO: Secure SVC, long descriptors, MMU and caches on, as U-Boot's `go` leaves them.
   LOADER_NON_SECURE_SVC: as `go` of some older U-Boot.
   LOADER_BOOTM: HYP, with all interrupts in Group 1. */

    .arch_extension sec
    .arch_extension virt
    .syntax unified
    .arm


    .equ IMAGE, 0x80200000
    .equ GICD, 0x2c001000
    .equ GICC, 0x2c002000
    .equ SVC_MASKED, 0x1d3
    .equ HYP_MASKED, 0x1da

    .text
    .global _start
_start:
    ldr     sp, =stack_top
    .ifdef  LOADER_GO
    ldr     r0, =level1
    mov     r1, #0
    mcrr    p15, 0, r0, r1, c2          @ TTBR0
    ldr     r0, =0x0000ff00             @ attribute 0 strongly ordered, 1 write-back: B4.1.104
    mcr     p15, 0, r0, c10, c2, 0      @ MAIR0
    mov     r0, #0x80000000             @ EAE, from level 1
    mcr     p15, 0, r0, c2, c0, 2       @ TTBCR
    mcr     p15, 0, r0, c8, c7, 0       @ TLBIALL
    dsb
    isb
    mrc     p15, 0, r0, c1, c0, 0       @ SCTLR
    ldr     r1, =0x1805                 @ I, Z, C and M
    orr     r0, r0, r1
    mcr     p15, 0, r0, c1, c0, 0
    isb
    mov     r0, #1                      @ argc, argv
    ldr     r1, =0x80000000
    mov     r2, #0
    ldr     pc, =IMAGE
    .else
    ldr     r0, =monitor_vectors
    mcr     p15, 0, r0, c12, c0, 1      @ MVBAR
    ldr     r0, =GICD
    mov     r2, #-1
    str     r2, [r0, #0x80]             @ IGROUPR
    str     r2, [r0, #0x84]
    str     r2, [r0, #0x88]
    str     r2, [r0, #0x8c]
    mov     r1, #3
    str     r1, [r0]                    @ GICD_CTLR
    ldr     r0, =GICC
    str     r1, [r0]                    @ GICC_CTLR
    mov     r2, #0xff
    str     r2, [r0, #4]                @ PMR
    ldr     r0, =0xc00
    mcr     p15, 0, r0, c1, c1, 2       @ NSACR
    isb
    smc     #0
    mov     r0, #0
    mov     r1, #0
    mov     r2, #0
    ldr     pc, =IMAGE

    .balign 32
monitor_vectors:
    nop
    nop
    .ifdef  LOADER_BOOTM
    mov     r0, #0x101                  @ SCR: HCE, NS; SCD stays clear, as U-Boot leaves it
    mov     r1, #HYP_MASKED
    .else
    mov     r0, #0x001
    mov     r1, #SVC_MASKED
    .endif
    mcr     p15, 0, r0, c1, c1, 0
    isb
    msr     spsr_cxsf, r1
    movs    pc, lr
    .endif
    .ltorg

/* Four gigabytes, each at its own address: devices in the lower half, memory in the upper one. Block, AF,
   and for memory inner shareable and attribute 1: B3.6.1, B3.6.2. */
    .balign 32
level1:
    .quad   0x00000401, 0x40000401, 0x80000705, 0xc0000705

    .bss
    .balign 8
    .space  256
stack_top:
