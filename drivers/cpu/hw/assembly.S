/* What every file of assembly begins with. */
    .arch_extension sec
    .arch_extension virt
    .syntax unified
    .arm

/* One that C++ knows, too: the linker must be told that it is A32 (AAELF32, "Symbol Types"). */
    .macro function name
    .global \name
    .type   \name, %function
\name:
    .endm

/* NOPs at a named point: none but in images that prove the attribution of layers (toolchain/image.cmake). */
    .macro nops count
    .rept   \count
    nop
    .endr
    .endm
