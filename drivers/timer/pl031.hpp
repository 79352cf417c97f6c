#pragma once
// The PL031 real-time clock (ARM DDI 0224B, 3.3), as a source of interrupts. It counts seconds from
// what is loaded, and asserts its interrupt when the count equals the match register.

#include <cstdint>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"
#include "drivers/timer/spare_kind.hpp"

namespace hm::timer {

namespace pl031 {
inline constexpr std::uint32_t kMatch = 0x004;  ///< RTCMR, 3.3.2
inline constexpr std::uint32_t kLoad = 0x008;   ///< RTCLR, 3.3.3: the count goes on from here
}  // namespace pl031

struct Pl031Control : reg::Layout<Pl031Control> {  // RTCCR, 3.3.4
    static constexpr std::uint32_t kOffset = 0x00C;
    static constexpr reg::Field<0> kStart{};
};
struct Pl031Mask : reg::Layout<Pl031Mask> {  // RTCIMSC, 3.3.5
    static constexpr std::uint32_t kOffset = 0x010;
    static constexpr reg::Field<0> kEnable{};
};
struct Pl031Status : reg::Layout<Pl031Status> {  // RTCMIS, 3.3.7: with the mask
    static constexpr std::uint32_t kOffset = 0x018;
    static constexpr reg::Field<0> kAsserted{};
};
struct Pl031Clear : reg::Layout<Pl031Clear> {  // RTCICR, 3.3.8
    static constexpr std::uint32_t kOffset = 0x01C;
    static constexpr reg::Field<0> kClear{};
};

/// Loading the count with what it is to match raises the interrupt: in an emulator at once, in
/// hardware with the clock's next tick (2.2).
template <reg::Bus B>
class Pl031 {
  public:
    static constexpr std::uint32_t kMatchedCount = 0x4000'0000;

    constexpr Pl031(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// The count may be what is matched already, so what that asserts is cleared before it is let
    /// through.
    void start() {
        bus_.write(base_ + Pl031Mask::kOffset, 0);
        bus_.write(base_ + Pl031Control::kOffset,
                   Pl031Control{}.with(Pl031Control::kStart, true).raw);
        bus_.write(base_ + pl031::kMatch, kMatchedCount);
        clear();
        bus_.write(base_ + Pl031Mask::kOffset, Pl031Mask{}.with(Pl031Mask::kEnable, true).raw);
    }

    [[nodiscard]] RaisingWrite raising() const { return {base_ + pl031::kLoad, kMatchedCount}; }

    void clear() {
        bus_.write(base_ + Pl031Clear::kOffset, Pl031Clear{}.with(Pl031Clear::kClear, true).raw);
        while (Pl031Status::from(bus_.read(base_ + Pl031Status::kOffset))
                   .get(Pl031Status::kAsserted)) {
        }
    }

  private:
    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::timer
