#pragma once
// NOPs at named points between two stamps, by which a test proves that each layer is told right.

namespace hm::cpu {

/// `kCount` instructions that do nothing; none in an image that measures. One statement whatever
/// the number, so that the compiler places everything else alike; it does not know how long that
/// is, so that some dozens are the most that its short branches reach over.
template <unsigned kCount>
[[gnu::always_inline]] inline void nops() {
    asm volatile(".rept %c0\n\tnop\n\t.endr" : : "i"(kCount) : "memory");
}

}  // namespace hm::cpu
