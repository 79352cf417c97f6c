#pragma once
// The motherboard of a Versatile Express turns itself off by its configuration controller, which
// takes requests in two of the system registers (ARM DUI 0447, "Register descriptions":
// SYS_CFGDATA, SYS_CFGCTRL, SYS_CFGSTAT).

#include <cstdint>

#include "drivers/reg/bus.hpp"
#include "drivers/reg/field.hpp"

namespace hm::power {

/// Functions of the controller (ARM DUI 0447, SYS_CFGCTRL; QEMU, hw/misc/arm_sysctl.c).
enum class VexpressFunction : std::uint32_t { kShutDown = 8 };

/// SYS_CFGCTRL. All other fields name a device; zero is the motherboard itself.
struct VexpressControl : reg::Layout<VexpressControl> {
    static constexpr std::uint32_t kOffset = 0xa4;
    static constexpr reg::Field<31> kStart{};
    static constexpr reg::Field<30> kWrite{};
    static constexpr reg::Field<25, 20, VexpressFunction> kFunction{};
};

template <reg::Bus B>
class VexpressConfiguration {
  public:
    /// `base`: where the system registers begin.
    constexpr VexpressConfiguration(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    /// Returns before it happens: the caller waits.
    void shut_down() {
        bus_.write(base_ + VexpressControl::kOffset,
                   VexpressControl{}
                       .with(VexpressControl::kStart, true)
                       .with(VexpressControl::kWrite, true)
                       .with(VexpressControl::kFunction, VexpressFunction::kShutDown)
                       .raw);
    }

  private:
    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::power
