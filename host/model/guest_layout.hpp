#pragma once
// What lies where in a guest's memory, as its linker script and its kernel lay it out
// (linker/guest.ld, guest/hw/address_space.cpp, guest/hw/kernel.cpp). Both builders give out table
// frames lowest first. So the order in which the guest maps things decides where tables lie.

#include <cstdint>

#include "drivers/mmu/address.hpp"
#include "measure/translation.hpp"

namespace hm::host {

/// Addresses from `begin` up to `end`.
struct Extent {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    /// In whole leaves of `size`.
    [[nodiscard]] constexpr Extent in(mmu::Size size) const {
        const std::uint64_t mask = bytes(size) - 1;
        return {begin & ~mask, (end + mask) & ~mask};
    }
    [[nodiscard]] constexpr std::uint64_t bytes_in() const { return end > begin ? end - begin : 0; }

    friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

struct GuestLayout {
    /// kLongFrames and kShortFrames of guest/hw/address_space.cpp, in bytes. The guest keeps the
    /// first for its long descriptors always, and the second after it for short ones.
    static constexpr std::uint64_t kLongTables = std::uint64_t{224} * 4096;
    static constexpr std::uint64_t kShortTables = std::uint64_t{400} * 1024;
    /// Interrupt controllers lie in the first gigabyte on every board, all that a guest maps in one
    /// megabyte. The place is that of board virt.
    static constexpr Extent kDevices{0x0800'0000, 0x0801'2000};
    /// What a VM's memory has beyond what its workload asks for (session/core/guest_slot.cpp).
    static constexpr std::uint64_t kOverhead = std::uint64_t{8} << 20;

    std::uint64_t tables;  ///< Root of the timed part's tables.
    Extent image;          ///< From the guest's base to the end of all tables.

    [[nodiscard]] static constexpr GuestLayout with_tables_at(std::uint64_t tables, bool is_short) {
        const std::uint64_t image_end = is_short ? tables - kLongTables : tables;
        const Extent image{image_end, image_end};
        return {tables,
                {image.in(mmu::Size::k2M).begin,
                 image_end + kLongTables + (is_short ? kShortTables : 0)}};
    }
    /// Of board virt, with the image as large as it is today.
    [[nodiscard]] static constexpr GuestLayout usual(bool is_short) {
        constexpr std::uint64_t kImageEnd = 0x4201'8000;
        return with_tables_at(kImageEnd + (is_short ? kLongTables : 0), is_short);
    }

    /// After the image the kernel gives a page to the job and one to its events, then the chase's
    /// memory, in blocks.
    [[nodiscard]] constexpr std::uint64_t memory_for_chase(measure::Stage1 stage1) const {
        const std::uint64_t begin = image.end + 2 * bytes(mmu::Size::k4K);
        const mmu::Size block = stage1 == measure::Stage1::kLong2M    ? mmu::Size::k2M
                                : stage1 == measure::Stage1::kShort1M ? mmu::Size::k1M
                                                                      : mmu::Size::k4K;
        return Extent{0, begin}.in(block).end;
    }
};

}  // namespace hm::host
