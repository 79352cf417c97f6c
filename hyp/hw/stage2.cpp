#include "hyp/hw/stage2.hpp"

#include <algorithm>

namespace hm::hyp {

constinit Stage2Pool stage2_pool;

namespace {

/// Enough for 32 MB of tables.
std::uint32_t table_bitmap[mmu::FramePool<>::words_for(8192)];

/// `halves`: not more than half a gigabyte at a time.
bool map(Stage2Builder& builder, const MemoryRegion& region, bool halves) {
    constexpr std::uint64_t kHalf = mmu::bytes(mmu::Size::k1G) / 2;
    for (std::uint64_t done = 0; done < region.range.bytes;) {
        const mmu::Range<mmu::Ipa> rest{region.range.begin + done, region.range.bytes - done};
        const std::uint64_t step = halves ? kHalf - rest.begin.value % kHalf : rest.bytes;
        const mmu::Range<mmu::Ipa> part{rest.begin, std::min(step, rest.bytes)};
        if (builder.map(part, region.target + done, region.attributes, region.forced) !=
            mmu::Status::kOk) {
            return false;
        }
        done += part.bytes;
    }
    return true;
}

}  // namespace

void Stage2Pool::start(mmu::Pa begin, unsigned frames) {
    frames_ = mmu::FramePool<mmu::Pa>(begin, frames, table_bitmap);
    count_ = frames;
}

std::optional<mmu::Pa> Stage2Pool::new_root(unsigned tables) {
    const auto root = frames_.allocate_run(tables);
    for (unsigned i = 0; root && i < tables; ++i) {
        Stage2Memory::clear(*root + i * mmu::kFrameBytes);
    }
    return root;
}

/// A walk that starts at level 2 finds there what it would find below a level 1. So the builder
/// works from a level 1 of its own, which the CPU never reads, and the walk starts below it. It
/// maps half a gigabyte at a time, so that no block of 1 GB takes the place of a table there.
std::optional<Stage2Tables> Stage2Pool::build(const VmConfig& config) {
    constexpr unsigned kTables = mmu::Stage2Narrow::kGeometry.root_tables();
    const bool narrow = config.stage2_start == Stage2Start::kLevel2;
    const auto root = new_root(mmu::Stage2::kGeometry.root_tables());
    const auto start = narrow ? new_root(kTables) : root;
    if (!root || !start) {
        return std::nullopt;
    }
    for (unsigned i = 0; narrow && i < kTables; ++i) {
        memory_.write(*root, i, mmu::LongDescriptor::table(*start + i * mmu::kFrameBytes).raw);
    }
    std::optional<Stage2Tables> tables{
        Stage2Tables{.builder = {memory_, *root},
                     .vttbr = cpu::Vttbr{}
                                  .with(cpu::Vttbr::kBaddr, start->value)
                                  .with(cpu::Vttbr::kVmid, config.vmid)}};
    for (const MemoryRegion& region : config.map) {
        if (!map(tables->builder, region, narrow)) {
            return std::nullopt;
        }
    }
    for (const PassedDevice& device : config.passed) {
        const MemoryRegion registers{.range = device.range,
                                     .target = device.target,
                                     .attributes = kGuestDevice,
                                     .forced = std::nullopt};
        if (!map(tables->builder, registers, narrow)) {
            return std::nullopt;
        }
    }
    return tables;
}

std::uint32_t Stage2Pool::table_bytes(Stage2Start start) const {
    const bool narrow = start == Stage2Start::kLevel2;
    const unsigned unread = narrow ? mmu::Stage2::kGeometry.root_tables() : 0;
    return (count_ - frames_.available() - unread) * static_cast<std::uint32_t>(mmu::kFrameBytes);
}

}  // namespace hm::hyp

template class hm::mmu::Builder<hm::mmu::Stage2, hm::hyp::Stage2Memory>;
