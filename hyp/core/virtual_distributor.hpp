#pragma once
// The registers of the emulated distributor: where each lies, and what a guest reads and changes by
// it. ARM IHI 0048B, 4.3. They work on the state of the whole GIC (hyp/core/virtual_gic.hpp), of
// which no list register may hold any part meanwhile.

#include <cstdint>
#include <optional>

#include "hyp/core/devices.hpp"
#include "hyp/core/virtual_gic.hpp"

namespace hm::hyp {

/// Whether a read depends on what list registers hold.
[[nodiscard]] constexpr bool depends_on_list_registers(std::uint32_t offset) {
    return (offset >= gic::gicd::kIspendr && offset < gic::gicd::kIpriorityr) ||
           offset >= gic::gicd::kCpendsgir;
}

/// What `cpu` reads. Nothing where there is no register of that size.
[[nodiscard]] std::optional<std::uint32_t> read_distributor(const VirtualGic& gic,
                                                            std::uint32_t cpu, DeviceAccess access);

/// `cpu` writes. False where there is no register of that size.
[[nodiscard]] bool write_distributor(VirtualGic& gic, std::uint32_t cpu, DeviceAccess access,
                                     std::uint32_t value);

}  // namespace hm::hyp
