#pragma once
// The PL031 real-time clock (ARM DDI 0224B, 3.3), as a source of interrupts. It counts seconds,
// and asserts its interrupt when the count equals the match register.

#include <cstdint>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"
#include "drivers/timer/spare_kind.hpp"

namespace hm::timer {

namespace pl031 {
inline constexpr std::uint32_t kCount = 0x000;  ///< RTCDR, 3.3.1
inline constexpr std::uint32_t kMatch = 0x004;  ///< RTCMR, 3.3.2
}  // namespace pl031

struct Pl031Control : reg::Layout<Pl031Control> {  // RTCCR, 3.3.4
    static constexpr std::uint32_t kOffset = 0x00C;
    static constexpr reg::Field<0> kStart{};
};
struct Pl031Mask : reg::Layout<Pl031Mask> {  // RTCIMSC, 3.3.5
    static constexpr std::uint32_t kOffset = 0x010;
    static constexpr reg::Field<0> kEnable{};
};
struct Pl031Status : reg::Layout<Pl031Status> {  // RTCRIS, 3.3.6, and RTCMIS, 3.3.7: with the mask
    static constexpr std::uint32_t kRawOffset = 0x014;
    static constexpr std::uint32_t kOffset = 0x018;
    static constexpr reg::Field<0> kAsserted{};
};
struct Pl031Clear : reg::Layout<Pl031Clear> {  // RTCICR, 3.3.8
    static constexpr std::uint32_t kOffset = 0x01C;
    static constexpr reg::Field<0> kClear{};
};

/// It matches, masked, before it is needed, since that takes a tick of its clock in hardware. To
/// unmask it raises the interrupt then.
template <reg::Bus B>
class Pl031 {
  public:
    constexpr Pl031(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    void start() {
        bus_.write(base_ + Pl031Control::kOffset,
                   Pl031Control{}.with(Pl031Control::kStart, true).raw);
        clear();
    }

    [[nodiscard]] RaisingWrite raising() const {
        return {base_ + Pl031Mask::kOffset, Pl031Mask{}.with(Pl031Mask::kEnable, true).raw};
    }

    void clear() {
        bus_.write(base_ + Pl031Mask::kOffset, 0);
        bus_.write(base_ + Pl031Clear::kOffset, Pl031Clear{}.with(Pl031Clear::kClear, true).raw);
        while (asserts(Pl031Status::kOffset)) {
        }
        // The count may go on between the two accesses, and would match in 136 years.
        do {
            bus_.write(base_ + pl031::kMatch, bus_.read(base_ + pl031::kCount));
        } while (!asserts(Pl031Status::kRawOffset));
    }

  private:
    [[nodiscard]] bool asserts(std::uint32_t status) {
        return Pl031Status::from(bus_.read(base_ + status)).get(Pl031Status::kAsserted);
    }

    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::timer
