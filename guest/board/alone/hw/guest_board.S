/* The clock in the guest's vectors, as guest_board.hpp has it: guest/board/monitor/hw/guest_board.S has the same
   macros. The flags that they change are those of the handler, not of what was interrupted. */

    .equ    SURROUNDINGS, 0x800         @ kSurroundings: its first word is clock_is_pmu

    .macro read_clock to, scratch
    ldr     \to, =__guest_base + SURROUNDINGS
    ldr     \to, [\to]
    cmp     \to, #0
    mrrceq  p15, 1, \to, \scratch, c14  @ CNTVCT
    mrcne   p15, 0, \to, c9, c13, 0     @ PMCCNTR
    .endm

/* At an exception's first instruction: nothing but `to` and TPIDRURW may change. */
    .macro read_clock_at_entry to
    mcr     p15, 0, r1, c13, c0, 2      @ TPIDRURW
    read_clock \to, r1
    mrc     p15, 0, r1, c13, c0, 2
    .endm

/* CNTVCT's words and the clock. */
    .macro read_count_and_clock low, high, clock
    mrrc    p15, 1, \low, \high, c14
    ldr     \clock, =__guest_base + SURROUNDINGS
    ldr     \clock, [\clock]
    cmp     \clock, #0
    moveq   \clock, \low
    mrcne   p15, 0, \clock, c9, c13, 0
    .endm
