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

/* A named point, as in nops.hpp: nothing where its number is 0, else a slot. */
    .macro nops point
    .if \point
.Lslot\@:
    b       .Lslot_end\@
    .rept   15
    nop
    .endr
.Lslot_end\@:
    .pushsection .points, "", %progbits
    .word   .Lslot\@, \point, .Lslot_end\@ - .Lslot\@
    .popsection
    .endif
    .endm
