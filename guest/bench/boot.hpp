#pragma once
// What a guest does with its memory while it boots: the first store to every page of its working
// set. If stage 2 maps on demand, each is a fault; if all was mapped beforehand, none is.

#include <cstdint>

#include "guest/bench/machine.hpp"

namespace hm::guest {

inline constexpr std::uint32_t kPagesPerCheckpoint = 4096;

/// Touches each page of the working set once, in order of address, and returns their number.
template <Machine M>
std::uint32_t boot_loop(M& machine, std::uintptr_t base, std::uint32_t bytes) {
    const std::uint32_t pages = bytes / kPageBytes;
    for (std::uint32_t page = 0; page < pages; ++page) {
        machine.touch(base + page * kPageBytes);
        if ((page + 1) % kPagesPerCheckpoint == 0) [[unlikely]] {
            machine.checkpoint(page + 1, pages);  // otherwise the watchdog would stop it
        }
    }
    return pages;
}

}  // namespace hm::guest
