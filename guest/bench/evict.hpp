#pragma once
// Drives all else out of a core's caches and TLBs: reads much memory, and runs much code.
//
// One word of each line of 4 MB goes through a data cache and an L2 cache of 1 MB. Cortex-A15's has
// 16 ways (TRM 7.1), so 64 new lines come into each set: even where the line to replace is random,
// (15/16)^64, which is 1.6 %, of the old ones stay. These are 1,024 pages of 4 KB, and its L2 TLB
// has 512 entries (TRM 5.2). An instruction cache need not lose what L2 loses (TRM 7.1 promises it
// only of the data cache), so code is run too: one branch per line of 256 KB, eight times the
// instruction cache (TRM 6.1), in 64 pages, twice what its TLB holds.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "guest/bench/machine.hpp"
#include "measure/workload/chase_places.hpp"

namespace hm::guest {

/// `load` reads the word at an address. `run` calls ARM code there, which returns.
template <class M>
concept EvictMachine = requires(M& machine, std::uintptr_t address) {
    machine.load(address);
    machine.run(address);
};

/// Memory that is kept for it: whole pages of data, and from their end on code.
struct Eviction {
    std::uintptr_t data;
    std::uint32_t data_bytes;

    [[nodiscard]] std::uintptr_t code() const { return data + data_bytes; }
};

inline constexpr std::uint32_t kEvictLine = measure::chase::kLineBytes;

namespace arm {

/// B to `distance` bytes further on: counted in words, from two instructions on (ARM DDI 0406C.d,
/// A8.8.18, encoding A1).
[[nodiscard]] constexpr std::uint32_t branch(std::uint32_t distance) {
    constexpr std::uint32_t kAlways = 0xEA000000;
    constexpr std::uint32_t kInstruction = 4;
    return kAlways | ((distance - 2 * kInstruction) / kInstruction & 0x00FFFFFF);
}
/// BX LR (A8.8.27, encoding A1).
inline constexpr std::uint32_t kReturn = 0xE12FFF1E;

}  // namespace arm

/// Makes `code`, which is whole lines, a chain through all of them: each branches to the next, and
/// the last returns.
inline void write_chain(std::span<std::uint32_t> code) {
    constexpr std::size_t kWords = kEvictLine / sizeof(std::uint32_t);
    for (std::size_t i = 0; i < code.size(); i += kWords) {
        code[i] = i + kWords < code.size() ? arm::branch(kEvictLine) : arm::kReturn;
    }
}

/// Reads one word of each line of the data, then runs the code.
template <EvictMachine M>
void evict(M& machine, const Eviction& memory) {
    for (std::uint32_t page = 0; page < memory.data_bytes; page += kPageBytes) {
#pragma GCC unroll 64
        for (std::uint32_t line = 0; line < kPageBytes; line += kEvictLine) {
            machine.load(memory.data + page + line);
        }
    }
    machine.run(memory.code());
}

}  // namespace hm::guest
