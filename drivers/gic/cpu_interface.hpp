#pragma once
// The CPU interface, GICC or GICV; both have the same register layout (ARM IHI 0048B, 4.4 and 5.5).

#include "drivers/gic/gic_layout.hpp"
#include "drivers/reg/bus.hpp"

namespace hm::gic {

template <reg::Bus B>
class CpuInterface {
  public:
    constexpr CpuInterface(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    [[nodiscard]] GiccCtlr control() { return GiccCtlr::from(read(GiccCtlr::kOffset)); }
    void set_control(GiccCtlr control) { write(GiccCtlr::kOffset, control.raw); }
    void set_priority_mask(std::uint32_t mask) { write(GiccPmr::kOffset, mask); }

    [[nodiscard]] GiccIar acknowledge() { return GiccIar::from(read(GiccIar::kOffset)); }
    /// Drops the priority, and deactivates if EOImode is 0. Takes what acknowledge returned.
    void end(GiccIar interrupt) { write(GiccEoir::kOffset, interrupt.raw); }
    /// Deactivates if EOImode is 1.
    void deactivate(GiccIar interrupt) { write(GiccDir::kOffset, interrupt.raw); }
    /// Priority of the interrupts that were acknowledged and not ended yet: the highest of them.
    [[nodiscard]] GiccRpr running() { return GiccRpr::from(read(GiccRpr::kOffset)); }
    [[nodiscard]] GiccHppir highest_pending() { return GiccHppir::from(read(GiccHppir::kOffset)); }

  private:
    [[nodiscard]] std::uint32_t read(std::uint32_t offset) { return bus_.read(base_ + offset); }
    void write(std::uint32_t offset, std::uint32_t value) { bus_.write(base_ + offset, value); }

    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::gic
