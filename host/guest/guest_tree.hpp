#pragma once
// The device tree of a foreign guest's virtual machine, which the guest finds its devices by.

#include <cstdint>
#include <optional>
#include <string>

#include "host/guest/stretch.hpp"

namespace hm::host {

/// A virtual machine as its guest sees it. Addresses are IPAs; of a native guest they are the
/// machine's own.
struct VirtualMachine {
    std::uint32_t memory_base = 0;
    std::uint32_t memory_bytes = 0;
    std::uint32_t cpus = 1;
    std::string core = "cortex-a15";     ///< what the board's own is: a guest reads its MIDR
    std::uint32_t distributor = 0;       ///< GICD, 4 KB
    std::uint32_t cpu_interface = 0;     ///< GICC, 8 KB
    std::uint32_t uart = 0;              ///< a PL011
    std::uint32_t uart_interrupt = 33;   ///< ID, 32 to 63
    std::uint32_t uart_hz = 24'000'000;  ///< the clock that its baud rates are made of
    bool has_psci = true;                ///< by HVC; a second CPU is started by nothing else
    std::string bootargs{};              ///< the kernel's command line
};

/// A flattened device tree, as a blob. `initrd`: where it lies.
[[nodiscard]] std::string guest_tree(const VirtualMachine& machine,
                                     const std::optional<Stretch>& initrd);

}  // namespace hm::host
