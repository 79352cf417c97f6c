#pragma once
// How drivers reach device registers: through a bus that is injected, real on the target
// (drivers/reg/hw/mmio.hpp) and recording on the host (tests/unit/drivers/fake_bus.hpp).

#include <concepts>
#include <cstdint>

namespace hm::reg {

/// A bus does single 32-bit accesses at a physical address; the order of calls is the order of
/// accesses.
template <class B>
concept Bus = requires(B& bus, std::uint32_t address, std::uint32_t value) {
    { bus.read(address) } -> std::same_as<std::uint32_t>;
    bus.write(address, value);
};

}  // namespace hm::reg
