#include "session/core/slots.hpp"

#include <gtest/gtest.h>

#include "session/core/guest_slot.hpp"
#include "tests/unit/session/boards.hpp"

namespace hm::session {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kTop = std::uint64_t{1} << 32;

/// As on `virt`: memory begins at 1 GB, the guest's 32 MB later.
constexpr std::uint64_t kRamBegin = 0x4000'0000;
constexpr std::uint64_t kGuestBase = kVirt.guest_base;

Slots slots_with(std::uint64_t ram_end, bool keeps_records = true) {
    return slots_in(kVirt, {{kRamBegin}, ram_end - kRamBegin}, keeps_records);
}

TEST(Slots, LieAboveEachOtherUpToTheEndOfMemory) {
    const Slots slots = slots_with(0x8000'0000);
    EXPECT_EQ(slots.measured.begin, kGuestBase);
    EXPECT_EQ(slots.measured.end, slots.companion.begin);
    EXPECT_EQ(slots.companion.end, slots.stream.base);
    EXPECT_EQ(slots.stream.base + slots.stream.bytes, slots.records);
    EXPECT_EQ(slots.records + slots.record_bytes, 0x8000'0000);
    EXPECT_GT(slots.record_bytes, 0U);
    EXPECT_EQ(slots_with(0x8000'0000, false).record_bytes, 0U);
}

TEST(Slots, StayBelow4GbHoweverMuchMemoryThereIs) {
    for (const std::uint64_t end : {kTop, kTop + kMegabyte, std::uint64_t{1} << 40}) {
        const Slots slots = slots_with(end);
        EXPECT_EQ(std::uint64_t{slots.records} + slots.record_bytes, kTop);
        EXPECT_LE(slots.companion.end, kTop);
    }
}

TEST(Slots, InTooLittleMemoryReachNeitherBelowTheGuestNorBeyondTheEnd) {
    for (std::uint64_t end = kRamBegin; end < kGuestBase + 64 * kMegabyte; end += kMegabyte / 2) {
        const Slots slots = slots_with(end);
        const std::uint64_t room = end > kGuestBase ? end - kGuestBase : 0;
        ASSERT_LE(slots.measured.bytes() + slots.companion.bytes() + slots.stream.bytes +
                      slots.record_bytes,
                  room)
            << end;
        for (const GuestSlot& slot :
             {slots.measured, slots.companion,
              GuestSlot{slots.stream.base, std::uint64_t{slots.stream.base} + slots.stream.bytes},
              GuestSlot{slots.records, std::uint64_t{slots.records} + slots.record_bytes}}) {
            if (slot.bytes() != 0) {
                ASSERT_GE(slot.begin, kGuestBase);
                ASSERT_LE(slot.end, end);
            }
        }
    }
}

TEST(Slots, NothingElseLiesInTheGigabyteOfAGuest) {
    for (const std::uint64_t end : {0xC000'0000, 0xC040'0000, 0xC180'0000, 0xF000'0000}) {
        const Slots slots = slots_with(end);
        ASSERT_TRUE(slots.gigabyte);
        const std::uint64_t begin = slots.gigabyte->end - (std::uint64_t{1} << 30);
        EXPECT_EQ(begin, 0x8000'0000);
        for (const auto& [at, bytes] : {std::pair{slots.companion.begin, slots.companion.bytes()},
                                        {slots.stream.base, slots.stream.bytes},
                                        {slots.records, slots.record_bytes}}) {
            EXPECT_GT(bytes, 0U) << end;
            EXPECT_TRUE(at + bytes <= begin || at >= slots.gigabyte->end) << end;
        }
    }
}

TEST(Slots, AGuestDoesNotFitIntoASlotWithoutBytes) {
    const Slots slots = slots_with(kGuestBase + kMegabyte);
    EXPECT_FALSE(parameters_for(kVirt, slots.measured, measure::Task{1}, {}).has_value());
    EXPECT_FALSE(parameters_for(kVirt, {kGuestBase, kRamBegin}, measure::Task{1}, {}).has_value())
        << "its end is below its beginning";
}

}  // namespace
}  // namespace hm::session
