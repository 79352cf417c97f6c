#pragma once
// The emulated devices of a VM, as a table: an address range each, and what serves an access to it.

#include <algorithm>
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

/// As it is made, one without registers, in no range. Aligned, so that its place in an array is one
/// shift away.
struct alignas(32) Device {
    mmu::Range<mmu::Ipa> range{};
    // They take the parts of a DeviceAccess one by one, in registers too. Where there is no such
    // register, the guest gets an external abort.
    DeviceValue (*read)(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) =
        [](Vcpu&, std::uint32_t, std::uint32_t) { return kNoRegister; };
    /// False where there is none.
    bool (*write)(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) =
        [](Vcpu&, std::uint32_t, std::uint32_t, std::uint32_t) { return false; };
};

/// Two of its devices can be found by their page, which takes few instructions: the first that is
/// added, if it is a page of 4 KB, and one on the page after that.
class DeviceTable {
  public:
    /// Besides those two.
    static constexpr std::size_t kMost = 6;

    /// False where the table is full.
    [[nodiscard]] constexpr bool add(const Device& device) {
        const mmu::Range<mmu::Ipa>& range = device.range;
        const auto page = static_cast<std::uint32_t>(range.begin.value / mmu::kFrameBytes);
        const bool is_page =
            range.begin.value % mmu::kFrameBytes == 0 && range.bytes == mmu::kFrameBytes;
        if (is_page && count_ == 0) {
            first_page_ = page;
        }
        const std::uint32_t place = page - first_page_;  // huge below the first
        if (is_page && place < kQuick && devices_[place].range.bytes == 0) {
            devices_[place] = device;
            count_ = std::max(count_, kQuick);
            return true;
        }
        count_ = std::max(count_, kQuick);
        if (count_ == devices_.size()) {
            return false;
        }
        devices_[count_++] = device;
        return true;
    }

    /// The device that has all `bytes` bytes from `address` on in its range; null where there is
    /// none.
    [[nodiscard]] constexpr const Device* find(mmu::Ipa address, std::uint32_t bytes) const {
        for (std::size_t i = 0; i < count_; ++i) {
            const mmu::Range<mmu::Ipa>& range = devices_[i].range;
            const std::uint64_t offset = address - range.begin;  // huge below the range
            if (offset < range.bytes && bytes <= range.bytes - offset) {
                return &devices_[i];
            }
        }
        return nullptr;
    }

    /// What is found by this page of 4 KB: one of the two devices, or one without registers; null
    /// where the page is not theirs.
    [[nodiscard]] constexpr const Device* at_page(std::uint32_t page) const {
        const std::uint32_t place = page - first_page_;
        return place < kQuick ? &devices_[place] : nullptr;
    }

    constexpr void clear() {
        count_ = 0;
        first_page_ = kNoPage;
        devices_[0] = Device{};
        devices_[1] = Device{};
    }

  private:
    static constexpr std::size_t kQuick = 2;
    static constexpr std::uint32_t kNoPage = UINT32_MAX - 1;

    std::uint32_t first_page_ = kNoPage;
    std::size_t count_ = 0;  ///< places that are looked at
    std::array<Device, kQuick + kMost> devices_{};
};

}  // namespace hm::hyp
