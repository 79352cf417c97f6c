/* NOPs at a named point: none but in images that prove the attribution of layers (toolchain/image.cmake). */
    .macro nops count
    .rept   \count
    nop
    .endr
    .endm
