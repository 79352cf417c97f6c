/* Every file with guests of a few instructions begins with this; their section follows. */

#include "drivers/cpu/hw/assembly.S"

#define HYPERCALL(name, number) .equ HVC_##name, number
#include "measure/hypercalls.def"

    .macro guest name
    .global \name
    .balign 4
\name:
    .endm
