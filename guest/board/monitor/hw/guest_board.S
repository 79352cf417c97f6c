/* The clock in the guest's vectors, as guest_board.hpp has it. guest/board/alone/hw/guest_board.S has the same
   macros. */

/* At an exception's first instruction: nothing but `to` and TPIDRURW may change. */
    .macro read_clock_at_entry to
    mrc     p15, 0, \to, c9, c13, 0     @ PMCCNTR
    .endm

/* `scratch` may change. */
    .macro read_clock to, scratch
    mrc     p15, 0, \to, c9, c13, 0
    .endm

/* CNTVCT's words and the clock. */
    .macro read_count_and_clock low, high, clock
    mrrc    p15, 1, \low, \high, c14    @ CNTVCT
    mrc     p15, 0, \clock, c9, c13, 0  @ PMCCNTR
    .endm
