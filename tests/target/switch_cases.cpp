// Two VMs that fill every register with their own patterns find them again after a thousand
// switches. They run tests/target/pattern_vm.S.

#include <algorithm>
#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "session/hw/pmu.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

extern "C" const char pattern_vm_0[], pattern_vm_1[], pattern_vm_end[];

namespace hm::target {

namespace {

constexpr std::uint64_t kPageBytes = mmu::kFrameBytes;
constexpr std::uint64_t kTimeOffset = 0x1'2345'6789;

/// What a VM loads, finds after loading, and finds after the switches; in the order of
/// pattern_vm.S.
struct Registers {
    std::uint32_t csselr, sctlr, ttbr0[2], ttbr1[2], ttbcr, dacr, dfsr, ifsr, adfsr, aifsr, dfar,
        ifar, par[2], mair[2], amair[2], vbar, contextidr, tpidrurw, tpidruro, tpidrprw, cntkctl,
        cntv_cval[2], cntv_ctl, cpacr, teecr, teehbr;
    std::uint32_t banked[19];
    std::uint32_t pmr, bpr, ctlr;
    std::uint32_t spsr, fpscr, vfp[64];
    std::uint32_t pending;  ///< GICV_HPPIR, only found
};
constexpr std::size_t kWords = sizeof(Registers) / sizeof(std::uint32_t);

struct alignas(kPageBytes) PatternPage {
    Registers given;
    std::byte room_after_given[0x400 - sizeof(Registers)];
    Registers loaded;
    std::byte room_after_loaded[0x400 - sizeof(Registers)];
    Registers found;
    std::byte room_after_found[0x400 - sizeof(Registers)];
    std::uint32_t general_found[64];
    std::uint32_t general[64];
    std::uint32_t distributor, cpu_interface, done;
};
static_assert(offsetof(PatternPage, general) == 0xd00 && offsetof(PatternPage, done) == 0xe08);

using Words = std::array<std::uint32_t, kWords>;

Words words_of(const Registers& registers) {
    Words words;
    std::copy_n(reinterpret_cast<const std::uint32_t*>(&registers), kWords, words.begin());
    return words;
}

/// A page full of patterns that no other VM has, except where they would keep this one from
/// running.
void fill(PatternPage& page, std::uint32_t vm) {
    auto* const words = reinterpret_cast<std::uint32_t*>(&page);
    for (std::uint32_t i = 0; i < kPageBytes / sizeof(std::uint32_t); ++i) {
        words[i] = (i + 1) * 0x9E3779B9 ^ (vm == 0 ? 0 : 0xFFFFFFFF);
    }
    Registers& given = page.given;
    given.csselr = vm == 0 ? 1 : 2;
    given.sctlr = cpu::kResetSctlr.raw | (vm == 0 ? 1U << 11 : 1U << 12);  // Z, I
    given.ttbcr = vm == 0 ? 0x80000000 : 7;
    given.vbar &= ~31U;
    given.cntv_cval[1] = vm == 0 ? 0 : 0x12;  // in the past, and far in the future
    given.cntv_ctl = vm == 0 ? 1 : 3;         // signals its interrupt, and is masked
    given.cpacr = vm == 0 ? 0x00F00000 : 0x00500000;
    given.teecr = vm == 0 ? 1 : 0;
    given.teehbr &= ~3U;
    given.fpscr &= 0xF0C00000;  // flags and rounding mode
    given.pmr = vm == 0 ? 0xF0 : 0xE8;
    given.bpr = vm == 0 ? 2 : 3;
    given.ctlr = vm == 0 ? 0x7 : 0xF;
    page.distributor = board::kGicd;
    page.cpu_interface = board::kGicc;
    page.done = 0;
}

using Map = std::array<hyp::MemoryRegion, 3>;

/// Its page, the code, which both have, and GICV.
Map map_of(std::uint64_t ipa, const PatternPage& page) {
    const std::uint64_t code = reinterpret_cast<std::uint32_t>(pattern_vm_0);
    const std::uint64_t end = reinterpret_cast<std::uint32_t>(pattern_vm_end);
    constexpr mmu::Stage2Attributes kCode{.memory = mmu::MemoryType::kNormalWriteBack,
                                          .read = true,
                                          .write = false,
                                          .executable = true};
    return {{{.range = {{ipa}, kPageBytes},
              .target = {reinterpret_cast<std::uint32_t>(&page)},
              .attributes = hyp::kGuestMemory,
              .forced = std::nullopt},
             {.range = {{code}, end - code},
              .target = {code},
              .attributes = kCode,
              .forced = std::nullopt},
             {.range = {{board::kGicc}, gic::gicc::kSize},
              .target = {board::kGicv},
              .attributes = hyp::kGuestDevice,
              .forced = std::nullopt}}};
}

/// Whether everything that was loaded was found again.
Complaint check(const PatternPage& page) {
    if (page.done != 1) {
        return "a VM did not finish";
    }
    constexpr std::size_t kGeneral = 14;  // r0 to r12, and LR
    if (!std::equal(page.general, page.general + kGeneral, page.general_found)) {
        return "a VM lost a general register";
    }
    return words_of(page.loaded) == words_of(page.found)
               ? Complaint{}
               : Complaint("a VM found a register changed");
}

/// Words of `page` that were read back as given: so they are registers, not constants.
std::size_t count_that_stick(const PatternPage& page) {
    const Words given = words_of(page.given);
    const Words loaded = words_of(page.loaded);
    std::size_t count = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
        count += given[i] == loaded[i] ? 1 : 0;
    }
    return count;
}

std::size_t count_that_differ(const PatternPage& a, const PatternPage& b) {
    const Words first = words_of(a.loaded);
    const Words second = words_of(b.loaded);
    std::size_t count = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
        count += first[i] != second[i] ? 1 : 0;
    }
    return count;
}

std::uint64_t offset_found;

PatternPage pages[2];

Complaint run_patterns(std::uint64_t slice) {
    for (std::uint32_t vm = 0; vm < 2; ++vm) {
        fill(pages[vm], vm);
    }
    // The VMs reach these pages, and fetch their code, past the caches.
    cpu::clean_invalidate_all_data();
    cpu::invalidate_instructions();

    const Map map_0 = map_of(0x50000000, pages[0]);
    const Map map_1 = map_of(0x50100000, pages[1]);
    const hyp::VmConfig first{.stages = hyp::Stages::kBoth,
                              .routing = hyp::InterruptRouting::kLinked,
                              .entry = reinterpret_cast<std::uint32_t>(pattern_vm_0),
                              .map = map_0,
                              .distributor = {board::kGicd},
                              .patience = 1'000'000'000,
                              .time_offset = kTimeOffset};
    hyp::Companion second{.vm = first, .policy = hyp::Policy::kShared, .slice = slice};
    second.vm.entry = reinterpret_cast<std::uint32_t>(pattern_vm_1);
    second.vm.map = map_1;
    second.vm.vmid = 2;
    second.vm.time_offset = 0;
    offset_found = 0;
    hyp::set_inspector([] { offset_found = cpu::read<cpu::Cntvoff>().raw; });
    const auto stop = hyp::run(first, nullptr, &second);
    hyp::set_inspector(nullptr);
    if (!stop || stop->reason != hyp::StopReason::kFinished) {
        return "the VMs were stopped";
    }
    cpu::clean_invalidate_all_data();

    for (const PatternPage& page : pages) {
        if (const Complaint complaint = check(page); !complaint.empty()) {
            return complaint;
        }
    }
    // AMAIR0, AMAIR1, ADFSR and AIFSR may be zero, and some bits of others are.
    if (count_that_stick(pages[0]) < 90 || count_that_differ(pages[0], pages[1]) < 110) {
        return "too few registers took their patterns";
    }
    for (const PatternPage& page : pages) {
        if (page.loaded.teecr != page.given.teecr || page.loaded.teehbr != page.given.teehbr) {
            return "ThumbEE's registers did not take their patterns";
        }
    }
    if (pages[0].found.pending != board::kVirtualTimerInterrupt ||
        pages[1].found.pending != gic::kSpurious) {
        return "a pending interrupt was lost, or went to the wrong VM";
    }
    return offset_found == kTimeOffset ? Complaint{} : Complaint("CNTVOFF is not the VM's own");
}

Complaint patterns_survive_a_thousand_switches_that_vms_ask_for() {
    return run_patterns(std::uint64_t{1} << 40);
}

Complaint patterns_survive_switches_at_any_time() {
    // A few calls long, by instructions; where a tick is time, longer than any switch.
    return run_patterns(session::counts_instructions() ? 1'777 : 2'000'000);
}

constexpr std::array kCases{
    Case{"switch: two VMs find their patterns in every register after a thousand switches",
         patterns_survive_a_thousand_switches_that_vms_ask_for},
    Case{"switch: two VMs find their patterns where slices end at any time",
         patterns_survive_switches_at_any_time},
};

}  // namespace

std::span<const Case> switch_cases() { return kCases; }

}  // namespace hm::target
