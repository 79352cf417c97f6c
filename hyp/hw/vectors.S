/* HYP's vectors (ARM DDI 0406C.d, B1.8.1). Each saves the registers that a function may change (AAPCS)
   and calls one C++ function. HYP runs with interrupts masked, so exceptions do not nest. */

#include "drivers/cpu/hw/assembly.S"
#include "drivers/pmu/hw/stamp_barrier.hpp"

#define HYPERCALL(name, number) .equ HVC_##name, number
#include "measure/hypercalls.def"

/* HSR of HVC, without its immediate: exception class 0x12, a 32-bit instruction (B3.13.6). C++ checks it
   (hyp/hw/hypercalls.cpp). */
    .equ HSR_HVC, (0x12 << 26) | (1 << 25)

    .macro vectors name, trap, irq, fiq
    .balign 32
    .global \name
\name:
    b       fault_reset
    b       fault_undefined
    b       fault_hvc
    b       fault_prefetch_abort
    b       fault_data_abort
    \trap
    b       \irq
    b       \fiq
    .endm

    .section .text.vectors, "ax"
    vectors hyp_vectors, "b trap", irq, fiq
    vectors hyp_vectors_null, "b trap_or_null", irq, fiq
    vectors hyp_vectors_stamped, "b trap", irq_stamped, fiq_stamped
    vectors hyp_vectors_companion, "b trap", irq, fiq_stamped
    vectors hyp_vectors_faults, "b trap_stamped", irq, fiq
    vectors hyp_vectors_watched, "b trap_watched", irq_watched, fiq_watched
    vectors hyp_vectors_counted, "b trap_counted", irq_counted, fiq_counted
    vectors hyp_vectors_only, "eret", irq_in_vector_only, fiq_in_vector_only
/* Where the HYP timer cannot be an FIQ (hyp/core/cpu.hpp, TimerRoute). */
    vectors hyp_vectors_irq, "b trap", irq_or_tick, fiq
    vectors hyp_vectors_irq_null, "b trap_or_null", irq_or_tick, fiq
    vectors hyp_vectors_irq_stamped, "b trap", irq_or_tick_stamped, fiq
    vectors hyp_vectors_irq_faults, "b trap_stamped", irq_or_tick, fiq
    vectors hyp_vectors_irq_watched, "b trap_watched", irq_or_tick_watched, fiq
    vectors hyp_vectors_irq_counted, "b trap_counted", irq_or_tick_counted, fiq

    .macro return_from_trap
    pop     {r0-r12, lr}
    eret
    .endm

/* By its class, which is in the upper six bits of HSR. Each handler takes HSR and the frame. */
trap:
    push    {r0-r12, lr}
    mrc     p15, 4, r0, c5, c2, 0       @ HSR
    ldr     r2, =hyp_traps
    lsr     r3, r0, #26
    mov     r1, sp
    ldr     r2, [r2, r3, lsl #2]
    blx     r2
    return_from_trap

/* For the guest that measures hypercalls: one that does nothing ends here. */
trap_or_null:
    push    {r0, r1}
    mrc     p15, 4, r0, c5, c2, 0       @ HSR
    sub     r1, r0, #HSR_HVC
    cmp     r1, #HVC_Null
    pop     {r0, r1}
    ereteq
    b       trap

/* Only faults are stamped. The first reading needs no ISB: taking an exception synchronizes the context
   (A3.8.3), and the stores to the stack before it are not waited for. */
trap_stamped:
    push    {r0-r12, lr}
    nops    NOPS_HYP_FAULT_VECTOR
    mrc     p15, 0, r2, c9, c13, 0      @ PMCCNTR
    nops    NOPS_HYP_FAULT_ENTRY
    mrc     p15, 4, r0, c5, c2, 0       @ HSR
    mov     r1, sp
    bl      hyp_trap_stamped
    HYPMETER_STAMP_ISB                  @ see pmu::stamp (A3.8.3)
    mrc     p15, 0, r2, c9, c13, 0      @ PMCCNTR
    str     r2, [r0]
    nops    NOPS_HYP_FAULT_RETURN
    return_from_trap

    .macro timed_trap name, function
\name:
    push    {r0-r12, lr}
    mrc     p15, 0, r2, c9, c13, 0      @ PMCCNTR
    mrc     p15, 4, r0, c5, c2, 0       @ HSR
    mov     r1, sp
    bl      \function
    return_from_trap
    .endm

/* How long interrupts are masked is watched (hyp/hw/masked.cpp). */
    timed_trap trap_watched, hyp_trap_watched
/* Exits are counted by their reasons (hyp/hw/counted_exits.cpp). */
    timed_trap trap_counted, hyp_trap_counted

    .macro handler name, function
\name:
    push    {r0-r3, r12, lr}
    bl      \function
    pop     {r0-r3, r12, lr}
    eret
    .endm

    handler irq, hyp_irq

/* The HYP timer may switch to another guest, so every register is saved. */
    .macro handler_of_timer name, function
\name:
    push    {r0-r12, lr}
    mov     r0, sp
    bl      \function
    return_from_trap
    .endm

    handler_of_timer fiq, hyp_fiq
    handler_of_timer irq_or_tick, hyp_irq_or_tick
    handler_of_timer irq_in_vector_only, hyp_irq_in_vector_only
    handler_of_timer fiq_in_vector_only, hyp_fiq_in_vector_only

/* Both clocks are read as early as possible. The handler returns the address to which PMCCNTR is stored
   as late as possible. `registers`: to save. The timer, whose
   handler takes the frame, needs all. */
    .macro stamped_handler name, function, registers, frame
\name:
    push    \registers
    nops    NOPS_HYP_VECTOR
    mrrc    p15, 0, r2, r3, c14         @ CNTPCT
    mrc     p15, 0, r1, c9, c13, 0      @ PMCCNTR
    nops    NOPS_HYP_ENTRY
    .ifnb   \frame
    mov     r0, sp
    .endif
    bl      \function
    nops    NOPS_HYP_EXIT
    HYPMETER_STAMP_ISB                  @ see pmu::stamp (A3.8.3)
    mrc     p15, 0, r2, c9, c13, 0      @ PMCCNTR
    str     r2, [r0]
    nops    NOPS_HYP_RETURN
    pop     \registers
    eret
    .endm

    stamped_handler irq_stamped, hyp_irq_stamped, "{r0-r3, r12, lr}"
    stamped_handler fiq_stamped, hyp_fiq_stamped, "{r0-r12, lr}", frame
    stamped_handler irq_or_tick_stamped, hyp_irq_or_tick_stamped, "{r0-r12, lr}", frame
    stamped_handler irq_watched, hyp_irq_watched, "{r0-r3, r12, lr}"
    stamped_handler fiq_watched, hyp_fiq_watched, "{r0-r12, lr}", frame
    stamped_handler irq_or_tick_watched, hyp_irq_or_tick_watched, "{r0-r12, lr}", frame
    stamped_handler irq_counted, hyp_irq_counted, "{r0-r3, r12, lr}"
    stamped_handler fiq_counted, hyp_fiq_counted, "{r0-r12, lr}", frame
    stamped_handler irq_or_tick_counted, hyp_irq_or_tick_counted, "{r0-r12, lr}", frame

/* Faults of the monitor itself. Its stack may be the cause, so they have a stack of their own. */
    .macro hyp_fault_vector name, cause
\name:
    mcr     p15, 4, sp, c13, c0, 2      @ HTPIDR keeps the stack pointer
    ldr     sp, =__fault_stack_top
    push    {r0-r12, lr}
    mov     r0, #\cause
    mov     r1, sp
    b       hyp_fault
    .endm

    hyp_fault_vector fault_reset, 0
    hyp_fault_vector fault_undefined, 1
    hyp_fault_vector fault_hvc, 2
    hyp_fault_vector fault_prefetch_abort, 3
    hyp_fault_vector fault_data_abort, 4
    .ltorg

/* std::uint32_t enter_guest(std::uint32_t pc, std::uint32_t cpsr, std::uint32_t* stack_pointer,
   std::uint32_t r0): leaves HYP's stack pointer there, and returns what leave_guest is given. */
    .section .text, "ax"
    function enter_guest
    push    {r4-r12, lr}
    str     sp, [r2]
    msr     elr_hyp, r0
    msr     spsr_cxsf, r1               @ SPSR_hyp, by the name that HYP itself must use (B9.2.3)
    clrex                               @ a reservation of the monitor must not outlive this
    mov     r0, r3
    .irp    register, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, lr
    mov     \register, #0
    .endr
    eret

/* [[noreturn]] void leave_guest(std::uint32_t why, std::uint32_t stack_pointer): from any handler back to
   the caller of enter_guest. */
    function leave_guest
    mov     sp, r1
    pop     {r4-r12, pc}
