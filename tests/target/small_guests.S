/* Every file with guests of a few instructions begins with this; their section follows. */

#include "drivers/cpu/hw/assembly.S"

#define HYPERCALL(name, number) .equ HVC_##name, number
#include "measure/hypercalls.def"

    .macro guest name
    .global \name
    .balign 4
\name:
    .endm

/* ThumbEE's registers (ARM DDI 0406C.d, A2.10.2). r0 and r1 are lost. */
    .macro set_thumb_ee control, handlers
    mov     r0, \control
    mov     r1, \handlers
    mcr     p14, 6, r0, c0, c0, 0       @ TEECR
    mcr     p14, 6, r1, c1, c0, 0       @ TEEHBR
    .endm
    .macro read_thumb_ee
    mrc     p14, 6, r0, c0, c0, 0
    mrc     p14, 6, r1, c1, c0, 0
    .endm
/* Adds one to `wrong` unless they are so. */
    .macro expect_thumb_ee wrong, control, handlers
    read_thumb_ee
    cmp     r0, \control
    cmpeq   r1, \handlers
    addne   \wrong, \wrong, #1
    .endm
