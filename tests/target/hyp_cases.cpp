// HYP itself: its registers, and what its MMU allows.

#include <array>

#include "boot/hyp_mmu.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/translate.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/mmu/hw/table_memory.hpp"
#include "drivers/mmu/walker.hpp"
#include "tests/target/case.hpp"

extern "C" {
extern char __image_start[], __text_end[], __rodata_end[], __bss_start[], __image_end[];
extern char __stack_guard[], __stack_bottom[], __fault_stack_guard[], __fault_stack_bottom[];
}

namespace hm::target {

namespace {

mmu::Va va(const char* symbol) { return {reinterpret_cast<std::uint32_t>(symbol)}; }

mmu::Walk<mmu::HypStage1> walk_hyp(mmu::Va address) {
    mmu::FramePool<mmu::Pa> none({}, 0, {});
    mmu::HardwareTables<mmu::Va, mmu::Pa, mmu::InvalidateHyp> memory(none);
    return mmu::walk<mmu::HypStage1>(memory, boot::hyp_root(), address);
}

bool readable(mmu::Va address) { return cpu::translate<cpu::kAts1hr>(address).has_value(); }
bool writable(mmu::Va address) { return cpu::translate<cpu::kAts1hw>(address).has_value(); }

Complaint control_registers_hold_whole_values() {
    // Bits that Cortex-A15 implements and hypmeter sets, with the RES1 bits of HSCTLR.
    if (cpu::read<cpu::Hsctlr>().raw != 0x30CD187F) {
        return "HSCTLR differs";
    }
    if (cpu::read<mmu::Htcr>().raw != mmu::htcr(mmu::HypStage1::kGeometry).raw) {
        return "HTCR differs";
    }
    if (cpu::read<mmu::Vtcr>().raw != mmu::vtcr(mmu::Stage2::kGeometry).raw) {
        return "VTCR differs";
    }
    if (cpu::read<cpu::Hmair0>().raw != mmu::kMair0.raw) {
        return "HMAIR0 differs";
    }
    return {};
}

Complaint code_is_not_writable() {
    for (mmu::Va page = va(__image_start); page < va(__text_end); page = page + mmu::kFrameBytes) {
        if (!readable(page) || writable(page)) {
            return "a page of code is writable, or not mapped";
        }
    }
    return {};
}

Complaint constants_are_neither_writable_nor_executable() {
    for (mmu::Va page = va(__text_end); page < va(__rodata_end); page = page + mmu::kFrameBytes) {
        if (!readable(page) || writable(page) || walk_hyp(page).attributes.executable) {
            return "a page of constants is writable or executable, or not mapped";
        }
    }
    return {};
}

Complaint nothing_writable_is_executable() {
    // Every 4 KB page of the low gigabyte of memory and of the devices below.
    constexpr std::uint64_t kEnd = 0x80000000;
    for (mmu::Va page{0}; page.value < kEnd; page = page + mmu::kFrameBytes) {
        const auto walk = walk_hyp(page);
        if (walk.output && walk.attributes.writable && walk.attributes.executable) {
            return "a page is both writable and executable";
        }
    }
    return {};
}

Complaint pages_below_the_stacks_fault() {
    if (readable(va(__stack_guard)) || readable(va(__fault_stack_guard))) {
        return "a guard page is mapped";
    }
    if (!writable(va(__stack_bottom)) || !writable(va(__fault_stack_bottom))) {
        return "a stack is not writable";
    }
    return {};
}

Complaint the_cpu_walks_hyps_tables_as_the_walker_does() {
    constexpr std::uint64_t kStep = 0x7F000 + 0x123;  // different pages and different offsets
    for (std::uint64_t address = 0; address < mmu::Va::limit; address += kStep) {
        if (cpu::translate<cpu::kAts1hr>({address}) != walk_hyp({address}).output) {
            return "the CPU and the software walker disagree";
        }
    }
    return {};
}

constexpr std::array kCases{
    Case{"HYP: control registers hold their whole values", control_registers_hold_whole_values},
    Case{"HYP: code is not writable", code_is_not_writable},
    Case{"HYP: constants are neither writable nor executable",
         constants_are_neither_writable_nor_executable},
    Case{"HYP: nothing writable is executable", nothing_writable_is_executable},
    Case{"HYP: pages below the stacks fault", pages_below_the_stacks_fault},
    Case{"HYP: the CPU walks HYP's tables as the software walker does",
         the_cpu_walks_hyps_tables_as_the_walker_does},
};

}  // namespace

std::span<const Case> hyp_cases() { return kCases; }

}  // namespace hm::target
