// Two stages of translation: builder and software walker are checked against the CPU's own walker.

#include <array>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/translate.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/mmu/walker.hpp"
#include "hyp/core/entry_controls.hpp"
#include "measure/workload/chase_places.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

extern "C" char __guest_base[];

namespace hm::target {

namespace {

using measure::Delivery;

/// What inspectors found; they cannot return anything.
Complaint found;
std::uint32_t compared;
std::uint32_t mapped;

/// Reads descriptors of stage 1 at their physical address, which is their IPA here.
mmu::NestedWalk<mmu::Stage1, mmu::Stage2> walk_guest(mmu::Va va) {
    const mmu::Ipa root{cpu::read<cpu::Ttbr0>().get(cpu::Ttbr0::kBaddr)};
    return mmu::nested_walk<mmu::Stage1, mmu::Stage2>(hyp::stage2_memory(), root,
                                                      hyp::stage2_root(), va);
}

void compare(mmu::Va va) {
    const auto walk = walk_guest(va);
    ++compared;
    mapped += walk.output ? 1 : 0;
    if (cpu::translate<cpu::kAts12nsopr>(va) != walk.output) {
        found = "the CPU and the software walker disagree about a read at PL1";
    }
    const auto& attributes = walk.first.attributes;
    const bool may_write = walk.output && attributes.writable && walk.second->attributes.write;
    if (cpu::translate<cpu::kAts12nsopw>(va).has_value() != may_write) {
        found = "the CPU and the software walker disagree about a write at PL1";
    }
    const bool user_read = walk.output && attributes.pl0;
    if (cpu::translate<cpu::kAts12nsour>(va).has_value() != user_read) {
        found = "the CPU and the software walker disagree about a read at PL0";
    }
    if (cpu::translate<cpu::kAts12nsouw>(va).has_value() != (user_read && may_write)) {
        found = "the CPU and the software walker disagree about a write at PL0";
    }
}

void compare_whole_guest() {
    // All pages of the guest's memory, a sparse sample of everything, and the devices.
    const auto& parameters = last_parameters();
    const std::uint64_t base = reinterpret_cast<std::uint32_t>(__guest_base);
    for (std::uint64_t va = base; va < parameters.memory_end; va += mmu::kFrameBytes) {
        compare({va + va / mmu::kFrameBytes % mmu::kFrameBytes});
    }
    constexpr std::uint64_t kStep = 0x3FF000 + 0x456;
    for (std::uint64_t va = 0; va < mmu::Va::limit; va += kStep) {
        compare({va});
    }
    for (std::uint64_t page = 0; page < 4; ++page) {
        compare({parameters.distributor + page * mmu::kFrameBytes});
        compare({parameters.cpu_interface + page * mmu::kFrameBytes});
    }
}

Complaint the_cpu_agrees_about_both_stages() {
    found = {};
    compared = mapped = 0;
    const auto stop = run_guest(page_fault_scenario(Delivery::kInjected), compare_whole_guest);
    if (!stop || stop->reason != hyp::StopReason::kFinished) {
        return "the guest did not finish";
    }
    if (compared < 1000 || mapped < 100) {
        return "too few addresses were compared";
    }
    return found;
}

/// What a walk through any cell of the matrix comes to.
struct CellWalk {
    std::optional<mmu::Pa> output;
    unsigned reads;
    bool writable;
    bool pl0;
};

template <class First, class Second>
CellWalk nested(mmu::Ipa root, mmu::Va va) {
    mmu::HardwareReader<typename First::Family, mmu::Pa> first_memory;
    mmu::HardwareReader<mmu::LongFamily, mmu::Pa> second_memory;
    const auto walk =
        mmu::nested_walk<First, Second>(first_memory, second_memory, root, hyp::stage2_root(), va);
    const auto& attributes = walk.first.attributes;
    return {walk.output, walk.reads, attributes.writable && walk.second->attributes.write,
            attributes.pl0};
}

template <class Second>
CellWalk stage2_alone(mmu::Va va) {
    mmu::HardwareReader<mmu::LongFamily, mmu::Pa> memory;
    const auto walk = mmu::walk<Second>(memory, hyp::stage2_root(), {va.value});
    return {walk.output, walk.reads, walk.attributes.write, true};
}

template <class First>
CellWalk with_stage1(const measure::Translation& cell, mmu::Ipa root, mmu::Va va) {
    if (cell.regime() == measure::Regime::kNative) {
        mmu::HardwareReader<typename First::Family, mmu::Ipa> memory;
        const auto walk = mmu::walk<First>(memory, root, va);
        std::optional<mmu::Pa> output;
        if (walk.output) {
            output = mmu::Pa{walk.output->value};
        }
        return {output, walk.reads, walk.attributes.writable, walk.attributes.pl0};
    }
    return measure::starts_at_level2(cell.stage2) ? nested<First, mmu::Stage2Narrow>(root, va)
                                                  : nested<First, mmu::Stage2>(root, va);
}

CellWalk walk_cell(const measure::Translation& cell, mmu::Va va) {
    const mmu::Ipa root{last_report().tables_at};
    if (cell.stage1 == measure::Stage1::kOff) {
        return measure::starts_at_level2(cell.stage2) ? stage2_alone<mmu::Stage2Narrow>(va)
                                                      : stage2_alone<mmu::Stage2>(va);
    }
    return measure::is_short(cell.stage1) ? with_stage1<mmu::ShortStage1>(cell, root, va)
                                          : with_stage1<mmu::Stage1>(cell, root, va);
}

void compare_cell(const measure::Translation& cell, mmu::Va va) {
    const CellWalk walk = walk_cell(cell, va);
    mapped += walk.output ? 1 : 0;
    const bool write = walk.output && walk.writable;
    const bool user = walk.output && walk.pl0;
    if (cpu::translate<cpu::kAts12nsopr>(va) != walk.output ||
        cpu::translate<cpu::kAts12nsopw>(va).has_value() != write ||
        cpu::translate<cpu::kAts12nsour>(va).has_value() != user ||
        cpu::translate<cpu::kAts12nsouw>(va).has_value() != (user && write)) {
        found = "the CPU and the software walker disagree";
    }
}

/// Levels of a walk that ends in the leaves of the cell, of stage 1 and stage 2.
unsigned levels(measure::Stage1 stage1) {
    constexpr unsigned kLevels[] = {3, 2, 2, 1, 0};  // in the order of Stage1
    return kLevels[static_cast<std::size_t>(stage1)];
}
unsigned levels(measure::Stage2 stage2) {
    constexpr unsigned kLevels[] = {0, 3, 2, 1, 2, 1};  // in the order of Stage2
    return kLevels[static_cast<std::size_t>(stage2)];
}

measure::Translation inspected;

void compare_chase() {
    if (measure::is_short(inspected.stage1)) {
        // The guest has gone back to long descriptors before it finished.
        if (!cpu::read<mmu::Ttbcr>().get(mmu::Ttbcr::kEae)) {
            found = "the guest did not change its tables back";
            return;
        }
        cpu::write(mmu::short_ttbcr());
        cpu::write(mmu::short_ttbr0({last_report().tables_at}));
        cpu::isb();
        cpu::operate<cpu::kTlbiallnsnh>();
        cpu::dsb();
        cpu::isb();
    }
    const unsigned reads = (levels(inspected.stage1) + 1) * (levels(inspected.stage2) + 1) - 1;
    const std::uint64_t base = last_report().base;
    for (std::uint64_t page = 0; page < kChaseBytes; page += mmu::kFrameBytes) {
        const mmu::Va va{base + page + page / mmu::kFrameBytes % mmu::kFrameBytes};
        compare_cell(inspected, va);
        if (walk_cell(inspected, va).reads != reads) {
            found = "a walk reads more or fewer descriptors than its levels say";
        }
    }
    constexpr std::uint64_t kStep = 0x3FF000 + 0x456;
    for (std::uint64_t va = 0; va < mmu::Va::limit; va += kStep) {
        compare_cell(inspected, {va});
    }
}

Complaint the_cpu_agrees_in_every_cell() {
    found = {};
    for (const measure::Translation& cell : measure::kMatrix) {
        if (!cell.impossible().empty() ||
            (cell.stage2 == measure::Stage2::k1G && !has_gigabyte())) {
            continue;
        }
        mapped = 0;
        inspected = cell;
        const auto stop = run_guest(chase_scenario(cell), compare_chase);
        if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
            return "a guest did not finish";
        }
        if (mapped < kChaseBytes / mmu::kFrameBytes) {
            return "a page of a chase is not mapped";
        }
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

/// Each page of the chase must lie where the permutation has it, by the CPU's walk and the
/// walker's.
void compare_scattered() {
    const std::uint64_t base = last_report().base;
    constexpr auto kPage = static_cast<std::uint32_t>(mmu::kFrameBytes);
    constexpr std::uint32_t kPages = kChaseBytes / kPage;
    for (std::uint32_t page = 0; page < kPages; ++page) {
        const mmu::Va va{base + page * kPage + page};
        const mmu::Pa place{base + measure::chase::scattered_page(page, kPages) * kPage + page};
        if (walk_cell(inspected, va).output != place) {
            found = "a scattered page does not lie where its permutation has it";
        }
        compare_cell(inspected, va);
    }
}

Complaint scattered_pages_lie_where_their_permutation_has_them() {
    found = {};
    for (const measure::Translation& cell : {measure::kPlainNative, measure::kPlainNested}) {
        inspected = cell;
        const auto stop =
            run_guest(chase_scenario(cell, measure::Placement::kScattered), compare_scattered);
        if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
            return "a guest did not finish";
        }
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

measure::Mapping booted_with;

/// What the boot has touched is where the VM's memory lies; what it has not is mapped only where
/// that is so beforehand, or where a window reaches there.
void compare_boot() {
    const auto& parameters = last_parameters();
    const std::uint64_t base = reinterpret_cast<std::uint32_t>(__guest_base);
    const std::uint64_t touched = parameters.demand_base + kBootWorkingSet;
    const std::uint64_t end = parameters.demand_base + parameters.demand_bytes;
    mmu::HardwareReader<mmu::LongFamily, mmu::Pa> memory;
    for (std::uint64_t ipa = base; ipa < end; ipa += mmu::kFrameBytes) {
        const auto walk = mmu::walk<mmu::Stage2>(memory, hyp::stage2_root(), {ipa});
        const bool must =
            (ipa >= parameters.demand_base && ipa < touched) || !measure::is_on_demand(booted_with);
        if (walk.output ? *walk.output != mmu::Pa{ipa} : must) {
            found = "a page of the guest's memory is not mapped, or to another place";
        }
        if (ipa >= touched && walk.output && measure::is_on_demand(booted_with)) {
            found = "a page is mapped that was not touched";
        }
        mapped += walk.output ? 1 : 0;
    }
}

Complaint what_is_mapped_on_demand_lies_where_it_should() {
    found = {};
    for (std::size_t i = 1; i < measure::kMappingNames.size(); ++i) {
        booted_with = static_cast<measure::Mapping>(i);
        mapped = 0;
        const auto stop = run_guest(boot_scenario(booted_with), compare_boot);
        if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
            return "a guest did not finish its boot";
        }
        if (measure::is_on_demand(booted_with) &&
            mapped > stop->costs.demand_faults * measure::pages_a_fault(booted_with)) {
            return "more pages are mapped than its faults can have mapped";
        }
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

using Tables = hyp::Stage2Memory;

/// Only stage 2: with SCTLR.M = 0 stage 1 is flat, so the VA is the IPA.
Complaint compare_stage2(mmu::Pa root, Tables& memory, std::span<const mmu::Ipa> addresses) {
    cpu::write(cpu::kResetSctlr);
    cpu::write(mmu::Ttbcr{});
    cpu::write(hyp::kGuestHcr);
    cpu::write(mmu::vtcr(mmu::Stage2::kGeometry));
    cpu::write(cpu::Vttbr{}.with(cpu::Vttbr::kBaddr, root.value).with(cpu::Vttbr::kVmid, 9));
    cpu::isb();
    cpu::operate<cpu::kTlbiallnsnh>();
    cpu::dsb();
    cpu::isb();
    Complaint complaint;
    for (const mmu::Ipa ipa : addresses) {
        const auto walk = mmu::walk<mmu::Stage2>(memory, root, ipa);
        if (cpu::translate<cpu::kAts12nsopr>({ipa.value}) != walk.output) {
            complaint = "the CPU and the software walker disagree about stage 2";
        }
        const bool may_write = walk.output && walk.attributes.write;
        if (cpu::translate<cpu::kAts12nsopw>({ipa.value}).has_value() != may_write) {
            complaint = "the CPU and the software walker disagree about stage 2's writes";
        }
    }
    cpu::write(cpu::Hcr{}.with(cpu::Hcr::kTsc, true));
    cpu::isb();
    return complaint;
}

Complaint the_cpu_agrees_about_every_block_size() {
    constexpr unsigned kFrames = 16;
    static std::uint32_t bitmap[mmu::FramePool<>::words_for(kFrames)];
    // The guest's memory is free between two runs.
    mmu::FramePool<mmu::Pa> pool({reinterpret_cast<std::uint32_t>(__guest_base)}, kFrames, bitmap);
    Tables memory(pool);
    const auto root = pool.allocate_run(mmu::Stage2::kGeometry.root_tables());
    if (!root) {
        return "no frames for the root";
    }
    for (unsigned i = 0; i < mmu::Stage2::kGeometry.root_tables(); ++i) {
        Tables::clear(*root + i * mmu::kFrameBytes);
    }
    hyp::Stage2Builder builder(memory, *root);
    constexpr mmu::Stage2Attributes kReadOnly{.read = true, .executable = true};
    // Not at their own addresses: then a translation that did nothing would go unnoticed.
    struct Mapping {
        mmu::Range<mmu::Ipa> range;
        mmu::Pa target;
        mmu::Size size;
        mmu::Stage2Attributes attributes;
    };
    constexpr std::array kMappings{
        Mapping{{{0x00001000}, 0x3000}, {0x45678000}, mmu::Size::k4K, hyp::kGuestMemory},
        Mapping{{{0x00800000}, 0x400000}, {0x51200000}, mmu::Size::k2M, hyp::kGuestMemory},
        Mapping{{{0x40000000}, 0x40000000}, {0x80000000}, mmu::Size::k1G, hyp::kGuestMemory},
        Mapping{{{0xC0000000}, 0x2000}, {0x7654F000}, mmu::Size::k4K, kReadOnly},
    };
    for (const Mapping& mapping : kMappings) {
        if (builder.map(mapping.range, mapping.target, mapping.attributes, mapping.size) !=
            mmu::Status::kOk) {
            return "a mapping was refused";
        }
    }
    // A hole and a change inside blocks, which are split for them.
    if (builder.unmap({{0x00855000}, 0x1000}) != mmu::Status::kOk ||
        builder.protect({{0x40600000}, 0x200000}, kReadOnly) != mmu::Status::kOk) {
        return "a block was not split";
    }
    constexpr std::array<mmu::Ipa, 16> kAddresses{{{0x00000FFF},
                                                   {0x00001000},
                                                   {0x00003ABC},
                                                   {0x00004000},
                                                   {0x007FFFFF},
                                                   {0x00800123},
                                                   {0x00855000},
                                                   {0x00856010},
                                                   {0x00BFFFFF},
                                                   {0x00C00000},
                                                   {0x40000000},
                                                   {0x40612345},
                                                   {0x7FFFFFFF},
                                                   {0x80000000},
                                                   {0xC0001FFF},
                                                   {0xC0002000}}};
    return compare_stage2(*root, memory, kAddresses);
}

constexpr std::array kCases{
    Case{"translation: the CPU agrees with the walker about both stages of a guest that ran",
         the_cpu_agrees_about_both_stages},
    Case{"translation: the CPU agrees with the walker in every cell of the matrix, and about its "
         "reads",
         the_cpu_agrees_in_every_cell},
    Case{"translation: scattered pages lie where their permutation has them",
         scattered_pages_lie_where_their_permutation_has_them},
    Case{"translation: what a guest touches while it boots lies where it should, however mapped",
         what_is_mapped_on_demand_lies_where_it_should},
    Case{"translation: the CPU agrees with the walker about every block size of stage 2",
         the_cpu_agrees_about_every_block_size},
};

}  // namespace

std::span<const Case> translation_cases() { return kCases; }

}  // namespace hm::target
