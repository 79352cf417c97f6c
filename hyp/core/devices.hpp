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

struct Device {
    mmu::Range<mmu::Ipa> range{};
    // They take the parts of a DeviceAccess one by one, in registers too. Where there is no such
    // register, the guest gets an external abort.
    DeviceValue (*read)(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) = nullptr;
    /// False where there is none.
    bool (*write)(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes,
                  std::uint32_t value) = nullptr;
};

class DeviceTable {
  public:
    static constexpr std::size_t kMost = 8;

    /// False where the table is full.
    [[nodiscard]] constexpr bool add(const Device& device) {
        if (count_ == kMost) {
            return false;
        }
        const mmu::Range<mmu::Ipa>& range = device.range;
        const bool is_page =
            range.begin.value % mmu::kFrameBytes == 0 && range.bytes == mmu::kFrameBytes;
        if (count_ == 0 && is_page) {
            first_page_ = static_cast<std::uint32_t>(range.begin.value / mmu::kFrameBytes);
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

    /// The first device that was added, where this page of 4 KB is all of it; otherwise null.
    [[nodiscard]] constexpr const Device* first_at(std::uint32_t page) const {
        return first_page_ == page ? devices_.data() : nullptr;
    }

    constexpr void clear() {
        count_ = 0;
        first_page_ = kNoPage;
    }

  private:
    static constexpr std::uint32_t kNoPage = UINT32_MAX;

    std::array<Device, kMost> devices_{};
    std::uint32_t first_page_ = kNoPage;
    std::size_t count_ = 0;
};

}  // namespace hm::hyp
