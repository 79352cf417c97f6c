#pragma once
// The emulated devices of a VM, as a table: an address range each, and what serves an access to it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "drivers/mmu/address.hpp"

namespace hm::hyp {

struct Vcpu;

/// Where in a device an access goes, and how wide it is.
struct DeviceAccess {
    std::uint32_t offset = 0;  ///< from the beginning of the device's range
    std::uint32_t bytes = 4;   ///< 1, 2 or 4
};

struct Device {
    mmu::Range<mmu::Ipa> range{};
    /// The value that the guest reads, in the low bytes; nothing where the device has no register
    /// of that size there, which gives the guest an external abort.
    std::optional<std::uint32_t> (*read)(Vcpu& vcpu, DeviceAccess access) = nullptr;
    /// False where the device has no register of that size there.
    bool (*write)(Vcpu& vcpu, DeviceAccess access, std::uint32_t value) = nullptr;
};

class DeviceTable {
  public:
    static constexpr std::size_t kMost = 8;

    /// False where the table is full.
    [[nodiscard]] constexpr bool add(const Device& device) {
        if (count_ == kMost) {
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

    constexpr void clear() { count_ = 0; }

  private:
    std::array<Device, kMost> devices_{};
    std::size_t count_ = 0;
};

}  // namespace hm::hyp
