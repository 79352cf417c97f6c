#include "guest/hw/address_space.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "measure/guest_abi.hpp"
#include "measure/workload/chase_places.hpp"

namespace hm::guest {

namespace {

constexpr std::uint32_t kLongFrames = 224;
/// The root of 16 KB and tables for 384 MB.
constexpr std::uint32_t kShortFrames = 400;
/// For image and stacks.
constexpr std::uint32_t kMostImage = 0x30000;
static_assert(measure::kGuestImageOffset + kMostImage + kLongFrames * mmu::kFrameBytes +
                  kShortFrames * mmu::ShortFamily::kTableBytes <=
              measure::kUncachedBytes);
constexpr unsigned kShortRootTables = mmu::ShortStage1::kGeometry.root_tables();

std::uint32_t long_bitmap[mmu::FramePool<>::words_for(kLongFrames)];
std::uint32_t short_bitmap[mmu::FramePool<>::words_for(kShortFrames)];

constexpr cpu::Sctlr kCachesOn = cpu::kResetSctlr.with(cpu::Sctlr::kC, true)
                                     .with(cpu::Sctlr::kZ, true)
                                     .with(cpu::Sctlr::kI, true);
constexpr cpu::Sctlr kMmuOn = kCachesOn.with(cpu::Sctlr::kM, true);

mmu::Size block_of(measure::Stage1 kind) {
    switch (kind) {
        case measure::Stage1::kLong2M:
            return mmu::Size::k2M;
        case measure::Stage1::kShort1M:
            return mmu::Size::k1M;
        default:
            return mmu::Size::k4K;
    }
}

/// Pages of short descriptors have no PXN of their own.
mmu::ShortAttributes shortened(const mmu::Stage1Attributes& attributes) {
    return {.memory = attributes.memory,
            .pl0 = attributes.pl0,
            .writable = attributes.writable,
            .executable = attributes.execute != mmu::Execute::kNever,
            .not_global = attributes.not_global};
}

/// TTBCR.EAE selects the format of the tables: it may change only with the MMU off and with the
/// TLBs empty (ARM DDI 0406C.d, B3.10.1 and B4.1.153). In between nothing may be loaded or stored,
/// since that would bypass the caches. So this is one statement. Its instructions are in memory,
/// where the monitor put them, and run at their own address. TTBR0 is written whole: with EAE = 0
/// its low word is used (B4.1.154).
void change_tables(std::uint32_t ttbcr, std::uint64_t ttbr0) {
    asm volatile(
        "dsb sy\n\t"
        "mcr p15, 0, %[off], c1, c0, 0\n\t"  // SCTLR
        "isb\n\t"
        "mcr p15, 0, %[ttbcr], c2, c0, 2\n\t"  // TTBCR
        "mcrr p15, 0, %Q[ttbr0], %R[ttbr0], c2\n\t"
        "isb\n\t"
        "mcr p15, 0, %[off], c8, c7, 0\n\t"  // TLBIALL
        "mcr p15, 0, %[off], c7, c5, 6\n\t"  // BPIALL
        "dsb sy\n\t"
        "isb\n\t"
        "mcr p15, 0, %[on], c1, c0, 0\n\t"
        "isb"
        :
        : [off] "r"(kCachesOn.raw), [on] "r"(kMmuOn.raw), [ttbcr] "r"(ttbcr), [ttbr0] "r"(ttbr0)
        : "memory");
}

}  // namespace

AddressSpace::AddressSpace(measure::Stage1 kind, mmu::Ipa tables)
    : kind_(kind),
      block_(block_of(kind)),
      long_frames_(tables, kLongFrames, long_bitmap),
      long_memory_(long_frames_),
      long_tables_(long_memory_, tables),
      short_frames_(tables + kLongFrames * mmu::kFrameBytes, is_short() ? kShortFrames : 0,
                    short_bitmap),
      short_memory_(short_frames_),
      short_tables_(short_memory_, tables + kLongFrames * mmu::kFrameBytes) {}

std::uint32_t AddressSpace::end() const {
    const auto begin = static_cast<std::uint32_t>(long_tables_.root().value);
    return begin + kLongFrames * static_cast<std::uint32_t>(mmu::kFrameBytes) +
           (is_short() ? kShortFrames * static_cast<std::uint32_t>(mmu::ShortFamily::kTableBytes)
                       : 0);
}

bool AddressSpace::prepare() {
    // Both builders assume that their roots are the lowest frames.
    if (!long_memory_.allocate()) {
        return false;
    }
    if (!is_short()) {
        return true;
    }
    const auto root = short_frames_.allocate_run(kShortRootTables);
    for (unsigned i = 0; root && i < kShortRootTables; ++i) {
        ShortMemory::clear(*root + i * mmu::ShortFamily::kTableBytes);
    }
    return root == short_tables_.root();
}

bool AddressSpace::map_to(mmu::Ipa target, mmu::Va begin, std::uint32_t bytes,
                          const mmu::Stage1Attributes& attributes, mmu::Size size) {
    // Long descriptors have no blocks of 1 MB.
    const mmu::Size long_size = size == mmu::Size::k1M ? mmu::Size::k4K : size;
    return long_tables_.map({begin, bytes}, target, attributes, long_size) == mmu::Status::kOk &&
           (!is_short() || short_tables_.map({begin, bytes}, target, shortened(attributes), size) ==
                               mmu::Status::kOk);
}

bool AddressSpace::map(mmu::Va begin, std::uint32_t bytes, const mmu::Stage1Attributes& attributes,
                       Layout layout) {
    if (is_off()) {
        return true;
    }
    constexpr auto kPage = static_cast<std::uint32_t>(mmu::kFrameBytes);
    bool mapped = true;
    if (layout == Layout::kScattered) {
        const std::uint32_t pages = bytes / kPage;
        for (std::uint32_t page = 0; mapped && page < pages; ++page) {
            const std::uint32_t place = measure::chase::scattered_page(page, pages);
            mapped = map_to({begin.value + place * kPage}, begin + page * kPage, kPage, attributes,
                            mmu::Size::k4K);
        }
    } else {
        mapped = map_to({begin.value}, begin, bytes, attributes,
                        layout == Layout::kBlocks ? block_ : mmu::Size::k4K);
    }
    cpu::isb();  // the kernel itself may use the pages next (ARM DDI 0406C.d, B3.10.1)
    return mapped;
}

void AddressSpace::turn_on() {
    if (is_off()) {
        cpu::invalidate_instructions();
        cpu::write(kCachesOn);
        cpu::isb();  // on from here (B3.15.5)
        return;
    }
    cpu::write(cpu::Mair0::from(mmu::kMair0.raw));
    cpu::write(cpu::Mair1{});
    cpu::write(mmu::ttbcr(mmu::Stage1::kGeometry));
    cpu::write(cpu::Ttbr0{}.with(cpu::Ttbr0::kBaddr, long_tables_.root().value));
    // TTBCR.N is 0 with short descriptors: nothing is translated by TTBR1 (B3.5.4). gem5 24.0 takes
    // the attributes of the walks from it all the same (TableWalker::processWalk).
    cpu::write(cpu::Ttbr1::from(is_short() ? mmu::short_ttbr0(short_tables_.root()).raw : 0));
    cpu::write(cpu::Contextidr{});
    cpu::write(mmu::kShortDacr);
    cpu::isb();  // the tables are known (B3.15.5) before entries of others go (B3.10.1)
    cpu::operate<cpu::kTlbiall>();
    cpu::invalidate_instructions();
    cpu::write(kMmuOn);
    cpu::isb();  // on from here (B3.15.5)
}

void AddressSpace::begin_timed_part() {
    if (is_short()) {
        change_tables(mmu::short_ttbcr().raw, mmu::short_ttbr0(short_tables_.root()).raw);
    }
}

void AddressSpace::end_timed_part() {
    if (is_short()) {
        change_tables(mmu::ttbcr(mmu::Stage1::kGeometry).raw,
                      cpu::Ttbr0{}.with(cpu::Ttbr0::kBaddr, long_tables_.root().value).raw);
    }
}

mmu::Ipa AddressSpace::root() const {
    return is_short() ? short_tables_.root() : long_tables_.root();
}

std::uint32_t AddressSpace::table_bytes() const {
    if (is_off()) {
        return 0;
    }
    return is_short() ? (kShortFrames - short_frames_.available()) *
                            static_cast<std::uint32_t>(mmu::ShortFamily::kTableBytes)
                      : (kLongFrames - long_frames_.available()) *
                            static_cast<std::uint32_t>(mmu::kFrameBytes);
}

}  // namespace hm::guest
