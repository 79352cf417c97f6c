/* The first instructions of the guest that runs by itself, as Linux is booted (Linux, Documentation/arm/booting.rst):
   in SVC or HYP mode, with MMU and data caches off, and the device tree's address in r2. And the ways into a
   guest of this image and back. */

#include "drivers/cpu/hw/assembly.S"

    .equ MODE_SVC, 0x13
    .equ MODE_HYP, 0x1a
    .equ MASKED, 0x1c0                  @ A, I and F
    .equ R_ARM_RELATIVE, 23             @ AAELF32, 5.6.1.1

    .section .text.head, "ax"
    function alone_start
    .rept   8
    nop
    .endr
    b       begin
    .word   0x016f2818                  @ the magic number of a zImage
    .word   0                           @ begins wherever it is loaded
    .word   __image_file_end - . + 0x2c @ ends there; this word is at 0x2c

begin:
    cpsid   aif
    mrs     r0, cpsr
    and     r0, r0, #0x1f
    cmp     r0, #MODE_HYP
    beq     leave_hyp
in_svc:
    cpsid   aif, #MODE_SVC
    mov     r9, r2

/* It is linked at 0, so where it lies is what must be added. */
    adr     r4, alone_start
    ldr     r5, relocations
    ldr     r6, relocations + 4
    adr     r7, relocations
    add     r5, r5, r7
    add     r6, r6, r7
1:  cmp     r5, r6
    bhs     2f
    ldm     r5!, {r0, r1}
    and     r1, r1, #0xff
    cmp     r1, #R_ARM_RELATIVE
    ldreq   r1, [r4, r0]
    addeq   r1, r1, r4
    streq   r1, [r4, r0]
    b       1b
2:  dsb                                 @ the words are in memory (B2.2.9)
    mov     r0, #0
    mcr     p15, 0, r0, c7, c5, 0       @ ICIALLU: words among the instructions have changed (B2.2.6)
    mcr     p15, 0, r0, c7, c5, 6       @ BPIALL
    dsb
    isb

    ldr     r0, =__bss_start
    ldr     r1, =__session_end
    mov     r2, #0
3:  cmp     r0, r1
    strlo   r2, [r0], #4
    blo     3b
    ldr     sp, =__session_stack_top
    ldr     r0, =session_vectors
    mcr     p15, 0, r0, c12, c0, 0      @ VBAR
    isb
    mov     r0, r9
    bl      alone_main

relocations:
    .word   __relocations_begin - .
    .word   __relocations_end - . + 4

/* A board's own loader enters HYP mode. Nothing in HYP is used: PL1 gets all that there is, and a hypercall returns
   at once. Each register that could trap is written, since it is UNKNOWN after a reset (ARM DDI 0406C.d, B4.1). */
leave_hyp:
    mov     r0, #0
    mcr     p15, 4, r0, c1, c1, 0       @ HCR
    mcr     p15, 4, r0, c1, c1, 3       @ HSTR
    mcrr    p15, 4, r0, r0, c14         @ CNTVOFF
    mcrr    p15, 6, r0, r0, c2          @ VTTBR: VMID 0
    ldr     r1, =0x33ff                 @ HCPTR: bits that are one (B4.1.60)
    mcr     p15, 4, r1, c1, c1, 2
    mrc     p15, 4, r1, c14, c1, 0      @ CNTHCTL: PL1 may use the physical counter and timer (B8.1.1)
    orr     r1, r1, #3
    mcr     p15, 4, r1, c14, c1, 0
    mrc     p15, 4, r1, c1, c1, 1       @ HDCR: no traps, and all counters to PL1 (B4.1.62)
    and     r1, r1, #0x1f
    mcr     p15, 4, r1, c1, c1, 1
    mrc     p15, 0, r1, c0, c0, 0       @ MIDR
    mcr     p15, 4, r1, c0, c0, 0       @ VPIDR
    mrc     p15, 0, r1, c0, c0, 5       @ MPIDR
    mcr     p15, 4, r1, c0, c0, 5       @ VMPIDR
    adr     r1, hyp_vectors
    mcr     p15, 4, r1, c12, c0, 0      @ HVBAR
    ldr     r1, =0x00c50078             @ SCTLR: everything off; bits that are one (B4.1.130)
    mcr     p15, 0, r1, c1, c0, 0
    mov     r1, #(MASKED | MODE_SVC)
    msr     spsr_cxsf, r1
    adr     r1, in_svc
    msr     elr_hyp, r1
    eret
    .ltorg

    .balign 32
hyp_vectors:
    b       .
    b       .
    b       .
    b       .
    b       .
    b       hyp_call
    b       .
    b       .
hyp_call:
    mvn     r0, #0                      @ NOT_SUPPORTED (ARM DEN 0028B, "Return codes")
    eret

/* The session's own vectors. Of the exceptions one is expected: a call that nobody answers. */
    .balign 32
session_vectors:
    b       .
    b       session_undefined
    b       .
    b       session_prefetch_abort
    b       session_data_abort
    b       .
    b       .
    b       .

session_undefined:
    adr     r12, answered
    cmp     lr, r12                     @ the instruction after the call
    bne     1f
    mvn     r0, #0                      @ NOT_SUPPORTED
    movs    pc, lr
1:  sub     r0, lr, #4
    mov     r1, #1
    b       session_exception
session_prefetch_abort:
    sub     r0, lr, #4
    mov     r1, #3
    b       session_exception
session_data_abort:
    sub     r0, lr, #8
    mov     r1, #4
session_exception:
    cps     #MODE_SVC
    ldr     sp, =__session_stack_top
    b       alone_exception             @ [[noreturn]] (pc, vector)

/* uint32_t offer_call(r0, r1, r2, r3): HVC #0 with these; -1 if nothing answers it. */
    function offer_call
    hvc     #0
answered:
    bx      lr
    .ltorg

/* uint32_t run_guest(): runs the guest from its first instruction until it leaves; how it ended. */
    .text
    function run_guest
    push    {r4-r12, lr}
    ldr     r0, =session_sp
    str     sp, [r0]
    b       _start                      @ guest/hw/start.S

/* The caches are turned off and cleaned without a store in between (ARM DDI 0406C.d, B2.2.3). By address, since a
   hypervisor may trap maintenance by set and way: all that the guest has mapped. Then the session goes on, whose
   memory has never been in a cache, nor is it mapped in the guest. */
    function leave_guest
    cpsid   aif
    mov     r10, r0
    mov     r0, #0
    mcr     p15, 0, r0, c14, c3, 1      @ CNTV_CTL
    mrc     p15, 0, r1, c0, c0, 1       @ CTR
    ubfx    r1, r1, #16, #4
    mov     r2, #4
    lsl     r2, r2, r1                  @ bytes of a line (B4.1.42)
    mrc     p15, 0, r0, c1, c0, 0       @ SCTLR
    bic     r0, r0, #0x1000             @ I
    bic     r0, r0, #5                  @ C and M
    dsb
    mcr     p15, 0, r0, c1, c0, 0
    isb
    ldr     r4, =__image_start
    ldr     r5, =__image_end
    ldr     r6, =guest_memory
    ldr     r7, [r6, #4]
    ldr     r6, [r6]
    ldr     r8, =session_sp
    ldr     r8, [r8]
    sub     r3, r2, #1
    bic     r4, r4, r3
    bic     r6, r6, r3
1:  mcr     p15, 0, r4, c7, c14, 1      @ DCCIMVAC
    add     r4, r4, r2
    cmp     r4, r5
    blo     1b
2:  mcr     p15, 0, r6, c7, c14, 1
    add     r6, r6, r2
    cmp     r6, r7
    blo     2b
    dsb
    mov     r0, #0
    mcr     p15, 0, r0, c7, c5, 0       @ ICIALLU
    mcr     p15, 0, r0, c7, c5, 6       @ BPIALL
    mcr     p15, 0, r0, c8, c7, 0       @ TLBIALL: the next guest has other tables (B3.10.1)
    dsb
    isb
    ldr     r0, =session_vectors
    mcr     p15, 0, r0, c12, c0, 0      @ VBAR
    isb
    mov     sp, r8
    mov     r0, r10
    pop     {r4-r12, pc}
    .ltorg

    .section .sbss.session, "aw", %nobits
    .balign 8
    .global guest_memory
guest_memory:                           @ begin and end of what the guest uses besides its image
    .space  8
session_sp:
    .space  4
