/* Every file of assembly begins with this. */
    .arch_extension sec
    .arch_extension virt
    .syntax unified
    .arm

/* A function that C++ calls or refers to: the linker must know that it is A32 (AAELF32, "Symbol Types"). */
    .macro function name
    .global \name
    .type   \name, %function
\name:
    .endm

/* NOPs at a named point: none, except in images that prove the attribution of layers (toolchain/image.cmake). */
    .macro nops count
    .rept   \count
    nop
    .endr
    .endm
