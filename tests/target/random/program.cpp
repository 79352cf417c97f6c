#include "tests/target/random/program.hpp"

#include "drivers/cpu/registers.hpp"

namespace hm::target {

// Writes of SCTLR, VBAR and TTBR0 become reads; TLBIALL and a write of TPIDRURW stay.
static_assert(keep_vectors(0xEE01'0F10) == 0xEE11'0F10 &&
              keep_vectors(0xEE0C'0F10) == 0xEE1C'0F10 && keep_vectors(0xEC41'0F02) == 0xEC51'0F02);
static_assert(keep_vectors(0xEE08'0F17) == 0xEE08'0F17 && keep_vectors(0xEE0D'0F50) == 0xEE0D'0F50);

namespace {

/// Three of four instructions are always executed: with a random condition half of them would not
/// be.
std::uint32_t a32_instruction(Random& random) {
    constexpr std::uint32_t kAlways = 0xE;
    const std::uint32_t word = random.word();
    return random.below(4) == 0 ? word : (word & 0x0FFF'FFFF) | kAlways << 28;
}

constexpr std::uint32_t swapped_halves(std::uint32_t word) { return word << 16 | word >> 16; }

/// Wherever an instruction of T32 may begin, at each halfword. A change may make another pair of
/// halfwords such a write, so this is done until nothing changes.
void keep_vectors_in_t32(std::span<std::uint32_t> code) {
    const auto pair_at = [&code](std::size_t half) {
        const std::uint32_t word = code[half / 2];
        return half % 2 == 0 ? swapped_halves(word)
                             : (word & 0xFFFF'0000) | (code[half / 2 + 1] & 0xFFFF);
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t half = 0; half + 1 < 2 * code.size(); ++half) {
            const std::uint32_t pair = pair_at(half);
            const std::uint32_t kept = keep_vectors(pair);
            if (pair != kept) {
                // The bit that makes it a read is in the first halfword.
                code[half / 2] |= half % 2 == 0 ? kept >> 16 : kept & 0xFFFF'0000;
                changed = true;
            }
        }
    }
}

/// An address in `bytes` bytes from `begin` on; one in eight is not aligned.
std::uint32_t address_in(Random& random, std::uint32_t begin, std::uint32_t bytes) {
    const std::uint32_t offset = random.below(bytes);
    return begin + (random.below(8) == 0 ? offset : offset & ~3U);
}

std::uint32_t register_value(Random& random, std::span<const std::uint32_t> windows) {
    switch (random.below(16)) {
        case 0:
            return random.word();
        case 1:
            return random.below(256);
        case 2:
            return address_in(random, RANDOM_CODE, RANDOM_CODE_BYTES);
        case 3: {
            // Half of them at the beginning of a page, where registers are.
            const std::uint32_t window =
                windows[random.below(static_cast<std::uint32_t>(windows.size()))];
            const std::uint32_t page = random.below(256) << 12;
            return address_in(random, window + page, random.below(2) == 0 ? 0x200 : 0x1000);
        }
        default:
            return address_in(random, RANDOM_DATA, RANDOM_DATA_BYTES);
    }
}

/// Half of the time SVC mode, else any other in which PL1 or PL0 can be.
std::uint32_t random_spsr(Random& random, bool is_thumb) {
    constexpr std::array kModes{cpu::Mode::kUsr, cpu::Mode::kUsr, cpu::Mode::kUsr, cpu::Mode::kSys,
                                cpu::Mode::kIrq, cpu::Mode::kFiq, cpu::Mode::kAbt, cpu::Mode::kUnd};
    constexpr std::uint32_t kFlagsAndMasks = 0xF80F'01C0;  // N to Q, GE, A, I, F
    constexpr std::uint32_t kThumb = 1U << 5;
    constexpr std::uint32_t kBigEndian = 1U << 9;
    const cpu::Mode mode = random.below(2) == 0 ? cpu::Mode::kSvc : kModes[random.below(8)];
    return cpu::Psr::from(random.word() & kFlagsAndMasks).with(cpu::Psr::kMode, mode).raw |
           (is_thumb ? kThumb : 0) | (random.below(16) == 0 ? kBigEndian : 0);
}

}  // namespace

void make_program(Random& random, Program& program) {
    constexpr std::uint32_t kSvc = 0xEF00'0000;
    constexpr std::uint32_t kSvcOfT32 = 0xDF00'DF00;
    program.is_thumb = random.below(2) == 1;
    for (std::uint32_t i = 0; i < Program::kWords; ++i) {
        const bool ends = i % Program::kSegment == Program::kSegment - 1;
        if (program.is_thumb) {
            program.code[i] = ends ? kSvcOfT32 : random.word();
        } else {
            program.code[i] = ends ? kSvc : keep_vectors(a32_instruction(random));
        }
    }
    if (program.is_thumb) {
        keep_vectors_in_t32(program.code);
    }
}

RegisterBlock make_block(Random& random, bool is_thumb, std::span<const std::uint32_t> windows) {
    RegisterBlock block{.spsr = random_spsr(random, is_thumb),
                        .sp = address_in(random, RANDOM_DATA, RANDOM_DATA_BYTES),
                        .lr = register_value(random, windows),
                        .r = {}};
    for (std::uint32_t& one : block.r) {
        one = register_value(random, windows);
    }
    return block;
}

}  // namespace hm::target
