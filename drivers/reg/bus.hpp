#pragma once
// How drivers access device registers: through a bus that the caller provides. On the target it is
// real (drivers/reg/hw/mmio.hpp); on the host it records (tests/unit/drivers/fake_bus.hpp).

#include <concepts>
#include <cstdint>

namespace hm::reg {

/// A bus does single 32-bit accesses at physical addresses, in the order of the calls.
template <class B>
concept Bus = requires(B& bus, std::uint32_t address, std::uint32_t value) {
    { bus.read(address) } -> std::same_as<std::uint32_t>;
    bus.write(address, value);
};

/// The same for devices that also have registers of 16 bits, and take no wider accesses there.
template <class B>
concept HalfwordBus = Bus<B> && requires(B& bus, std::uint32_t address, std::uint16_t value) {
    bus.write_halfword(address, value);
};

}  // namespace hm::reg
