#pragma once
// Random programs, from a seed: the instructions, and the registers that they begin with.

#include <array>
#include <cstdint>
#include <span>

#include "tests/target/random/layout.h"

namespace hm::target {

/// xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled",
/// 2016).
class Random {
  public:
    explicit constexpr Random(std::uint64_t seed)
        : state_(seed * 0x9E37'79B9'7F4A'7C15 ^ 0x2545'F491'4F6C'DD1D) {}

    constexpr std::uint32_t word() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return static_cast<std::uint32_t>((state_ * 0x2545'F491'4F6C'DD1D) >> 32);
    }
    /// One of `count` numbers, from 0 on.
    constexpr std::uint32_t below(std::uint32_t count) {
        return static_cast<std::uint32_t>((std::uint64_t{word()} * count) >> 32);
    }

  private:
    std::uint64_t state_;
};

/// `word`, which is an A32 instruction or the two halfwords of one of T32, but as a read where it
/// would write SCTLR, TTBR0, TTBR1, TTBCR, DACR, VBAR or FCSEIDR. After such a write the guest's
/// own vectors may be gone. Then each exception is followed by the next, no instruction is retired,
/// icount's clock stands still, and only the host could end the guest.
[[nodiscard]] constexpr std::uint32_t keep_vectors(std::uint32_t word) {
    constexpr std::uint32_t kIsRead = 1U << 20;
    const bool is_p15 = (word >> 8 & 0xF) == 15;
    const std::uint32_t crn = word >> 16 & 0xF;
    const std::uint32_t crm = word & 0xF;
    const bool is_mcr = is_p15 && (word >> 24 & 0xF) == 0xE && (word >> 4 & 1) == 1;
    const bool is_mcrr = is_p15 && (word >> 21 & 0x7F) == 0x62;
    const bool is_first = crm == 0 && (word >> 5 & 7) == 0;  // of SCTLR's group, and FCSEIDR's
    const bool governs = ((crn == 1 || crn == 13) && is_first) || crn == 2 || crn == 3 || crn == 12;
    return (is_mcr && governs) || (is_mcrr && crm == 2) ? word | kIsRead : word;
}

/// One program: of A32 or of T32 instructions, by chance. The last word of each segment is an SVC,
/// after which the guest gets new registers.
struct Program {
    static constexpr std::uint32_t kWords = RANDOM_CODE_BYTES / 4;
    static constexpr std::uint32_t kSegment = 8;
    static constexpr std::uint32_t kSteps = kWords - kWords / kSegment;  ///< words that are random
    bool is_thumb = false;
    std::array<std::uint32_t, kWords> code{};  ///< in memory's order: the low halfword comes first
};
void make_program(Random& random, Program& program);

/// What the guest begins with after an exception, in the order of vm.S.
struct RegisterBlock {
    std::uint32_t spsr, sp, lr, r[13];
};
static_assert(sizeof(RegisterBlock) == 64);

/// `windows`: where addresses lie that are not the guest's own to use, each with 1 MB behind it.
[[nodiscard]] RegisterBlock make_block(Random& random, bool is_thumb,
                                       std::span<const std::uint32_t> windows);

}  // namespace hm::target
