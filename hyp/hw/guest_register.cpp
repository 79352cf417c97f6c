#include "hyp/hw/guest_register.hpp"

#include "hyp/core/banked_register.hpp"

namespace hm::hyp {

namespace {

enum class Direction : std::uint8_t { kRead, kWrite };

/// HYP reads and writes those of any other mode by name (ARM DDI 0406C.d, B9.3.9, B9.3.10).
template <Direction kDirection>
void move(BankedRegister which, TrapFrame& frame, std::uint32_t& value) {
    constexpr bool kReads = kDirection == Direction::kRead;
    switch (which) {
#define BANKED(place, name)                                  \
    case BankedRegister::place:                              \
        if constexpr (kReads) {                              \
            asm volatile("mrs %0, " name : "=r"(value));     \
        } else {                                             \
            asm volatile("msr " name ", %0" : : "r"(value)); \
        }                                                    \
        break;
        BANKED(kSpUsr, "sp_usr")
        BANKED(kSpSvc, "sp_svc")
        BANKED(kLrSvc, "lr_svc")
        BANKED(kSpAbt, "sp_abt")
        BANKED(kLrAbt, "lr_abt")
        BANKED(kSpUnd, "sp_und")
        BANKED(kLrUnd, "lr_und")
        BANKED(kSpIrq, "sp_irq")
        BANKED(kLrIrq, "lr_irq")
        BANKED(kR8Fiq, "r8_fiq")
        BANKED(kR9Fiq, "r9_fiq")
        BANKED(kR10Fiq, "r10_fiq")
        BANKED(kR11Fiq, "r11_fiq")
        BANKED(kR12Fiq, "r12_fiq")
        BANKED(kSpFiq, "sp_fiq")
        BANKED(kLrFiq, "lr_fiq")
#undef BANKED
        case BankedRegister::kLrUsr:  // the frame's, since HYP mode uses it too
            (kReads ? value : frame.lr) = kReads ? frame.lr : value;
            break;
        case BankedRegister::kNone:
            break;
    }
}

}  // namespace

std::optional<std::uint32_t> guest_register(TrapFrame& frame, std::uint32_t number, cpu::Psr psr) {
    if (const std::uint32_t* const in_frame = frame.reg(number, psr)) {
        return *in_frame;
    }
    const BankedRegister banked = banked_register(number, psr.get(cpu::Psr::kMode));
    if (banked == BankedRegister::kNone) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    move<Direction::kRead>(banked, frame, value);
    return value;
}

void set_guest_register(TrapFrame& frame, std::uint32_t number, cpu::Psr psr, std::uint32_t value) {
    if (std::uint32_t* const in_frame = frame.reg(number, psr)) {
        *in_frame = value;
        return;
    }
    move<Direction::kWrite>(banked_register(number, psr.get(cpu::Psr::kMode)), frame, value);
}

}  // namespace hm::hyp
