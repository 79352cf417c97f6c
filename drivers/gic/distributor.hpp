#pragma once
// The interrupt distributor (ARM IHI 0048B, 4.3). Most operations are for one interrupt at a time.

#include "drivers/gic/gic_layout.hpp"
#include "drivers/reg/bus.hpp"

namespace hm::gic {

template <reg::Bus B>
class Distributor {
  public:
    constexpr Distributor(B& bus, std::uint32_t base) : bus_(bus), base_(base) {}

    [[nodiscard]] GicdTyper type() { return GicdTyper::from(read(GicdTyper::kOffset)); }

    void set_control(GicdCtlr control) { write(GicdCtlr::kOffset, control.raw); }
    [[nodiscard]] GicdCtlr control() { return GicdCtlr::from(read(GicdCtlr::kOffset)); }

    void enable(IntId id) { write_bit(gicd::kIsenabler, id); }
    void disable(IntId id) { write_bit(gicd::kIcenabler, id); }
    void clear_pending(IntId id) { write_bit(gicd::kIcpendr, id); }
    void deactivate(IntId id) { write_bit(gicd::kIcactiver, id); }
    [[nodiscard]] bool is_enabled(IntId id) { return read_bit(gicd::kIsenabler, id); }
    [[nodiscard]] bool is_pending(IntId id) { return read_bit(gicd::kIspendr, id); }
    [[nodiscard]] bool is_active(IntId id) { return read_bit(gicd::kIsactiver, id); }

    /// SGIs and PPIs of this core that are active, by ID.
    [[nodiscard]] std::uint32_t active_private() { return read(gicd::kIsactiver); }

    /// Puts the private interrupts of `group1`, by ID, into Group 1 and the others into Group 0.
    void set_private_groups(std::uint32_t group1) { write(gicd::kIgroupr, group1); }

    /// Puts `id` into Group 1, and leaves the others where they are.
    void set_group1(IntId id) {
        const BankBit bit = bank_bit(gicd::kIgroupr, id);
        write(bit.offset, read(bit.offset) | bit.mask);
    }

    /// Puts all interrupts, including the private ones of this core, into Group 1. Works only in
    /// Secure state. Other cores must do so for their own private ones (4.3.4: word 0 is banked).
    void set_all_group1() {
        const auto type = GicdTyper::from(read(GicdTyper::kOffset));
        for (std::uint32_t word = 0; word <= type.get(GicdTyper::kItLinesNumber); ++word) {
            write(gicd::kIgroupr + 4 * word, ~std::uint32_t{0});
        }
    }

    /// Interrupts other cores, or this one. If they are to read memory written before, the caller
    /// needs a barrier first. In Secure state kNsatt says which group the interrupt must be in to
    /// be sent (4.3.15): Group 1 if it is set.
    void send_sgi(GicdSgir interrupt) { write(GicdSgir::kOffset, interrupt.raw); }

    [[nodiscard]] std::uint32_t priority(IntId id) {
        const BankField field = bank_byte(gicd::kIpriorityr, id);
        return (read(field.offset) >> field.shift) & 0xFF;
    }
    void set_priority(IntId id, std::uint32_t priority) {
        const BankField field = bank_byte(gicd::kIpriorityr, id);
        const std::uint32_t others = read(field.offset) & ~(0xFFU << field.shift);
        write(field.offset, others | (priority << field.shift));
    }

    /// Routes a shared interrupt to the core that runs this, and to no other. Each core reads its
    /// own bit from the targets of its private interrupts; a GIC with one core has neither
    /// (4.3.12).
    void set_target_to_this_core(IntId id) {
        constexpr std::uint32_t kOneTarget = 0xFF;
        const std::uint32_t own = read(gicd::kItargetsr) & kOneTarget;
        const BankField field = bank_byte(gicd::kItargetsr, id);
        const std::uint32_t others = read(field.offset) & ~(kOneTarget << field.shift);
        write(field.offset, others | (own << field.shift));
    }

  private:
    [[nodiscard]] std::uint32_t read(std::uint32_t offset) { return bus_.read(base_ + offset); }
    void write(std::uint32_t offset, std::uint32_t value) { bus_.write(base_ + offset, value); }
    void write_bit(std::uint32_t bank, IntId id) {
        const BankBit bit = bank_bit(bank, id);
        write(bit.offset, bit.mask);
    }
    [[nodiscard]] bool read_bit(std::uint32_t bank, IntId id) {
        const BankBit bit = bank_bit(bank, id);
        return (read(bit.offset) & bit.mask) != 0;
    }

    B& bus_;
    std::uint32_t base_;
};

}  // namespace hm::gic
