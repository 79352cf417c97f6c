#pragma once
// NOPs at named points between two stamps. With them a test proves that each layer is right.

namespace hm::cpu {

/// `kCount` instructions that do nothing; none in an image that measures. It is one statement
/// whatever the number, so that the compiler lays out everything else alike. The compiler does not
/// know how long the statement is: more than some dozens may be too far for its short branches.
template <unsigned kCount>
[[gnu::always_inline]] inline void nops() {
    asm volatile(".rept %c0\n\tnop\n\t.endr" : : "i"(kCount) : "memory");
}

}  // namespace hm::cpu
