#include "session/core/slots.hpp"

#include <algorithm>

namespace hm::session {

namespace {

/// A gigabyte of memory that the guest may have all of: the monitor is not in it.
std::optional<std::uint64_t> whole_gigabyte(const Platform& platform, const board::Ram& ram,
                                            std::uint64_t end) {
    constexpr std::uint64_t kGigabyte = bytes(mmu::Size::k1G);
    for (mmu::Pa begin = align_up(ram.begin, mmu::Size::k1G);
         begin.value + kGigabyte <= std::min(ram.end().value, end); begin = begin + kGigabyte) {
        if (!mmu::Range<mmu::Pa>{begin, kGigabyte}.contains({platform.image})) {
            return begin.value;
        }
    }
    return std::nullopt;
}

}  // namespace

const GuestSlot* Slots::of(const measure::Scenario& scenario) const {
    if (scenario.translation.stage2 != measure::Stage2::k1G) {
        return &measured;
    }
    return gigabyte ? &*gigabyte : nullptr;
}

Slots slots_in(const Platform& platform, const board::Ram& ram, bool keeps_records) {
    constexpr std::uint64_t kRecordBytes = std::uint64_t{8} << 20;
    constexpr std::uint64_t kStreamBytes = std::uint64_t{4} << 20;
    constexpr std::uint64_t kCompanionBytes = std::uint64_t{12} << 20;
    constexpr std::uint64_t kHighest = std::uint64_t{1} << 32;
    const std::uint64_t base = platform.guest_base;
    // From the end of memory downwards; what would reach below the guests' base gets nothing.
    std::uint64_t top = std::min(ram.end().value, kHighest);
    const auto take = [&top, base](std::uint64_t bytes) {
        const std::uint64_t taken = top > base && bytes <= top - base ? bytes : 0;
        top -= taken;
        return GuestSlot{top, top + taken};
    };
    const GuestSlot records = take(keeps_records ? kRecordBytes : 0);
    const GuestSlot stream = take(kStreamBytes);
    const GuestSlot companion = take(kCompanionBytes);
    std::optional<GuestSlot> gigabyte;
    if (const auto begin = whole_gigabyte(platform, ram, kHighest)) {
        const std::uint64_t end = *begin + bytes(mmu::Size::k1G);
        gigabyte = {*begin + base % bytes(mmu::Size::k1G), std::min(end, companion.begin)};
    }
    return {.measured = {base, companion.begin},
            .gigabyte = gigabyte,
            .companion = companion,
            .stream = {.base = static_cast<std::uint32_t>(stream.begin),
                       .bytes = static_cast<std::uint32_t>(stream.bytes())},
            .records = static_cast<std::uint32_t>(records.begin),
            .record_bytes = static_cast<std::uint32_t>(records.bytes())};
}

}  // namespace hm::session
