#include "boot/hyp_mmu.hpp"

#include <algorithm>
#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/mmu/hw/table_memory.hpp"

extern "C" {
extern char __image_start[], __text_end[], __rodata_end[], __image_end[], __tables_end[];
extern char __stack_guard[], __stack_bottom[], __stack_top[];
extern char __fault_stack_bottom[], __fault_stack_top[];
extern char __second_stack_bottom[], __second_stack_top[];
}

namespace hm::boot {

namespace {

using HypMemory = mmu::HardwareTables<mmu::Va, mmu::Pa, mmu::InvalidateHyp>;
using HypBuilder = mmu::Builder<mmu::HypStage1, HypMemory>;

constexpr unsigned kHypFrames = 64;
std::uint32_t hyp_bitmap[mmu::FramePool<>::words_for(kHypFrames)];
mmu::Pa root;

constexpr mmu::HypAttributes kCode{.executable = true};
constexpr mmu::HypAttributes kReadOnly{};
constexpr mmu::HypAttributes kData{.writable = true};
constexpr mmu::HypAttributes kDevice{.memory = mmu::MemoryType::kDevice, .writable = true};

std::uint64_t at(const char* symbol) { return reinterpret_cast<std::uint32_t>(symbol); }

struct Mapping {
    std::uint64_t begin, end;
    mmu::HypAttributes attributes;
};

/// HSCTLR with its RES1 bits (ARM DDI 0406C.d, B4.1.69). MMU, caches and alignment checks are on,
/// and writable memory is never executable.
constexpr cpu::Hsctlr kHsctlr = cpu::Hsctlr::from(0x30C50878)
                                    .with(cpu::Hsctlr::kM, true)
                                    .with(cpu::Hsctlr::kA, true)
                                    .with(cpu::Hsctlr::kC, true)
                                    .with(cpu::Hsctlr::kI, true)
                                    .with(cpu::Hsctlr::kWxn, true);

}  // namespace

TableFrames stage2_frames() {
    const std::uint64_t begin = at(__image_end) + kHypFrames * mmu::kFrameBytes;
    return {{begin}, static_cast<unsigned>((at(__tables_end) - begin) / mmu::kFrameBytes)};
}

mmu::Pa hyp_root() { return root; }

bool start_hyp_mmu(const Ram& ram) {
    if (!ram.contains({at(__image_start)}) || ram.end() < mmu::Pa{at(__tables_end)}) {
        return false;
    }
    mmu::FramePool<mmu::Pa> frames({at(__image_end)}, kHypFrames, hyp_bitmap);
    HypMemory memory(frames);
    const auto table = memory.allocate();
    if (!table) {
        return false;
    }
    root = *table;
    HypBuilder tables(memory, root);

    constexpr std::uint64_t kHighest = std::uint64_t{1} << 32;
    const std::uint64_t ram_end = ram.end().value < kHighest ? ram.end().value : kHighest;
    const std::array mappings{
        Mapping{ram.begin.value, at(__image_start), kData},
        Mapping{at(__image_start), at(__text_end), kCode},
        Mapping{at(__text_end), at(__rodata_end), kReadOnly},
        Mapping{at(__rodata_end), at(__stack_guard), kData},
        Mapping{at(__stack_bottom), at(__stack_top), kData},
        Mapping{at(__fault_stack_bottom), at(__fault_stack_top), kData},
        Mapping{at(__second_stack_bottom), at(__second_stack_top), kData},
        Mapping{at(__image_end), ram_end, kData},
        Mapping{board::kUart, board::kUart + 0x1000, kDevice},
        Mapping{board::kGicd, board::kGicd + gic::gicd::kSize, kDevice},
        Mapping{board::kGicc, board::kGicc + gic::gicc::kSize, kDevice},
        Mapping{board::kGich, board::kGich + 0x1000, kDevice},
    };
    const auto map = [&tables](const Mapping& mapping) {
        return tables.map({{mapping.begin}, mapping.end - mapping.begin}, {mapping.begin},
                          mapping.attributes) == mmu::Status::kOk;
    };
    const auto map_device = [&map](const board::Device& device) {
        return map({device.base, std::uint64_t{device.base} + device.bytes, kDevice});
    };
    if (!std::all_of(mappings.begin(), mappings.end(), map) ||
        !std::all_of(board::kMoreDevices.begin(), board::kMoreDevices.end(), map_device)) {
        return false;
    }
    enter_hyp_space();
    return true;
}

void clean_hyp_memory() {
    cpu::clean_invalidate_data(static_cast<std::uint32_t>(at(__rodata_end)),
                               static_cast<std::uint32_t>(at(__image_end)) +
                                   kHypFrames * static_cast<std::uint32_t>(mmu::kFrameBytes));
}

void enter_hyp_space() {
    // The boot loader entered with caches clean and off (Linux, Documentation/arm/booting.rst, "CPU
    // mode" and "Caches, MMUs"). But the caches may have taken in lines since, before newer values
    // were written to memory directly. So image data, stacks and tables are dropped from the caches
    // before they are on. For the second core that is its stack, of which the first core may have
    // prefetched lines: maintenance by address to the point of coherency reaches the caches of all
    // cores that share the memory (ARM DDI 0406C.d, B2.2.6). Old TLB entries are dropped while the
    // MMU is off (B3.10.1).
    clean_hyp_memory();
    cpu::write(cpu::Hmair0::from(mmu::kMair0.raw));
    cpu::write(cpu::Hmair1{});
    // gem5 24.0 takes the attributes of HYP's memory from PL1's MAIR (src/arch/arm/table_walker.cc,
    // TableWalker::memAttrsLPAE), which TTBCR.EAE tells from PRRR (B4.1.104). They mean nothing
    // else until a guest writes its own.
    cpu::write(mmu::ttbcr(mmu::Stage1::kGeometry));
    cpu::isb();
    cpu::write(cpu::Mair0::from(mmu::kMair0.raw));
    cpu::write(cpu::Mair1{});
    cpu::isb();
    cpu::write(mmu::Ttbcr{});
    cpu::write(mmu::htcr(mmu::HypStage1::kGeometry));
    cpu::write(cpu::Httbr::from(root.value));
    cpu::isb();
    cpu::operate<cpu::kTlbiallh>();
    cpu::invalidate_instructions();
    cpu::write(kHsctlr);
    cpu::isb();
}

}  // namespace hm::boot
