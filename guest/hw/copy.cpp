// memcpy without PLD. The library's prefetches, and before the MMU is on gem5 24.0 never completes a
// PLD of memory that is not cached.

#include <cstddef>
#include <cstdint>

extern "C" [[gnu::optimize("no-tree-loop-distribute-patterns")]] void* memcpy(void* to,
                                                                              const void* from,
                                                                              std::size_t bytes) {
    const auto address = [](const void* place) { return reinterpret_cast<std::uintptr_t>(place); };
    std::size_t done = 0;
    if ((address(to) | address(from)) % sizeof(std::uint32_t) == 0) {
        for (; bytes - done >= sizeof(std::uint32_t); done += sizeof(std::uint32_t)) {
            const auto* const word = static_cast<const std::byte*>(from) + done;
            *reinterpret_cast<std::uint32_t*>(static_cast<std::byte*>(to) + done) =
                *reinterpret_cast<const std::uint32_t*>(word);
        }
    }
    for (; done < bytes; ++done) {
        static_cast<std::byte*>(to)[done] = static_cast<const std::byte*>(from)[done];
    }
    return to;
}
