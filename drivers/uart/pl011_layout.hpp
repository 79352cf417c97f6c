#pragma once
// The registers of the PL011 UART (ARM DDI 0183G, 3.2 and 3.3), for its driver and for the emulated
// one of a VM.

#include <cstdint>

#include "drivers/reg/field.hpp"

namespace hm::uart {

struct Pl011Data : reg::Layout<Pl011Data> {  // UARTDR, 3.3.1
    static constexpr std::uint32_t kOffset = 0x000;
    static constexpr reg::Field<11> kOverrun{};  // and from here on only where it is read
    static constexpr reg::Field<10> kBreak{};
    static constexpr reg::Field<9> kParity{};
    static constexpr reg::Field<8> kFraming{};
    static constexpr reg::Field<7, 0> kCharacter{};
};
struct Pl011ReceiveStatus : reg::Layout<Pl011ReceiveStatus> {  // UARTRSR, 3.3.2; a write clears it
    static constexpr std::uint32_t kOffset = 0x004;
    static constexpr reg::Field<3> kOverrun{};
    static constexpr reg::Field<2> kBreak{};
    static constexpr reg::Field<1> kParity{};
    static constexpr reg::Field<0> kFraming{};
};
struct Pl011Flags : reg::Layout<Pl011Flags> {  // UARTFR, 3.3.3
    static constexpr std::uint32_t kOffset = 0x018;
    static constexpr reg::Field<8> kRing{};
    static constexpr reg::Field<7> kTransmitEmpty{};
    static constexpr reg::Field<6> kReceiveFull{};
    static constexpr reg::Field<5> kTransmitFull{};
    static constexpr reg::Field<4> kReceiveEmpty{};
    static constexpr reg::Field<3> kBusy{};
    static constexpr reg::Field<2> kCarrier{};
    static constexpr reg::Field<1> kDataSetReady{};
    static constexpr reg::Field<0> kClearToSend{};
};
struct Pl011LowPower : reg::Layout<Pl011LowPower> {  // UARTILPR, 3.3.4
    static constexpr std::uint32_t kOffset = 0x020;
    static constexpr reg::Field<7, 0> kDivisor{};
};
struct Pl011BaudInteger : reg::Layout<Pl011BaudInteger> {  // UARTIBRD, 3.3.5
    static constexpr std::uint32_t kOffset = 0x024;
    static constexpr reg::Field<15, 0> kDivisor{};
};
struct Pl011BaudFraction : reg::Layout<Pl011BaudFraction> {  // UARTFBRD, 3.3.6
    static constexpr std::uint32_t kOffset = 0x028;
    static constexpr reg::Field<5, 0> kDivisor{};
};
struct Pl011LineControl : reg::Layout<Pl011LineControl> {  // UARTLCR_H, 3.3.7
    static constexpr std::uint32_t kOffset = 0x02c;
    static constexpr reg::Field<7, 0> kAll{};
    static constexpr reg::Field<6, 5> kWordLength{};  // 3: eight bits
    static constexpr reg::Field<4> kFifo{};
};
struct Pl011Control : reg::Layout<Pl011Control> {  // UARTCR, 3.3.8
    static constexpr std::uint32_t kOffset = 0x030;
    static constexpr reg::Field<15, 7> kUpper{};  // all that there is, but for IrDA and kEnable
    static constexpr reg::Field<13> kOut2{};
    static constexpr reg::Field<12> kOut1{};
    static constexpr reg::Field<11> kRequestToSend{};
    static constexpr reg::Field<10> kDataTransmitReady{};
    static constexpr reg::Field<9> kReceive{};
    static constexpr reg::Field<8> kTransmit{};
    static constexpr reg::Field<7> kLoopback{};
    static constexpr reg::Field<2, 1> kInfrared{};
    static constexpr reg::Field<0> kEnable{};
};
struct Pl011Levels : reg::Layout<Pl011Levels> {  // UARTIFLS, 3.3.9
    static constexpr std::uint32_t kOffset = 0x034;
    static constexpr reg::Field<5, 3> kReceive{};
    static constexpr reg::Field<2, 0> kTransmit{};
};
/// One bit for each interrupt, in four registers.
struct Pl011Interrupts : reg::Layout<Pl011Interrupts> {
    static constexpr std::uint32_t kMaskOffset = 0x038;    // UARTIMSC, 3.3.10; 1: let through
    static constexpr std::uint32_t kRawOffset = 0x03c;     // UARTRIS, 3.3.11
    static constexpr std::uint32_t kMaskedOffset = 0x040;  // UARTMIS, 3.3.12
    static constexpr std::uint32_t kClearOffset = 0x044;   // UARTICR, 3.3.13
    static constexpr reg::Field<10, 0> kAll{};
    static constexpr reg::Field<10> kOverrun{};
    static constexpr reg::Field<9> kBreak{};
    static constexpr reg::Field<8> kParity{};
    static constexpr reg::Field<7> kFraming{};
    static constexpr reg::Field<6> kReceiveTimeout{};
    static constexpr reg::Field<5> kTransmit{};
    static constexpr reg::Field<4> kReceive{};
    static constexpr reg::Field<3> kDataSetReady{};
    static constexpr reg::Field<2> kCarrier{};
    static constexpr reg::Field<1> kClearToSend{};
    static constexpr reg::Field<0> kRing{};
};
struct Pl011Dma : reg::Layout<Pl011Dma> {  // UARTDMACR, 3.3.14
    static constexpr std::uint32_t kOffset = 0x048;
    static constexpr reg::Field<2, 0> kAll{};
};
/// UARTPeriphID0 to UARTPCellID3 (3.3.15, 3.3.16), one word after the other.
inline constexpr std::uint32_t kPl011Identification = 0xfe0;

}  // namespace hm::uart
