#pragma once
// The page-fault loop, in the manner of LMbench's lat_pagefault: unmap a page, touch it, let the
// kernel take the fault and map it.

#include <cstdint>
#include <numeric>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

/// `pages` pages from `base` on, all mapped at the beginning, `rounds` times each; one sample a
/// fault. Pages are visited 37 apart, so that neighbours do not follow each other.
template <Machine M>
void page_fault_loop(M& machine, std::uintptr_t base, std::uint32_t pages, std::uint32_t rounds,
                     SampleLog<measure::Sample>& log) {
    std::uint32_t stride = 37;
    while (std::gcd(stride, pages) != 1) {
        ++stride;  // or some pages would never be visited
    }
    const std::uint32_t reading = reading_cost(machine);
    std::uint32_t page = 0;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        for (std::uint32_t i = 0; i < pages; ++i) {
            page = (page + stride) % pages;
            const std::uintptr_t address = base + page * kPageBytes;
            const Instructions before = machine.instructions();
            const std::uint32_t start = machine.ticks();
            machine.unmap_page(address);
            const std::uint32_t unmapped = machine.ticks();
            machine.touch(address);
            const std::uint32_t retired = machine.ticks();
            const Instructions after = machine.instructions();
            log.add({.ticks = retired - unmapped - reading,
                     .prepare_ticks = unmapped - start - reading,
                     .all_instructions = after.all - before.all,
                     .guest_instructions = after.guest - before.guest,
                     .kind = 0});
        }
        machine.checkpoint(round + 1, rounds);
    }
}

/// Touches each page from `base` on once; where there is a stage 2 that maps on demand, that is a
/// fault each. Samples of kind 1 are the first in their 2 MB, which need a table too.
template <Machine M>
void demand_fault_loop(M& machine, std::uintptr_t base, std::uint32_t pages,
                       SampleLog<measure::Sample>& log) {
    constexpr std::uintptr_t kTableSpan = 2U << 20;
    const std::uint32_t reading = reading_cost(machine);
    for (std::uint32_t page = 0; page < pages; ++page) {
        const std::uintptr_t address = base + page * kPageBytes;
        const Instructions before = machine.instructions();
        const std::uint32_t start = machine.ticks();
        machine.touch(address);
        const std::uint32_t retired = machine.ticks();
        const Instructions after = machine.instructions();
        log.add({.ticks = retired - start - reading,
                 .prepare_ticks = 0,
                 .all_instructions = after.all - before.all,
                 .guest_instructions = after.guest - before.guest,
                 .kind = page == 0 || address % kTableSpan == 0 ? 1U : 0U});
    }
}

}  // namespace hm::guest
