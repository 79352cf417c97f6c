#pragma once
// The real bus: each access is one plain load or store, without writeback and of one register, so
// that a trapped one has a valid syndrome (ARM DDI 0406C.d, B3.13.6, "ISV").

#include <cstdint>

namespace hm::reg {

struct Mmio {
    [[gnu::always_inline]] static std::uint32_t read(std::uint32_t address) {
        std::uint32_t value;
        asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
        return value;
    }
    [[gnu::always_inline]] static void write(std::uint32_t address, std::uint32_t value) {
        asm volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
    }
    [[gnu::always_inline]] static void write_halfword(std::uint32_t address, std::uint16_t value) {
        asm volatile("strh %0, [%1]" : : "r"(value), "r"(address) : "memory");
    }

    /// At `base` + `offset`, with one constant for all registers of a device: for counted paths.
    [[gnu::always_inline]] static std::uint32_t read_at(std::uint32_t base, std::uint32_t offset) {
        std::uint32_t value;
        asm volatile("ldr %0, [%1, %2]" : "=r"(value) : "r"(base), "Jr"(offset) : "memory");
        return value;
    }
    [[gnu::always_inline]] static void write_at(std::uint32_t base, std::uint32_t offset,
                                                std::uint32_t value) {
        asm volatile("str %0, [%1, %2]" : : "r"(value), "r"(base), "Jr"(offset) : "memory");
    }
};

}  // namespace hm::reg
