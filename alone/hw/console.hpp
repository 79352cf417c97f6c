#pragma once
// The UART that the device tree names, as the firmware or the hypervisor has set it up.

#include <cstdint>
#include <string_view>

namespace hm::alone {

/// `base`: of a PL011, of which only the data and the flags are used, so that an SBSA UART will do.
void start_console(std::uint32_t base);

void put(char c);
void print(std::string_view text);
/// Waits until all has left.
void drain_console();

}  // namespace hm::alone
