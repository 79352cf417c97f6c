#pragma once
// Named points between two stamps. They take nothing in an image that measures. A test image has a
// slot at each of them, with which a test proves that each layer is right.

namespace hm::cpu {

// A slot is a branch to its own end, and NOPs. A test that moves the branch down by n NOPs makes
// the point take n + 1 instructions (tests/system/points.cpp). Section .points lists the slots:
// address, point, bytes.
asm(".macro hypmeter_point point\n"
    "    .if \\point\n"
    ".Lslot\\@:\n"
    "    b       .Lslot_end\\@\n"
    "    .rept   15\n"
    "    nop\n"
    "    .endr\n"
    ".Lslot_end\\@:\n"
    "    .pushsection .points, \"\", %progbits\n"
    "    .word   .Lslot\\@, \\point, .Lslot_end\\@ - .Lslot\\@\n"
    "    .popsection\n"
    "    .endif\n"
    "    .endm");

/// `kPoint`: the number of the point (toolchain/image.cmake), or 0 in an image without slots. It is
/// one statement of three lines whatever the number, so that the compiler lays out everything else
/// alike in both kinds of images.
template <unsigned kPoint>
[[gnu::always_inline]] inline void nops() {
    asm volatile("hypmeter_point %c0\n\n" : : "i"(kPoint) : "memory");
}

}  // namespace hm::cpu
