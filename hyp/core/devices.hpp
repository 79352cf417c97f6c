#pragma once
// The emulated devices of a VM, as a table: an address range each, and what serves an access to it.

#include <array>
#include <cstddef>
#include <cstdint>

#include "drivers/mmu/address.hpp"

namespace hm::hyp {

struct Vcpu;

/// Where in a device an access goes, and how wide it is.
struct DeviceAccess {
    std::uint32_t offset = 0;  ///< from the beginning of the device's range
    std::uint32_t bytes = 4;   ///< 1, 2 or 4
};

/// What a guest reads, in the low word; kNoRegister where the device has no register of that size
/// at that place. As one number it is returned in two registers, and accesses are counted.
using DeviceValue = std::uint64_t;
inline constexpr DeviceValue kNoRegister = DeviceValue{1} << 32;

/// As it is made, one without registers, in no range.
struct Device {
    mmu::Range<mmu::Ipa> range{};
    // They take the parts of a DeviceAccess one by one, in registers too. Where there is no such
    // register, the guest gets an external abort.
    DeviceValue (*read)(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) =
        [](Vcpu&, std::uint32_t, std::uint32_t) { return kNoRegister; };
    /// False where there is none.
    bool (*write)(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) =
        [](Vcpu&, std::uint32_t, std::uint32_t, std::uint32_t) { return false; };
};

/// A device that is a page of 4 KB can be found by its page, which takes few instructions: as long
/// as no other one's page number ends with the same three bits.
class DeviceTable {
  public:
    static constexpr std::size_t kPlaces = 8;
    /// Besides those that have a place by their page.
    static constexpr std::size_t kMost = 6;

    /// False where the table is full.
    [[nodiscard]] constexpr bool add(const Device& device) {
        const mmu::Range<mmu::Ipa>& range = device.range;
        const std::uint32_t page = page_of(range.begin);
        Place& place = places_[page % kPlaces];
        const bool is_page =
            range.begin.value % mmu::kFrameBytes == 0 && range.bytes == mmu::kFrameBytes;
        if (is_page && place.page == kNoPage) {
            place = {.page = page, .device = device};
            return true;
        }
        if (count_ == others_.size()) {
            return false;
        }
        others_[count_++] = device;
        return true;
    }

    /// The device that has all `bytes` bytes from `address` on in its range; null where there is
    /// none.
    [[nodiscard]] constexpr const Device* find(mmu::Ipa address, std::uint32_t bytes) const {
        const Device* const quick = at_page(page_of(address));
        if (quick != nullptr && has(*quick, address, bytes)) {
            return quick;
        }
        for (std::size_t i = 0; i < count_; ++i) {
            if (has(others_[i], address, bytes)) {
                return &others_[i];
            }
        }
        return nullptr;
    }

    /// The device that has its place by this page of 4 KB, and null where there is none.
    [[nodiscard]] constexpr const Device* at_page(std::uint32_t page) const {
        const Place& place = places_[page % kPlaces];
        return place.page == page ? &place.device : nullptr;
    }

    constexpr void clear() {
        count_ = 0;
        for (Place& place : places_) {
            place.page = kNoPage;
        }
    }

  private:
    static constexpr std::uint32_t kNoPage = UINT32_MAX;  // of an IPA they have 28 bits

    /// Its size is a power of two, and the page comes first: so it is read in one instruction.
    struct alignas(32) Place {
        std::uint32_t page = kNoPage;
        Device device{};
    };

    [[nodiscard]] static constexpr std::uint32_t page_of(mmu::Ipa address) {
        return static_cast<std::uint32_t>(address.value / mmu::kFrameBytes);
    }
    [[nodiscard]] static constexpr bool has(const Device& device, mmu::Ipa address,
                                            std::uint32_t bytes) {
        const std::uint64_t offset = address - device.range.begin;  // huge below the range
        return offset < device.range.bytes && bytes <= device.range.bytes - offset;
    }

    std::array<Place, kPlaces> places_{};
    std::size_t count_ = 0;
    std::array<Device, kMost> others_{};
};

}  // namespace hm::hyp
