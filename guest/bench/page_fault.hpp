#pragma once
// The page-fault loop, in the manner of LMbench's lat_pagefault: unmap pages, touch each, let the
// kernel, the monitor or both take the fault and map it.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>

#include "guest/bench/machine.hpp"
#include "guest/bench/samples.hpp"
#include "measure/workload/demand_fault.hpp"
#include "measure/workload/page_fault.hpp"

namespace hm::guest {

using FaultPlan = measure::page_fault::Arguments;

/// The pages of one round, each once. A copy continues from where its original was.
class VisitOrder {
  public:
    VisitOrder(measure::Visits visits, std::uint32_t pages)
        : random_(visits == measure::Visits::kRandom),
          pages_(pages),
          stride_(visits == measure::Visits::kStrided ? 37 : 1),
          bits_(static_cast<std::uint32_t>(std::bit_width(pages - 1))) {
        while (std::gcd(stride_, pages_) != 1) {
            ++stride_;  // otherwise some pages would never be visited
        }
    }

    std::uint32_t next() {
        if (random_) {
            std::uint32_t page = scrambled(at_++);
            while (page >= pages_) {
                page = scrambled(at_++);
            }
            return page;
        }
        const std::uint32_t page = at_;
        at_ = (at_ + stride_) % pages_;
        return page;
    }

  private:
    /// A permutation of the numbers of `bits_` bits, since each of its steps can be undone: a
    /// multiplication by an odd number, and an exclusive or with the number shifted to the right
    /// (as in hash functions).
    [[nodiscard]] std::uint32_t scrambled(std::uint32_t number) const {
        const std::uint32_t mask = (1U << bits_) - 1;
        const std::uint32_t shift = (bits_ + 1) / 2;
        for (const std::uint32_t multiplier : {0x7FEB352DU, 0x846CA68BU, 0x9E3779B5U}) {
            number = number * multiplier & mask;
            number ^= number >> shift;
        }
        return number;
    }

    bool random_;
    std::uint32_t pages_;
    std::uint32_t stride_;
    std::uint32_t bits_;  ///< of the highest page
    std::uint32_t at_ = 0;
};

/// Makes the next touch of a page fault as `faults` says. Stage 1 comes first: then no walk reaches
/// the stage-2 entry that is removed next.
template <Machine M>
void prepare_fault(M& machine, measure::Faults faults, std::uintptr_t address) {
    if (in_stage1(faults)) {
        machine.unmap_page(address);
    }
    if (in_stage2(faults)) {
        machine.release_page(address);
    }
}

/// Makes the next touch of each of `batch` pages a fault, and returns the ticks that this took. A
/// function of its own, so that what it takes does not depend on the code around it.
template <Machine M>
[[gnu::noinline]] std::uint32_t time_preparing(M& machine, measure::Faults faults,
                                               std::uintptr_t base, std::uint32_t batch,
                                               VisitOrder& order) {
    VisitOrder visits = order;
    const std::uint32_t start = machine.ticks();
    for (std::uint32_t i = 0; i < batch; ++i) {
        prepare_fault(machine, faults, base + visits.next() * kPageBytes);
    }
    const std::uint32_t ticks = machine.ticks() - start;
    order = visits;
    return ticks;
}

/// Clocks and counters of one touch. A separate function, so that only the touch comes between the
/// readings: the address is in a register by then.
template <Machine M>
[[gnu::noinline]] void time_touch(M& machine, std::uintptr_t address, measure::Fault& fault) {
    const Instructions before = machine.instructions();
    const std::uint32_t access = machine.ticks();
    machine.touch(address);
    const std::uint32_t retired = machine.ticks();
    const Instructions after = machine.instructions();
    fault.access = access;
    fault.retired = retired;
    fault.all_instructions = after.all - before.all;
    fault.guest_instructions = after.guest - before.guest;
}

/// One Fault for each page from `base` on in each round. `guest` and `hyp` are where the kernel and
/// the monitor leave their stamps, or null where they make none; they are read after each touch,
/// through pointers that the compiler must not look through.
template <Machine M>
void page_fault_loop(M& machine, const FaultPlan& plan, std::uintptr_t base,
                     SampleLog<measure::Fault>& log, const measure::FaultStamps* guest,
                     const measure::FaultStamps* hyp) {
    const measure::FaultStamps none{};
    const auto& guest_stamps = guest != nullptr && in_stage1(plan.faults) ? *guest : none;
    const auto& hyp_stamps = hyp != nullptr && in_stage2(plan.faults) ? *hyp : none;
    const std::uint32_t reading = reading_cost(machine);
    for (std::uint32_t page = 0; page < plan.pages; ++page) {
        machine.touch(base + page * kPageBytes);  // a page must be mapped before it can be unmapped
    }
    for (std::uint32_t round = 0; round < plan.rounds; ++round) {
        VisitOrder order(plan.visits, plan.pages);
        std::uint32_t left = plan.pages;
        while (left != 0) {
            const std::uint32_t batch = std::min(plan.batch, left);
            left -= batch;
            VisitOrder to_touch = order;
            const std::uint32_t prepare_ticks =
                (time_preparing(machine, plan.faults, base, batch, order) - reading) / batch;
            for (std::uint32_t i = 0; i < batch; ++i) {
                measure::Fault fault{};
                time_touch(machine, base + to_touch.next() * kPageBytes, fault);
                fault.guest = guest_stamps;
                fault.hyp = hyp_stamps;
                fault.reading = reading;
                fault.prepare_ticks = prepare_ticks;
                log.add(fault);
            }
        }
        machine.checkpoint(round + 1, plan.rounds);
    }
}

/// Touches each page from `base` on once. If stage 2 maps on demand, each touch is a fault. The
/// first page of each 2 MB also needs a table.
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
                 .all_instructions = after.all - before.all,
                 .guest_instructions = after.guest - before.guest,
                 .kind = page == 0 || address % kTableSpan == 0
                             ? measure::demand_fault::kNeededTable
                             : measure::demand_fault::kHadTable});
    }
}

}  // namespace hm::guest
