#include "session/core/slots.hpp"

#include <algorithm>

namespace hm::session {

namespace {

constexpr std::uint64_t kGigabyte = bytes(mmu::Size::k1G);

/// A gigabyte of memory that the guest may have all of: the monitor lies below the guests' base.
std::optional<std::uint64_t> whole_gigabyte(const Platform& platform, const board::Ram& ram,
                                            std::uint64_t end) {
    const mmu::Pa base{std::max<std::uint64_t>(ram.begin.value, platform.guest_base)};
    const std::uint64_t begin = align_up(base, mmu::Size::k1G).value;
    return begin + kGigabyte <= end ? std::optional(begin) : std::nullopt;
}

}  // namespace

const GuestSlot* Slots::of(const measure::Scenario& scenario) const {
    if (scenario.translation.stage2 != measure::Stage2::k1G) {
        return &measured;
    }
    return gigabyte ? &*gigabyte : nullptr;
}

mmu::Range<mmu::Pa> Slots::memory_of(const measure::Scenario& scenario) const {
    const GuestSlot* const slot = of(scenario);
    if (slot == nullptr) {
        return {};
    }
    return slot == &measured
               ? slot->memory()
               : mmu::Range<mmu::Pa>{align_down(slot->base(), mmu::Size::k1G), kGigabyte};
}

Slots slots_in(const Platform& platform, const board::Ram& ram, bool keeps_records) {
    constexpr std::uint64_t kRecordBytes = std::uint64_t{8} << 20;
    constexpr std::uint64_t kStreamBytes = std::uint64_t{4} << 20;
    constexpr std::uint64_t kCompanionBytes = std::uint64_t{12} << 20;
    constexpr std::uint64_t kHighest = std::uint64_t{1} << 32;
    const std::uint64_t base = platform.guest_base;
    const std::uint64_t end = std::min(ram.end().value, kHighest);
    const auto gigabyte = whole_gigabyte(platform, ram, end);
    // From the end of memory downwards, or from below the gigabyte if too little is left above it;
    // what would reach below the guests' base gets nothing.
    const bool is_last =
        gigabyte && end - (*gigabyte + kGigabyte) < kRecordBytes + kStreamBytes + kCompanionBytes;
    std::uint64_t top = is_last ? *gigabyte : end;
    const auto take = [&top, base](std::uint64_t bytes) {
        const std::uint64_t taken = top > base && bytes <= top - base ? bytes : 0;
        top -= taken;
        return GuestSlot{top, top + taken};
    };
    const GuestSlot records = take(keeps_records ? kRecordBytes : 0);
    const GuestSlot stream = take(kStreamBytes);
    const GuestSlot companion = take(kCompanionBytes);
    std::optional<GuestSlot> in_gigabyte;
    if (gigabyte) {
        in_gigabyte = {*gigabyte + base % kGigabyte, *gigabyte + kGigabyte};
    }
    return {.measured = {base, companion.begin},
            .gigabyte = in_gigabyte,
            .companion = companion,
            .stream = {.base = static_cast<std::uint32_t>(stream.begin),
                       .bytes = static_cast<std::uint32_t>(stream.bytes())},
            .records = static_cast<std::uint32_t>(records.begin),
            .record_bytes = static_cast<std::uint32_t>(records.bytes())};
}

}  // namespace hm::session
