#pragma once
// Accesses of guests to devices that may be emulated. Each is one load or store of r3: what the
// compiler would take may be lr, which no emulated device takes.

#include <cstdint>

namespace hm::target {

template <class T = std::uint32_t>
[[gnu::always_inline]] inline T load(std::uint32_t address) {
    register std::uint32_t value asm("r3");
    if constexpr (sizeof(T) == 4) {
        asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
    } else if constexpr (sizeof(T) == 2) {
        asm volatile("ldrh %0, [%1]" : "=r"(value) : "r"(address) : "memory");
    } else if constexpr (static_cast<T>(-1) < 0) {
        asm volatile("ldrsb %0, [%1]" : "=r"(value) : "r"(address) : "memory");
    } else {
        asm volatile("ldrb %0, [%1]" : "=r"(value) : "r"(address) : "memory");
    }
    return static_cast<T>(value);
}

template <class T = std::uint32_t>
[[gnu::always_inline]] inline void store(std::uint32_t address, T given) {
    register std::uint32_t value asm("r3") = static_cast<std::uint32_t>(given);
    if constexpr (sizeof(T) == 4) {
        asm volatile("str %0, [%1]" ::"r"(value), "r"(address) : "memory");
    } else if constexpr (sizeof(T) == 2) {
        asm volatile("strh %0, [%1]" ::"r"(value), "r"(address) : "memory");
    } else {
        asm volatile("strb %0, [%1]" ::"r"(value), "r"(address) : "memory");
    }
}

/// A reg::Bus of these.
struct DeviceBus {
    [[gnu::always_inline]] static std::uint32_t read(std::uint32_t address) {
        return load(address);
    }
    [[gnu::always_inline]] static void write(std::uint32_t address, std::uint32_t value) {
        store(address, value);
    }
};

}  // namespace hm::target
