#pragma once
// What a hostile act can use: the machine as PL1 of a guest sees it, with the MMU off at first.

#include <cstdint>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "guest/hw/machine.hpp"
#include "tests/target/isolation/act.hpp"

namespace hm::isolation {

/// How isolation/hostile.S lays it out. `pc` is the preferred return address.
struct ExceptionFrame {
    std::uint32_t spsr;
    std::uint32_t vector;
    std::uint32_t r[13];
    std::uint32_t pc;
};

struct Exception {
    std::uint32_t vector;  ///< as in measure::GuestReport
    std::uint32_t pc;      ///< of the instruction
    std::uint32_t status;  ///< DFSR or IFSR
    std::uint32_t address;
};

class Hostile {
  public:
    Hostile(const measure::ParameterBlock& block, const Target& target)
        : at(target), parameters(block) {}

    const Target at;
    const measure::ParameterBlock parameters;

    template <class T = std::uint32_t>
    T load(std::uint32_t address) const {
        return *reinterpret_cast<volatile T*>(address);
    }
    template <class T = std::uint32_t>
    void store(std::uint32_t address, T value) const {
        *reinterpret_cast<volatile T*>(address) = value;
    }
    /// Executes what lies there, and comes back if that returns.
    void call(std::uint32_t address) const { reinterpret_cast<void (*)()>(address)(); }

    /// Ends the guest with the number of the line if it does not hold.
    void expect(bool holds, int line = __builtin_LINE()) const {
        if (!holds) {
            finish(kSurprise + static_cast<std::uint32_t>(line));
        }
    }
    static constexpr std::uint32_t kSurprise = 0x10000;

    [[noreturn]] void finish(std::uint32_t outcome) const;

    /// From here on an exception is counted, and the instruction that took it is left out; where it
    /// could not be fetched, the function that it was called as returns. Otherwise the guest
    /// reports the exception and ends.
    void survive_exceptions() { survives_ = true; }
    /// An exception is answered by this instead.
    void answer_exceptions(void (*answer)(Hostile&, ExceptionFrame&)) { answer_ = answer; }
    [[nodiscard]] std::uint32_t taken() const { return taken_; }
    [[nodiscard]] const Exception& last() const { return last_; }

    /// Does `act` in USR mode, and comes back from it.
    void as_user(ActFunction act);

    /// Lets interrupts in at PL1.
    void unmask() const { asm volatile("cpsie aif" ::: "memory"); }
    void mask() const { asm volatile("cpsid aif" ::: "memory"); }

    void gicd_write(std::uint32_t offset, std::uint32_t value) const {
        store(parameters.distributor + offset, value);
    }
    [[nodiscard]] std::uint32_t gicd_read(std::uint32_t offset) const {
        return load(parameters.distributor + offset);
    }
    void gicc_write(std::uint32_t offset, std::uint32_t value) const {
        store(parameters.cpu_interface + offset, value);
    }
    [[nodiscard]] std::uint32_t gicc_read(std::uint32_t offset) const {
        return load(parameters.cpu_interface + offset);
    }

    // For isolation/hostile.cpp.
    void take(ExceptionFrame& frame);

  private:
    bool survives_ = false;
    void (*answer_)(Hostile&, ExceptionFrame&) = nullptr;
    volatile std::uint32_t taken_ = 0;
    Exception last_{};
};

}  // namespace hm::isolation
