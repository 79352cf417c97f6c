#pragma once
// What the tests of the virtual GIC share: one with the hardware of its virtual CPUs, and a guest
// whose GICV lets everything through.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/model/list_registers.hpp"
#include "tests/model/virtual_interface.hpp"

namespace hm::hyp {

/// GICV_IAR had nothing (3.2.5).
inline constexpr std::uint32_t kNone = gic::kSpurious;

namespace gicd = gic::gicd;

inline constexpr IntId kTimer = 27;
inline constexpr IntId kPpi = 30;
inline constexpr IntId kDisk = 40;

inline InterruptSet only(IntId id) {
    InterruptSet set;
    set.insert(id);
    return set;
}

inline VirtualGicConfig with_timer(Link link, std::uint32_t cpus = 1) {
    return {.cpus = cpus, .link = link, .quick = kTimer, .linked = only(kTimer)};
}

using Ids = std::vector<IntId>;

class Gics {
  public:
    explicit Gics(const VirtualGicConfig& config = {}, unsigned list_registers = 4)
        : cpus_(config.cpus), interfaces_(config.cpus, model::VirtualInterface(list_registers)) {
        reset(gic_, config);
        for (model::VirtualInterface& interface : interfaces_) {
            interface.set_groups(true, true);
            interface.set_mask(0xF8);
        }
        visit([](WholeGic&) {});
    }

    // ---- What a guest does ----

    std::optional<std::uint32_t> read_if(unsigned cpu, std::uint32_t offset,
                                         std::uint32_t bytes = 4) {
        std::optional<std::uint32_t> value;
        visit([&](WholeGic& gic) { value = gic.read(cpu, {offset, bytes}); });
        return value;
    }
    std::uint32_t read(unsigned cpu, std::uint32_t offset, std::uint32_t bytes = 4) {
        const auto value = read_if(cpu, offset, bytes);
        EXPECT_TRUE(value) << std::hex << offset;
        return value.value_or(0xBADBAD);
    }
    bool write_if(unsigned cpu, std::uint32_t offset, std::uint32_t value,
                  std::uint32_t bytes = 4) {
        bool exists = false;
        visit([&](WholeGic& gic) { exists = gic.write(cpu, {offset, bytes}, value); });
        return exists;
    }
    void write(unsigned cpu, std::uint32_t offset, std::uint32_t value, std::uint32_t bytes = 4) {
        EXPECT_TRUE(write_if(cpu, offset, value, bytes)) << std::hex << offset;
    }
    /// The bit of `id` in a bank with one bit per interrupt.
    void set(unsigned cpu, std::uint32_t bank, IntId id) {
        write(cpu, gic::bank_bit(bank, id).offset, gic::bank_bit(bank, id).mask);
    }
    bool is_set(unsigned cpu, std::uint32_t bank, IntId id) {
        return (read(cpu, gic::bank_bit(bank, id).offset) & gic::bank_bit(bank, id).mask) != 0;
    }
    void set_priority(unsigned cpu, IntId id, std::uint32_t priority) {
        write(cpu, gic::gicd::kIpriorityr + id, priority, 1);
    }
    /// Enabled in Group 0, of this priority, and for this CPU.
    void enable(unsigned cpu, IntId id, std::uint32_t priority = 0x80) {
        write(cpu, gic::GicdCtlr::kOffset, 3);
        set_priority(cpu, id, priority);
        write(cpu, gic::gicd::kItargetsr + id, 1U << cpu, 1);
        set(cpu, gic::gicd::kIsenabler, id);
    }
    void send(unsigned cpu, gic::SgiTarget filter, unsigned list, IntId id) {
        write(cpu, gic::GicdSgir::kOffset,
              gic::GicdSgir{}
                  .with(gic::GicdSgir::kSgiIntId, id)
                  .with(gic::GicdSgir::kCpuTargetList, list)
                  .with(gic::GicdSgir::kTargetListFilter, filter)
                  .raw);
    }
    std::uint32_t acknowledge(unsigned cpu) {
        const std::uint32_t name = interfaces_[cpu].acknowledge();
        serve();
        return name;
    }
    void end(unsigned cpu, std::uint32_t name) {
        interfaces_[cpu].end(name);
        for (const unsigned id : interfaces_[cpu].take_deactivated()) {
            by_hardware_.push_back(id);
        }
        serve();
    }

    // ---- What devices do ----

    void set_line(unsigned cpu, IntId id, bool high) {
        visit([&](WholeGic& gic) { gic.set_line(cpu, id, high); });
    }
    void take(unsigned cpu, IntId id) {
        visit([&](WholeGic& gic) { gic.take(cpu, id); });
    }

    // ---- What the hypervisor and the tests see ----

    template <class Act>
    void visit(Act act) {
        std::array<ListRegisters, VirtualGic::kMostCpus> registers;
        for (unsigned cpu = 0; cpu < cpus_; ++cpu) {
            registers[cpu] = model::registers_of(interfaces_[cpu]);
        }
        {
            WholeGic gic(gic_, std::span(registers.data(), cpus_));
            act(gic);
        }
        for (unsigned cpu = 0; cpu < cpus_; ++cpu) {
            model::write_registers(interfaces_[cpu], registers[cpu]);
            quick_[cpu] = registers[cpu].quick;
            EXPECT_EQ(interfaces_[cpu].broken_rule(), "");
            EXPECT_EQ(interfaces_[cpu].misr().raw, 0U) << "maintenance would not end";
            for (IntId id = 0; id < VirtualGic::kInterrupts; ++id) {
                if (registers[cpu].deactivate.contains(id)) {
                    by_hyp_.push_back(id);
                }
            }
        }
    }
    /// The list register that holds `id`.
    [[nodiscard]] std::optional<ListRegister> listed(unsigned cpu, IntId id) const {
        for (unsigned index = 0; index < interfaces_[cpu].count(); ++index) {
            const ListRegister word = interfaces_[cpu].word(index);
            if (word.get(ListRegister::kState) != LrState::kInvalid &&
                word.get(ListRegister::kVirtualId) == id) {
                return word;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] model::VirtualInterface& interface(unsigned cpu) { return interfaces_[cpu]; }
    /// Its list registers that are not empty, one bit each.
    [[nodiscard]] std::uint32_t used(unsigned cpu) const {
        return model::registers_of(interfaces_[cpu]).used;
    }
    [[nodiscard]] VirtualGic& state() { return gic_; }
    [[nodiscard]] const QuickInjection& quick(unsigned cpu) const { return quick_[cpu]; }
    [[nodiscard]] InterruptSet signalled_on(unsigned cpu) const { return signalled(gic_, cpu); }
    /// Physical interrupts that an end has deactivated (HW = 1).
    [[nodiscard]] const std::vector<IntId>& by_hardware() const { return by_hardware_; }
    /// Physical interrupts that HYP has to deactivate.
    [[nodiscard]] const std::vector<IntId>& by_hyp() const { return by_hyp_; }

    void serve() {
        for (const model::VirtualInterface& interface : interfaces_) {
            if (interface.misr().raw != 0) {
                visit([](WholeGic&) {});
                return;
            }
        }
    }

  private:
    unsigned cpus_;
    VirtualGic gic_;
    std::vector<model::VirtualInterface> interfaces_;
    std::array<QuickInjection, VirtualGic::kMostCpus> quick_{};
    std::vector<IntId> by_hardware_;
    std::vector<IntId> by_hyp_;
};

inline LrState state_of(const Gics& gics, unsigned cpu, IntId id) {
    const auto word = gics.listed(cpu, id);
    return word ? word->get(ListRegister::kState) : LrState::kInvalid;
}

}  // namespace hm::hyp
