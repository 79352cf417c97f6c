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
    constexpr std::uint32_t kRecordBytes = std::uint32_t{8} << 20;
    constexpr std::uint64_t kStreamBytes = std::uint64_t{4} << 20;
    constexpr std::uint64_t kCompanionBytes = std::uint64_t{12} << 20;
    constexpr std::uint64_t kHighest = std::uint64_t{1} << 32;
    const std::uint32_t record_bytes = keeps_records ? kRecordBytes : 0;
    const std::uint64_t records = std::min(ram.end().value, kHighest) - record_bytes;
    const std::uint64_t stream = records - kStreamBytes;
    const std::uint64_t companion = stream - kCompanionBytes;
    std::optional<GuestSlot> gigabyte;
    if (const auto begin = whole_gigabyte(platform, ram, kHighest)) {
        const std::uint64_t end = *begin + bytes(mmu::Size::k1G);
        gigabyte = {*begin + platform.guest_base % bytes(mmu::Size::k1G), std::min(end, companion)};
    }
    return {.measured = {platform.guest_base, companion},
            .gigabyte = gigabyte,
            .companion = {companion, stream},
            .stream = {.base = static_cast<std::uint32_t>(stream),
                       .bytes = static_cast<std::uint32_t>(kStreamBytes)},
            .records = static_cast<std::uint32_t>(records),
            .record_bytes = record_bytes};
}

}  // namespace hm::session
