#pragma once
// A virtual GIC and the hardware that presents it, driven as the monitor drives them.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/model/findings.hpp"
#include "tests/model/list_registers.hpp"
#include "tests/model/virtual_interface.hpp"

namespace hm::model {

class MonitoredGic {
  public:
    /// `findings` must outlive it.
    MonitoredGic(const hyp::VirtualGicConfig& config, unsigned list_registers, Findings& findings)
        : config_(config),
          interfaces_(config.cpus, VirtualInterface(list_registers)),
          findings_(findings),
          linked_(hyp::linked_by(config)) {
        hyp::reset(virtual_, config);
        with_gic([](hyp::WholeGic&) {});
    }

    /// GICV and GICH of `cpu`.
    [[nodiscard]] const VirtualInterface& interface(unsigned cpu) const { return interfaces_[cpu]; }
    [[nodiscard]] VirtualInterface& interface(unsigned cpu) { return interfaces_[cpu]; }

    [[nodiscard]] std::optional<std::uint32_t> read(unsigned cpu, hyp::DeviceAccess access) {
        std::optional<std::uint32_t> value;
        with_gic([&](hyp::WholeGic& gic) { value = gic.read(cpu, access); });
        return value;
    }

    /// The same, without a trace in the GIC.
    template <class Look>
    void look_at(Look look) const {
        hyp::VirtualGic copy = virtual_;
        Registers registers = read_interfaces();
        const hyp::WholeGic gic(copy, std::span(registers.data(), config_.cpus));
        look(gic);
    }

    /// Whether there is such a register.
    bool write(unsigned cpu, hyp::DeviceAccess access, std::uint32_t value) {
        if (access.offset == gic::GicdSgir::kOffset && access.bytes == 4 &&
            sent_quickly(cpu, gic::GicdSgir::from(value))) {
            return true;
        }
        if (const auto done = written_at_rest(cpu, access, value)) {
            return *done;
        }
        bool exists = false;
        with_gic([&](hyp::WholeGic& gic) { exists = gic.write(cpu, access, value); });
        return exists;
    }

    void set_line(unsigned cpu, unsigned id, bool high) {
        with_gic([&](hyp::WholeGic& gic) { gic.set_line(cpu, id, high); });
    }

    /// GICV_EOIR
    void end(unsigned cpu, std::uint32_t name) {
        interfaces_[cpu].end(name);
        findings_.counts.counted_ends +=
            interfaces_[cpu].hcr.get(gic::GichHcr::kEoiCount) != 0 ? 1 : 0;
        for (const unsigned physical : interfaces_[cpu].take_deactivated()) {
            deactivate(cpu, virtual_of(physical));
        }
    }

    // ---- Physical interrupts behind linked ones ----

    [[nodiscard]] bool is_signalled(unsigned cpu, unsigned id) const {
        return hyp::signalled(virtual_, cpu).contains(id);
    }
    [[nodiscard]] bool is_physically_active(unsigned cpu, unsigned id) const {
        return active_[bank_of(cpu, id)][id];
    }
    /// The physical interrupt comes.
    void take(unsigned cpu, unsigned id) {
        active_[bank_of(cpu, id)][id] = true;
        const hyp::QuickInjection& quick = quick_[cpu];
        if (id == config_.quick && (quick.free_bit & interfaces_[cpu].elrsr()) != 0) {
            const unsigned index = (quick.lr_address - 0x100) / 4;
            findings_.require(quick.free_bit == 1U << index, "the quick list register is another",
                              index);
            interfaces_[cpu].write(index, quick.word);
            check_rules(cpu);
            ++findings_.counts.quick;
            return;
        }
        if (id >= gic::kFirstSpi && quick.free_bit != 0) {
            if (const auto taken = hyp::quick_take(virtual_.cpu[cpu], hyp::quick_word(virtual_, id),
                                                   places_of(cpu))) {
                place(cpu, *taken);
                ++findings_.counts.quick_shared;
                return;
            }
        }
        const auto take = [&](hyp::WholeGic& gic) { gic.take(cpu, id); };
        if (id < gic::kFirstSpi) {
            with_own_gic(cpu, take);
        } else {
            with_gic(take);
        }
    }

    void serve_maintenance() {
        if (std::none_of(interfaces_.begin(), interfaces_.end(), asks_for_maintenance)) {
            return;
        }
        ++findings_.counts.maintenance;
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            if (asks_for_maintenance(interfaces_[cpu])) {
                look(cpu);
            }
        }
        for (const VirtualInterface& interface : interfaces_) {
            findings_.require(!asks_for_maintenance(interface),
                              "maintenance does not end, GICH_MISR", interface.misr().raw);
        }
    }

  private:
    static constexpr unsigned kMostCpus = hyp::VirtualGic::kMostCpus;
    using Registers = std::array<hyp::ListRegisters, kMostCpus>;

    static bool asks_for_maintenance(const VirtualInterface& one) { return one.misr().raw != 0; }

    /// Private interrupts are each CPU's own.
    static unsigned bank_of(unsigned cpu, unsigned id) { return id < gic::kFirstSpi ? cpu : 0; }

    /// That of which a list register has named the physical one.
    [[nodiscard]] unsigned virtual_of(unsigned physical) const {
        for (const hyp::PassedInterrupt& one : config_.passed) {
            if (one.physical == physical) {
                return one.interrupt;
            }
        }
        findings_.require(physical < hyp::VirtualGic::kInterrupts && linked_.contains(physical),
                          "an unknown physical interrupt", physical);
        return physical % hyp::VirtualGic::kInterrupts;
    }

    void deactivate(unsigned cpu, unsigned id) {
        findings_.require(is_physically_active(cpu, id), "deactivates what is not active", id);
        active_[bank_of(cpu, id)][id] = false;
        ++findings_.counts.deactivations;
    }

    // ---- Quick ways ----

    [[nodiscard]] hyp::FreePlaces places_of(unsigned cpu) const {
        const VirtualInterface& interface = interfaces_[cpu];
        return {.all = hyp::list_register_mask(interface.count()), .free = interface.elrsr()};
    }

    void place(unsigned cpu, const hyp::InPlace& sgi) {
        findings_.require((interfaces_[cpu].elrsr() >> sgi.place & 1) != 0,
                          "not a free list register", sgi.place);
        interfaces_[cpu].write(sgi.place, sgi.word);
        check_rules(cpu);
    }

    /// For an SGI of a CPU to itself while there is a quick injection, and for one that it sends to
    /// others which have cores of their own.
    bool sent_quickly(unsigned cpu, gic::GicdSgir request) {
        if (request.get(gic::GicdSgir::kTargetListFilter) != gic::SgiTarget::kSelf) {
            return sent_to_others(cpu, request);
        }
        if (quick_[cpu].free_bit == 0) {
            return false;
        }
        const auto sgi = hyp::quick_self_sgi(virtual_.ctlr, virtual_.cpu[cpu],
                                             request.get(gic::GicdSgir::kSgiIntId), places_of(cpu));
        if (!sgi) {
            return false;
        }
        place(cpu, *sgi);
        ++findings_.counts.quick_sgis;
        return true;
    }

    bool sent_to_others(unsigned from, gic::GicdSgir request) {
        const std::uint32_t self = 1U << from;
        const std::uint32_t others = ((1U << config_.cpus) - 1) & ~self;
        const std::uint32_t targets = hyp::targets_of(request, self, others);
        if (targets == 0 || (targets & self) != 0) {
            return false;
        }
        for (unsigned to = 0; to < config_.cpus; ++to) {
            if ((targets >> to & 1) != 0) {
                receive(to, from, 1U << request.get(gic::GicdSgir::kSgiIntId));
            }
        }
        return true;
    }

    /// Another core has sent this CPU an SGI.
    void receive(unsigned to, unsigned from, std::uint32_t sgis) {
        const auto sgi =
            quick_[to].free_bit == 0
                ? std::nullopt
                : hyp::quick_sgi_from(from, sgis, virtual_.ctlr, virtual_.cpu[to], places_of(to));
        if (sgi) {
            place(to, *sgi);
            ++findings_.counts.quick_ipis;
        } else {
            with_own_gic(to, [&](hyp::WholeGic& gic) { gic.receive(to, from, sgis); });
        }
    }

    /// While no list register is in use: whether there is such a register.
    std::optional<bool> written_at_rest(unsigned cpu, hyp::DeviceAccess access,
                                        std::uint32_t value) {
        for (const VirtualInterface& interface : interfaces_) {
            if (interface.elrsr() != hyp::list_register_mask(interface.count())) {
                return std::nullopt;
            }
        }
        const auto written = hyp::write_at_rest(virtual_, cpu, access, value);
        if (!written) {
            return std::nullopt;
        }
        quick_[cpu] = written->quick;
        ++findings_.counts.at_rest;
        return written->done;
    }

    // ---- List registers, out and in ----

    [[nodiscard]] Registers read_interfaces() const {
        Registers registers;
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            registers[cpu] = registers_of(interfaces_[cpu]);
        }
        return registers;
    }

    void write_interface(unsigned cpu, const hyp::ListRegisters& from) {
        VirtualInterface& to = interfaces_[cpu];
        findings_.require(from.count == to.count() && from.used >> from.count == 0,
                          "list registers that do not exist", cpu);
        findings_.require(from.vmcr == to.vmcr, "the guest's GICV has changed", cpu);
        findings_.require(from.hcr.get(gic::GichHcr::kEoiCount) == 0, "ends are left to count",
                          cpu);
        write_registers(to, from);
        quick_[cpu] = from.quick;
        check_rules(cpu);
        for (unsigned id = 0; id < hyp::VirtualGic::kInterrupts; ++id) {
            if (from.deactivate.contains(id)) {
                deactivate(cpu, id);
            }
        }
    }

    void check_rules(unsigned cpu) {
        if (const std::string rule = interfaces_[cpu].broken_rule(); !rule.empty()) {
            findings_.fail("cpu " + std::to_string(cpu) + ": " + rule);
        }
    }

    template <class Act>
    void with_gic(Act act) {
        Registers registers = read_interfaces();
        {
            hyp::WholeGic gic(virtual_, std::span(registers.data(), config_.cpus));
            act(gic);
        }
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            findings_.require(registers[cpu].others == 0, "others, though all are there", cpu);
            write_interface(cpu, registers[cpu]);
        }
    }

    /// As where each CPU has a core of its own: only the interface of `cpu` is there. Those that it
    /// makes work for look next.
    template <class Act>
    void with_own_gic(unsigned cpu, Act act) {
        std::array registers{registers_of(interfaces_[cpu])};
        {
            hyp::WholeGic gic(virtual_, registers, cpu);
            act(gic);
        }
        write_interface(cpu, registers[0]);
        for (unsigned other = 0; other < config_.cpus; ++other) {
            if ((registers[0].others >> other & 1) != 0) {
                ++findings_.counts.told;
                look(other);
            }
        }
    }
    void look(unsigned cpu) {
        with_own_gic(cpu, [](hyp::WholeGic&) {});
    }

    hyp::VirtualGicConfig config_;
    hyp::VirtualGic virtual_;
    std::vector<VirtualInterface> interfaces_;
    std::array<hyp::QuickInjection, kMostCpus> quick_{};
    /// Physical interrupts, by CPU (those that are shared: the first one's) and ID.
    std::array<std::array<bool, hyp::VirtualGic::kInterrupts>, kMostCpus> active_{};
    Findings& findings_;
    hyp::InterruptSet linked_;
};

}  // namespace hm::model
