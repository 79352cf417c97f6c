// The CPU's own walker finds nothing but a guest's own memory and its CPU interface at any IPA:
// each page below 4 GB with stage 1 off, and one page of each entry of level 1 above, through a
// window of long descriptors.

#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/translate.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "hyp/core/entry_controls.hpp"
#include "session/core/slots.hpp"
#include "session/hw/guest_memory.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

namespace hm::target {

namespace {

using measure::Stage1;
using measure::Stage2;
using Memory = mmu::Range<mmu::Pa>;

/// What the inspector finds; it cannot return anything.
struct {
    measure::Scenario scenario;  ///< that has run
    Complaint complaint;
    std::uint64_t pages;  ///< below 4 GB, that a guest reaches
    unsigned entries;     ///< above 4 GB, that were probed
} probe;

void flush() {
    cpu::isb();
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::dsb();
    cpu::isb();
}

bool is_own(mmu::Pa page, const Memory& own) {
    constexpr Memory kInterface{{board::kGicv}, gic::gicc::kSize};
    return own.contains(page) || kInterface.contains(page);
}

/// With stage 1 off the VA is the IPA.
void probe_pages(const Memory& own) {
    cpu::write(cpu::kResetSctlr);
    cpu::write(mmu::ttbcr(mmu::Stage1::kGeometry));
    flush();
    for (mmu::Va va{0}; va.value < mmu::Va::limit; va = va + mmu::kFrameBytes) {
        const auto page = cpu::translate<cpu::kAts12nsopr>(va);
        if (!page) {
            continue;
        }
        ++probe.pages;
        if (!is_own(*page, own)) {
            probe.complaint = "a guest reaches a page that is not its own";
        }
    }
}

/// Four blocks of 1 GB at a time, by a level 1 in the guest's first page, which it needs no more.
void probe_entries_above(const Memory& own, const session::GuestSlot& slot) {
    constexpr unsigned kEntries = mmu::Stage1::kGeometry.root_entries();
    constexpr std::uint64_t kGigabyte = mmu::bytes(mmu::Size::k1G);
    auto* const root = reinterpret_cast<volatile std::uint64_t*>(slot.at(0));
    const auto leaf = mmu::encode(mmu::Stage1Attributes{.writable = true});
    cpu::write(cpu::Mair0::from(mmu::kMair0.raw));
    cpu::write(cpu::Ttbr0{}.with(cpu::Ttbr0::kBaddr, session::platform().guest_base));
    cpu::write(cpu::kResetSctlr.with(cpu::Sctlr::kM, true));
    for (mmu::Ipa at{0}; at.value < mmu::Ipa::limit; at = at + kEntries * kGigabyte) {
        for (unsigned i = 0; i < kEntries; ++i) {
            root[i] = leaf.leaf(at + i * kGigabyte, 1).raw;
        }
        cpu::clean_invalidate_data(slot.at(0), slot.at(mmu::kFrameBytes));
        flush();
        for (std::uint64_t i = 0; i < kEntries; ++i) {
            const auto page = cpu::translate<cpu::kAts12nsopr>({i * kGigabyte});
            const bool is_above = at.value >= mmu::Va::limit;
            probe.entries += is_above ? 1 : 0;
            if (page && (is_above || !is_own(*page, own))) {
                probe.complaint = "a guest reaches something above 4 GB";
            }
        }
    }
}

void probe_measured() {
    const session::Slots slots = guest_slots();
    const Memory own = slots.memory_of(probe.scenario);
    probe_pages(own);
    probe_entries_above(own, *slots.of(probe.scenario));
}

void probe_second_vm() {
    const session::Slots slots = guest_slots();
    cpu::write(cpu::Vttbr{}
                   .with(cpu::Vttbr::kBaddr, hyp::stage2_root(1).value)
                   .with(cpu::Vttbr::kVmid, 2));
    probe_pages(slots.companion.memory());
    probe_entries_above(slots.companion.memory(), slots.companion);
}

/// Runs `scenario` and probes as `inspect` does. `bytes`: that the guest has at least.
Complaint reaches_only_its_own(const measure::Scenario& scenario, std::uint64_t bytes,
                               void (*inspect)() = probe_measured) {
    constexpr unsigned kEntriesAbove = 1020;
    probe = {.scenario = scenario, .complaint = {}, .pages = 0, .entries = 0};
    const auto stop = run_guest(scenario, inspect);
    if (!stop || stop->reason != hyp::StopReason::kFinished) {
        return "the guest did not finish";
    }
    if (probe.pages < bytes / mmu::kFrameBytes || probe.entries != kEntriesAbove) {
        return "too little was probed";
    }
    return probe.complaint;
}

template <Stage2 kTables>
Complaint with_tables() {
    if (kTables == Stage2::k1G && !has_gigabyte()) {
        return {};
    }
    const std::uint64_t bytes =
        kTables == Stage2::k1G ? mmu::bytes(mmu::Size::k1G) : std::uint64_t{kChaseBytes};
    return reaches_only_its_own(chase_scenario({Stage1::kLong4K, kTables}), bytes);
}

Complaint with_memory_on_demand() {
    return reaches_only_its_own(boot_scenario(measure::Mapping::kAround16), kBootWorkingSet);
}

Complaint the_second_vm_too() {
    measure::Scenario scenario = timer_scenario(measure::Delivery::kShared);
    scenario.load = measure::Load::kVmFault;
    constexpr std::uint64_t kLeast = std::uint64_t{8} << 20;
    return reaches_only_its_own(scenario, kLeast, probe_second_vm);
}

constexpr std::array kCases{
    Case{"own memory: the CPU reaches nothing else through pages of 4 KB",
         with_tables<Stage2::k4K>},
    Case{"own memory: the CPU reaches nothing else through blocks of 2 MB",
         with_tables<Stage2::k2M>},
    Case{"own memory: the CPU reaches nothing else through a block of 1 GB",
         with_tables<Stage2::k1G>},
    Case{"own memory: the CPU reaches nothing else where a walk starts at level 2",
         with_tables<Stage2::k4KFromLevel2>},
    Case{"own memory: the CPU reaches nothing else where memory is mapped on demand",
         with_memory_on_demand},
    Case{"own memory: the CPU reaches nothing else from the second VM", the_second_vm_too},
};

}  // namespace

std::span<const Case> own_memory_cases() { return kCases; }

}  // namespace hm::target
