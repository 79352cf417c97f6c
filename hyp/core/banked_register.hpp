#pragma once
// Which of the guest's registers an instruction names that trapped (ARM DDI 0406C.d, B1.3.2).

#include <cstdint>

#include "drivers/cpu/registers.hpp"

namespace hm::hyp {

/// Registers of some modes that are not in a trap's frame.
enum class BankedRegister : std::uint8_t {
    kNone,
    kSpUsr,
    kLrUsr,
    kSpSvc,
    kLrSvc,
    kSpAbt,
    kLrAbt,
    kSpUnd,
    kLrUnd,
    kSpIrq,
    kLrIrq,
    kR8Fiq,
    kR9Fiq,
    kR10Fiq,
    kR11Fiq,
    kR12Fiq,
    kSpFiq,
    kLrFiq,
};

/// Register `number` in `mode`; kNone where the frame has it as r0 to r12, and for the PC.
[[nodiscard]] constexpr BankedRegister banked_register(std::uint32_t number, cpu::Mode mode) {
    constexpr std::uint32_t kFirstOfFiq = 8;
    constexpr std::uint32_t kSp = 13;
    constexpr std::uint32_t kPc = 15;
    const auto from = [number](BankedRegister first, std::uint32_t first_number) {
        return number >= first_number && number < kPc
                   ? static_cast<BankedRegister>(static_cast<std::uint32_t>(first) + number -
                                                 first_number)
                   : BankedRegister::kNone;
    };
    switch (mode) {
        case cpu::Mode::kSvc:
            return from(BankedRegister::kSpSvc, kSp);
        case cpu::Mode::kAbt:
            return from(BankedRegister::kSpAbt, kSp);
        case cpu::Mode::kUnd:
            return from(BankedRegister::kSpUnd, kSp);
        case cpu::Mode::kIrq:
            return from(BankedRegister::kSpIrq, kSp);
        case cpu::Mode::kFiq:
            return from(BankedRegister::kR8Fiq, kFirstOfFiq);
        default:  // USR and SYS, which have the same ones
            return from(BankedRegister::kSpUsr, kSp);
    }
}

}  // namespace hm::hyp
