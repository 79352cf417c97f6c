#pragma once
// The words of a row that say how its workload was run.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hm::measure {

/// How a physical interrupt reaches the guest.
enum class Delivery : std::uint8_t {
    kNative,        ///< no virtual machine: straight from the GIC
    kInjected,      ///< through HYP and a list register that is linked to it (LR.HW = 1)
    kInjectedSoft,  ///< the same with LR.HW = 0: HYP deactivates after a maintenance interrupt
    kDirect,        ///< to PL1 of a guest, past HYP (HCR.IMO = 0)
    kShared,        ///< two VMs take turns on the core: the interrupt waits for its owner's turn
    kBoosted,       ///< the same, but its owner gets the core at once
};
inline constexpr std::array<const char*, 6> kDeliveryNames{"native", "injected", "injected-soft",
                                                           "direct", "shared",   "boosted"};

/// What the guest does until the interrupt comes.
enum class Wait : std::uint8_t {
    kWfi,
    kWfiTrapped,  ///< WFI traps to HYP (HCR.TWI = 1), which waits instead of the guest
    kSpin,
    kCalls,  ///< it calls the monitor again and again: most deadlines fall into HYP's own work
};
inline constexpr std::array<const char*, 4> kWaitNames{"wfi", "wfi-trapped", "spin", "calls"};

/// What else runs.
enum class Load : std::uint8_t {
    kIdle,         ///< nothing
    kVmIdle,       ///< a second VM on the same core, which waits in WFI
    kVmCompute,    ///< a second VM that computes
    kVmFault,      ///< a second VM that faults on pages that stage 2 maps on demand
    kVmHypercall,  ///< a second VM that calls the monitor
    kCore,         ///< the second core streams through memory and reads the distributor
    kAll,          ///< that, and a second VM that computes
    kEvict,        ///< the guest itself drives all else out of caches and TLBs before it waits
};
inline constexpr std::array<const char*, 8> kLoadNames{
    "idle", "vm-idle", "vm-compute", "vm-fault", "vm-hypercall", "core", "all", "evict"};

[[nodiscard]] constexpr const char* name_of(Delivery delivery) {
    return kDeliveryNames[static_cast<std::size_t>(delivery)];
}
[[nodiscard]] constexpr const char* name_of(Wait wait) {
    return kWaitNames[static_cast<std::size_t>(wait)];
}
[[nodiscard]] constexpr const char* name_of(Load load) {
    return kLoadNames[static_cast<std::size_t>(load)];
}

/// Whether HYP takes the interrupt.
[[nodiscard]] constexpr bool through_hyp(Delivery delivery) {
    return delivery != Delivery::kNative && delivery != Delivery::kDirect;
}
/// Whether two VMs share the core.
[[nodiscard]] constexpr bool shares_core(Delivery delivery) {
    return delivery == Delivery::kShared || delivery == Delivery::kBoosted;
}
[[nodiscard]] constexpr bool uses_second_core(Load load) {
    return load == Load::kCore || load == Load::kAll;
}

/// Which stages of translation fault on one access of the page-fault loop.
enum class Faults : std::uint32_t { kStage1 = 0, kStage2 = 1, kBoth = 2 };
inline constexpr std::array<const char*, 3> kFaultsNames{"stage1", "stage2", "both"};
[[nodiscard]] constexpr bool in_stage1(Faults faults) { return faults != Faults::kStage2; }
[[nodiscard]] constexpr bool in_stage2(Faults faults) { return faults != Faults::kStage1; }

/// In which order the page-fault loop visits its pages.
enum class Visits : std::uint32_t { kSequential = 0, kStrided = 1, kRandom = 2 };
inline constexpr std::array<const char*, 3> kVisitsNames{"sequential", "strided", "random"};

/// How a pointer chase goes through its memory.
enum class ChaseOrder : std::uint32_t {
    kSequential = 0,  ///< up, one load every stride
    kRandom = 1,      ///< the same places in random order
    kPageRandom = 2,  ///< one line per page, pages in random order: each load misses the TLB
    /// All lines of a page in random order, then those of another page: one TLB miss per page. A
    /// prefetcher and the open rows of a DRAM help it.
    kPageDense = 3,
    /// In each pass one line of every page, in one random order of the pages; the line's place
    /// moves in bit-reversed order from pass to pass. So goes LMbench's `lat_mem_rd -t`, with which
    /// the paper measured (thrash_initialize() of lib_mem.c, LMbench 3.0-a9).
    kThrash = 4,
};
inline constexpr std::array<const char*, 5> kChaseOrderNames{"sequential", "random", "page-random",
                                                             "page-dense", "thrash"};

/// What a pointer chase finds in the TLBs when a lap begins.
enum class TlbState : std::uint32_t {
    kWarm = 0,     ///< what the lap before it has left
    kFlushed = 1,  ///< nothing: the kernel has dropped all
};
inline constexpr std::array<const char*, 2> kTlbNames{"warm", "flushed"};

/// Where the pages of a chase lie in physical memory.
enum class Placement : std::uint32_t {
    kContiguous = 0,  ///< next to each other, in their order: the best case
    kScattered = 1,   ///< in a fixed random order, as Linux gives them to a process
};
inline constexpr std::array<const char*, 2> kPlacementNames{"contiguous", "scattered"};

/// Which loop of the parity workload.
enum class ParityLoop : std::uint32_t { kInteger = 0, kFloat = 1 };
inline constexpr std::array<const char*, 2> kParityNames{"integer", "float"};

[[nodiscard]] constexpr const char* name_of(Faults faults) {
    return kFaultsNames[static_cast<std::size_t>(faults)];
}
[[nodiscard]] constexpr const char* name_of(Visits visits) {
    return kVisitsNames[static_cast<std::size_t>(visits)];
}
[[nodiscard]] constexpr const char* name_of(ChaseOrder order) {
    return kChaseOrderNames[static_cast<std::size_t>(order)];
}
[[nodiscard]] constexpr const char* name_of(TlbState tlb) {
    return kTlbNames[static_cast<std::size_t>(tlb)];
}
[[nodiscard]] constexpr const char* name_of(Placement placement) {
    return kPlacementNames[static_cast<std::size_t>(placement)];
}
[[nodiscard]] constexpr const char* name_of(ParityLoop loop) {
    return kParityNames[static_cast<std::size_t>(loop)];
}

static_assert(std::string_view(name_of(Delivery::kBoosted)) == "boosted" &&
              std::string_view(name_of(Load::kEvict)) == "evict" &&
              std::string_view(name_of(Wait::kCalls)) == "calls");

}  // namespace hm::measure
