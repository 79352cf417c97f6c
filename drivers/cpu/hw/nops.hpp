#pragma once
// NOPs at named points between two stamps, by which a test proves that each layer is told right.

namespace hm::cpu {

/// `kCount` instructions that do nothing; none in an image that measures.
template <unsigned kCount>
[[gnu::always_inline]] inline void nops() {
    // One by one, so that the compiler knows how far its branches go.
    if constexpr (kCount != 0) {
        asm volatile("nop" : : : "memory");
        nops<kCount - 1>();
    }
}

}  // namespace hm::cpu
