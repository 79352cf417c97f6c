// What lies just beyond a guest's limits is not its own, and what it has set holds: guests of a few
// instructions (tests/target/limit_vm.S).

#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/hw/monitor.hpp"
#include "tests/target/case.hpp"
#include "tests/target/small_guest.hpp"

extern "C" const char limit_vms[], limit_vms_end[], reads_physical_timer[],
    reads_beyond_its_demand[], reads_running_priority[];

namespace hm::target {

namespace {

// As in limit_vm.S.
static_assert(board::kGicd == 0x0800'0000 && board::kGicc == 0x0801'0000 &&
              board::kVirtualTimerInterrupt == 27);
constexpr std::uint32_t kDemand = 0x6000'0000;

alignas(mmu::kFrameBytes) std::byte demand_memory[2 * mmu::kFrameBytes];

/// Runs the guest that begins at `entry` with its code, one page on demand, and a CPU interface.
std::optional<hyp::Stop> run_at(const char* entry) {
    make_code_visible();
    const std::array map{code_region(limit_vms, limit_vms_end),
                         hyp::MemoryRegion{.range = {{board::kGicc}, gic::gicc::kSize},
                                           .target = {board::kGicv},
                                           .attributes = hyp::kGuestDevice,
                                           .forced = std::nullopt}};
    return hyp::run(
        {.stages = hyp::Stages::kBoth,
         .routing = hyp::InterruptRouting::kLinked,
         .entry = address_of(entry),
         .map = map,
         .demand = {.range = {{kDemand}, mmu::kFrameBytes}, .target = {address_of(demand_memory)}},
         .distributor = {board::kGicd},
         .patience = 100'000'000},
        nullptr);
}

bool finished(const std::optional<hyp::Stop>& stop) {
    return stop && stop->reason == hyp::StopReason::kFinished;
}

/// The monitor gave the guest this exception, and only this; its vectors are nowhere, so that it
/// ended then.
bool ended_by(const std::optional<hyp::Stop>& stop, hyp::GuestException exception) {
    return stop && stop->reason == hyp::StopReason::kTrap &&
           stop->refusal == hyp::Refusal::kNoVectors && stop->given.count == 1 &&
           stop->given.exception == exception;
}

/// CNTHCTL.PL1PCEN = 0 (ARM DDI 0406C.d, B4.1.32): the access traps.
Complaint the_physical_timer_is_not_the_guests() {
    return ended_by(run_at(reads_physical_timer), hyp::GuestException::kUndefined)
               ? ""
               : "the guest got no undefined instruction";
}

Complaint memory_on_demand_ends_with_its_range() {
    const auto stop = run_at(reads_beyond_its_demand);
    if (!stop || stop->costs.demand_faults != 1) {
        return "not exactly one page was mapped";
    }
    return ended_by(stop, hyp::GuestException::kDataAbort)
               ? ""
               : "the guest got no data abort for the page behind it";
}

/// ARM IHI 0048B, 4.4.6: GICC_RPR is the priority of what was acknowledged.
Complaint a_priority_that_the_guest_sets_holds() {
    const auto stop = run_at(reads_running_priority);
    return finished(stop) && stop->outcome == 0x40 ? "" : "the interrupt came with another one";
}

constexpr std::array kCases{
    Case{"limit: the physical timer is not the guest's", the_physical_timer_is_not_the_guests},
    Case{"limit: memory on demand ends with its range", memory_on_demand_ends_with_its_range},
    Case{"limit: a priority that the guest sets holds", a_priority_that_the_guest_sets_holds},
};

}  // namespace

std::span<const Case> limit_cases() { return kCases; }

}  // namespace hm::target
