#include "hyp/core/virtual_pl011.hpp"

#include <algorithm>

namespace hm::hyp {

namespace {

using uart::Pl011BaudFraction;
using uart::Pl011BaudInteger;
using uart::Pl011Control;
using uart::Pl011Data;
using uart::Pl011Dma;
using uart::Pl011Flags;
using uart::Pl011Interrupts;
using uart::Pl011Levels;
using uart::Pl011LineControl;
using uart::Pl011LowPower;
using uart::Pl011ReceiveStatus;

/// Of r1p4, the last one with FIFOs of 16 (3.3.15, 3.3.16).
constexpr std::array<std::uint8_t, 8> kIdentification{0x11, 0x10, 0x24, 0x00,
                                                      0x0D, 0xF0, 0x05, 0xB1};

constexpr std::uint32_t bits_of(std::uint32_t bytes) {
    return bytes >= 4 ? ~std::uint32_t{0} : (std::uint32_t{1} << (8 * bytes)) - 1;
}

/// A register is where its word begins, and has no more than 16 bits: drivers read and write it by
/// bytes and halfwords too.
constexpr bool is_at_register(DeviceAccess access) { return access.offset % 4 == 0; }

/// `value` in one field of a register that reads as zero elsewhere.
template <class Register, class Field>
constexpr Register only(Field field, std::uint32_t value) {
    return Register::from(value & Register::mask(field));
}

/// What the flags say of the modem's lines. With loopback they are those that the UART drives
/// itself (3.3.8, LBE; Table 2-2 says which is which).
constexpr Pl011Flags modem_lines(Pl011Control control) {
    if (!control.get(Pl011Control::kLoopback)) {
        return Pl011Flags{}
            .with(Pl011Flags::kCarrier, true)
            .with(Pl011Flags::kDataSetReady, true)
            .with(Pl011Flags::kClearToSend, true);
    }
    return Pl011Flags{}
        .with(Pl011Flags::kRing, control.get(Pl011Control::kOut2))
        .with(Pl011Flags::kCarrier, control.get(Pl011Control::kOut1))
        .with(Pl011Flags::kDataSetReady, control.get(Pl011Control::kDataTransmitReady))
        .with(Pl011Flags::kClearToSend, control.get(Pl011Control::kRequestToSend));
}

/// The interrupts of those of the modem's lines that are set in `lines` (2.8.1).
constexpr Pl011Interrupts interrupts_of(Pl011Flags lines) {
    return Pl011Interrupts{}
        .with(Pl011Interrupts::kRing, lines.get(Pl011Flags::kRing))
        .with(Pl011Interrupts::kCarrier, lines.get(Pl011Flags::kCarrier))
        .with(Pl011Interrupts::kDataSetReady, lines.get(Pl011Flags::kDataSetReady))
        .with(Pl011Interrupts::kClearToSend, lines.get(Pl011Flags::kClearToSend));
}

}  // namespace

std::optional<std::uint32_t> VirtualPl011::read(DeviceAccess access) {
    if (!is_at_register(access)) {
        return std::nullopt;
    }
    return word_at(access.offset) & bits_of(access.bytes);
}

/// Reserved places and those that are only written read as zero.
std::uint32_t VirtualPl011::word_at(std::uint32_t offset) {
    switch (offset) {
        case Pl011Data::kOffset:
            return take().raw;
        case Pl011ReceiveStatus::kOffset:
            return status_.raw;
        case Pl011Flags::kOffset:
            return flags_.raw;
        case Pl011LowPower::kOffset:
            return low_power_.raw;
        case Pl011BaudInteger::kOffset:
            return baud_integer_.raw;
        case Pl011BaudFraction::kOffset:
            return baud_fraction_.raw;
        case Pl011LineControl::kOffset:
            return line_.raw;
        case Pl011Control::kOffset:
            return control_.raw;
        case Pl011Levels::kOffset:
            return levels_.raw;
        case Pl011Interrupts::kMaskOffset:
            return mask_.raw;
        case Pl011Interrupts::kRawOffset:
            return raw_.raw;
        case Pl011Interrupts::kMaskedOffset:
            return masked().raw;
        case Pl011Dma::kOffset:
            return dma_.raw;
        default:
            break;
    }
    const std::uint32_t place = (offset - uart::kPl011Identification) / 4;  // huge below it
    return place < kIdentification.size() ? kIdentification[place] : 0;
}

UartWrite VirtualPl011::write(DeviceAccess access, std::uint32_t value) {
    if (!is_at_register(access)) {
        return {};
    }
    return {.done = true, .sent = write_word(access.offset, value & bits_of(access.bytes))};
}

/// Writes to any other place are ignored. The character that is sent, if one is.
std::optional<char> VirtualPl011::write_word(std::uint32_t offset, std::uint32_t value) {
    switch (offset) {
        case Pl011Data::kOffset: {
            const auto c = static_cast<char>(Pl011Data::from(value).get(Pl011Data::kCharacter));
            // It has left the FIFO already (2.8.3).
            raw_ = raw_.with(Interrupts::kTransmit, true);
            if (control_.get(Pl011Control::kLoopback)) {
                (void)receive(c);
            }
            return c;
        }
        case Pl011ReceiveStatus::kOffset:
            status_ = {};
            break;
        case Pl011LowPower::kOffset:
            low_power_ = only<Pl011LowPower>(Pl011LowPower::kDivisor, value);
            break;
        case Pl011BaudInteger::kOffset:
            baud_integer_ = only<Pl011BaudInteger>(Pl011BaudInteger::kDivisor, value);
            break;
        case Pl011BaudFraction::kOffset:
            baud_fraction_ = only<Pl011BaudFraction>(Pl011BaudFraction::kDivisor, value);
            break;
        case Pl011LineControl::kOffset:
            set_line_control(only<Pl011LineControl>(Pl011LineControl::kAll, value));
            break;
        case Pl011Control::kOffset:
            set_control(Pl011Control::from(value));
            break;
        case Pl011Levels::kOffset:
            levels_ = Pl011Levels::from(value & (Pl011Levels::mask(Pl011Levels::kReceive) |
                                                 Pl011Levels::mask(Pl011Levels::kTransmit)));
            break;
        case Pl011Interrupts::kMaskOffset:
            mask_ = only<Interrupts>(Interrupts::kAll, value);
            break;
        case Pl011Interrupts::kClearOffset:
            raw_ = Interrupts::from(raw_.raw & ~value);
            break;
        case Pl011Dma::kOffset:
            dma_ = only<Pl011Dma>(Pl011Dma::kAll, value);
            break;
        default:
            break;
    }
    return std::nullopt;
}

bool VirtualPl011::receives() const {
    return control_.get(Pl011Control::kEnable) && control_.get(Pl011Control::kReceive);
}

bool VirtualPl011::takes() const {
    return receives() && !control_.get(Pl011Control::kLoopback) && count_ != depth();
}

bool VirtualPl011::give(char c) {
    // With loopback what comes from outside does not get in (3.3.8).
    return !control_.get(Pl011Control::kLoopback) && receive(c);
}

std::uint32_t VirtualPl011::receive_level() const {
    constexpr std::array<std::uint32_t, 5> kEighths{1, 2, 4, 6, 7};  // 3.3.9; others are reserved
    const std::uint32_t chosen = levels_.get(Pl011Levels::kReceive);
    return has_fifo() ? kEighths[std::min<std::uint32_t>(chosen, 4)] * kFifoDepth / 8 : 1;
}

bool VirtualPl011::receive(char c) {
    if (!receives()) {
        return false;
    }
    if (count_ == depth()) {
        overrun_ = true;
        status_ = status_.with(Pl011ReceiveStatus::kOverrun, true);
        raw_ = raw_.with(Interrupts::kOverrun, true);
        return false;
    }
    // It brings the state of an overrun before it (2.4.3, "Overrun bit").
    fifo_[(first_ + count_) % kFifoDepth] =
        Pl011Data{}
            .with(Pl011Data::kCharacter, static_cast<unsigned char>(c))
            .with(Pl011Data::kOverrun, overrun_);
    overrun_ = false;
    ++count_;
    if (count_ == receive_level()) {
        raw_ = raw_.with(Interrupts::kReceive, true);  // as it passes through the level (3.3.9)
    }
    raw_ = raw_.with(Interrupts::kReceiveTimeout, true);  // nothing comes right after it (2.8.4)
    note_fifo();
    return true;
}

Pl011Data VirtualPl011::take() {
    if (count_ == 0) {
        return {};
    }
    const Pl011Data taken = fifo_[first_];
    first_ = (first_ + 1) % kFifoDepth;
    --count_;
    if (count_ < receive_level()) {
        raw_ = raw_.with(Interrupts::kReceive, false);  // 2.8.2
    }
    if (count_ == 0) {
        raw_ = raw_.with(Interrupts::kReceiveTimeout, false);  // 2.8.4
    }
    note_fifo();
    return taken;
}

void VirtualPl011::empty_fifo() {
    count_ = 0;
    overrun_ = false;
    raw_ = raw_.with(Interrupts::kReceive, false).with(Interrupts::kReceiveTimeout, false);
    note_fifo();
}

void VirtualPl011::set_control(Pl011Control control) {
    const Pl011Flags before = modem_lines(control_);
    control_ = Pl011Control::from(control.raw & (Pl011Control::mask(Pl011Control::kUpper) |
                                                 Pl011Control::mask(Pl011Control::kInfrared) |
                                                 Pl011Control::mask(Pl011Control::kEnable)));
    const Pl011Flags after = modem_lines(control_);
    flags_ = Pl011Flags::from((flags_.raw & ~before.raw) | after.raw);
    raw_ = Interrupts::from(raw_.raw | interrupts_of(Pl011Flags::from(before.raw ^ after.raw)).raw);
}

/// Guests empty the FIFOs by turning them off (3.3.8, "Program the control registers").
void VirtualPl011::set_line_control(Pl011LineControl line) {
    const bool had_fifo = has_fifo();
    line_ = line;
    if (has_fifo() != had_fifo) {
        empty_fifo();
    }
}

void VirtualPl011::note_fifo() {
    flags_ = flags_.with(Pl011Flags::kReceiveEmpty, count_ == 0)
                 .with(Pl011Flags::kReceiveFull, count_ == depth());
}

}  // namespace hm::hyp
