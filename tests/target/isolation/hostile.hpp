#pragma once
// What a hostile act can use: the machine as PL1 of a guest sees it, with the MMU off at first.

#include <cstdint>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/vfp.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "guest/hw/machine.hpp"
#include "tests/target/device_access.hpp"
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

/// Assembly that executes `code`, a string, in Thumb state. It uses r2.
#define IN_THUMB(code)    \
    "add r2, pc, #1\n\t"  \
    "bx r2\n\t"           \
    ".syntax unified\n\t" \
    ".thumb\n\t" code     \
    "\n\t"                \
    ".balign 4\n\t"       \
    "add r2, pc, #0\n\t"  \
    "bx r2\n\t"           \
    ".balign 4\n\t"       \
    ".arm"

inline constexpr unsigned kLongTables = 4;
struct alignas(4096) LongTable {
    std::uint64_t entry[512];
};
struct alignas(16384) ShortTable {
    std::uint32_t entry[4096];
};

class Hostile {
  public:
    Hostile(const measure::ParameterBlock& block, const Target& target)
        : at(target), parameters(block) {}

    const Target at;
    const measure::ParameterBlock parameters;

    template <class T = std::uint32_t>
    [[gnu::always_inline]] static T load(std::uint32_t address) {
        return target::load<T>(address);
    }
    template <class T = std::uint32_t>
    [[gnu::always_inline]] static void store(std::uint32_t address, T given) {
        target::store<T>(address, given);
    }
    /// Executes what lies there, and comes back if that returns.
    void call(std::uint32_t address) const { reinterpret_cast<void (*)()>(address)(); }

    /// Ends the guest with the number of the line if it does not hold.
    void expect(bool holds, int line = __builtin_LINE()) const {
        if (!holds) {
            finish(kSurprise + static_cast<std::uint32_t>(line));
        }
    }

    [[noreturn]] void finish(std::uint32_t outcome) const;

    /// From here on an exception is counted, and the instruction that took it is left out; where it
    /// could not be fetched, the function that it was called as returns. Otherwise the guest
    /// reports the exception and ends.
    void survive_exceptions() { survives_ = true; }
    /// An exception is answered by this instead.
    void answer_exceptions(void (*answer)(Hostile&, ExceptionFrame&)) { answer_ = answer; }
    [[nodiscard]] std::uint32_t taken() const { return taken_; }
    [[nodiscard]] const Exception& last() const { return last_; }

    /// The only exception so far was a data abort with this DFSR (ARM DDI 0406C.d, B4.1.52).
    void expect_data_abort(std::uint32_t status, int line = __builtin_LINE()) const {
        constexpr std::uint32_t kDataAbort = 4;
        expect(taken_ == 1 && last_.vector == kDataAbort && last_.status == status, line);
    }

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

    static void enable_vfp() { cpu::write_fpexc(cpu::Fpexc{}.with(cpu::Fpexc::kEn, true)); }

    /// Its timer asserts its interrupt, which is let through to the core but masked there.
    void assert_timer() const;

    /// Any register of a coprocessor.
    template <unsigned kCp, unsigned kOpc1, unsigned kCrn, unsigned kCrm, unsigned kOpc2>
    [[gnu::always_inline]] static std::uint32_t mrc() {
        std::uint32_t value;
        asm volatile("mrc p%c1, %c2, %0, c%c3, c%c4, %c5"
                     : "=r"(value)
                     : "i"(kCp), "i"(kOpc1), "i"(kCrn), "i"(kCrm), "i"(kOpc2)
                     : "memory");
        return value;
    }
    template <unsigned kCp, unsigned kOpc1, unsigned kCrn, unsigned kCrm, unsigned kOpc2>
    [[gnu::always_inline]] static void mcr(std::uint32_t value) {
        asm volatile("mcr p%c1, %c2, %0, c%c3, c%c4, %c5"
                     :
                     : "r"(value), "i"(kCp), "i"(kOpc1), "i"(kCrn), "i"(kCrm), "i"(kOpc2)
                     : "memory");
    }

    /// Stage-1 tables: long descriptors that map everything at its own address, in four blocks of
    /// 1 GB, and room for more tables behind the first.
    static LongTable* long_tables();
    /// The same in sections of 1 MB.
    [[nodiscard]] static ShortTable& short_table();
    static constexpr std::uint64_t kBlock = 0x401;  ///< AttrIndx 0, read and write at PL1, AF
    static constexpr std::uint32_t kSection = 0xC02;
    static constexpr std::uint32_t kEae = 0x8000'0000;  ///< TTBCR: long descriptors
    static constexpr std::uint32_t kMmuOn = 0x00C50079;
    /// Turns the MMU on.
    static void translate(std::uint32_t ttbcr, std::uint64_t ttbr0, std::uint32_t sctlr = kMmuOn);
    static void translate_long() {
        translate(kEae, reinterpret_cast<std::uint32_t>(long_tables()));
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
