#pragma once
// A virtual GIC in its list registers, beside a plain GIC: both get the same operations, and a
// guest must not be able to tell them apart.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "hyp/core/virtual_gic.hpp"
#include "tests/model/plain_gic.hpp"
#include "tests/model/virtual_interface.hpp"

namespace hm::model {

/// One thing that a guest, a device or a physical interrupt does.
struct Operation {
    enum class Kind : std::uint8_t {
        kRead,         ///< of the distributor
        kWrite,        ///< of the distributor
        kLine,         ///< a device drives the line of `id` to `value`
        kTake,         ///< the physical interrupt of `id` comes
        kAcknowledge,  ///< GICV_IAR
        kEnd,          ///< GICV_EOIR, of what was acknowledged last
        kMask,         ///< GICV_PMR
        kGroups,       ///< GICV_CTLR: bits 0 and 1
    };
    Kind kind = Kind::kRead;
    unsigned cpu = 0;
    unsigned id = 0;
    std::uint32_t offset = 0;
    std::uint32_t bytes = 4;
    std::uint32_t value = 0;
};

[[nodiscard]] inline std::string text_of(const Operation& operation) {
    static constexpr std::array kNames{"read",        "write", "line", "take",
                                       "acknowledge", "end",   "mask", "groups"};
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "cpu %u %-11s id %2u  offset 0x%03X/%u  value 0x%08X",
                  operation.cpu, kNames[static_cast<std::size_t>(operation.kind)], operation.id,
                  operation.offset, operation.bytes, operation.value);
    return text.data();
}

/// What the hypervisor reads of the hardware.
[[nodiscard]] inline hyp::ListRegisters registers_of(const VirtualInterface& from) {
    hyp::ListRegisters to;
    to.count = from.count();
    to.used = ~from.elrsr() & hyp::list_register_mask(from.count());
    to.vmcr = from.vmcr;
    to.hcr = from.hcr;
    for (unsigned index = 0; index < hyp::ListRegisters::kMost; ++index) {
        // What is in an empty one means nothing, so it may be anything.
        to.words[index] = (to.used >> index & 1) != 0
                              ? from.word(index)
                              : gic::ListRegister::from(0x9A000000U + index * 0x1234567U);
    }
    return to;
}

/// And what it writes.
inline void write_registers(VirtualInterface& to, const hyp::ListRegisters& from) {
    for (unsigned index = 0; index < to.count(); ++index) {
        const bool used = (from.used >> index & 1) != 0;
        to.write(index, used ? from.words[index] : gic::ListRegister{});
    }
    to.hcr = from.hcr;
}

class GicPair {
  public:
    GicPair(const hyp::VirtualGicConfig& config, unsigned list_registers)
        : config_(config),
          plain_(config.cpus),
          interfaces_(config.cpus, VirtualInterface(list_registers)),
          unended_(config.cpus) {
        hyp::reset(virtual_, config);
        with_gic([](hyp::WholeGic&) {});
    }

    /// The first thing in which the two differ, or a rule that was broken; empty if there is none.
    [[nodiscard]] const std::string& difference() const { return difference_; }
    [[nodiscard]] const PlainGic& plain() const { return plain_; }
    [[nodiscard]] bool has_unended(unsigned cpu) const { return !unended_[cpu].empty(); }

    /// What the operations so far have led to, so that a test can tell that it tests something.
    struct Counts {
        unsigned acknowledged = 0;
        unsigned preemptions = 0;   ///< acknowledged while another was active
        unsigned overflows = 0;     ///< more to forward than list registers
        unsigned counted_ends = 0;  ///< ends without a list register (5.3.1)
        unsigned quick = 0;         ///< quick injections
        unsigned quick_sgis = 0;    ///< SGIs to itself without a look at anything else
        unsigned quick_ipis = 0;    ///< SGIs of another CPU, presented so
        unsigned told = 0;          ///< CPUs that had to look, since another made work for them
        unsigned at_rest = 0;       ///< writes while nothing was pending or active
        unsigned takes = 0;
        unsigned maintenance = 0;
        unsigned deactivations = 0;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

    /// Carries out `operation` on both, unless the manual calls it UNPREDICTABLE.
    void apply(Operation operation) {
        const unsigned cpu = operation.cpu;
        switch (operation.kind) {
            case Operation::Kind::kRead:
                read(operation);
                break;
            case Operation::Kind::kWrite:
                write(operation);
                break;
            case Operation::Kind::kLine:
                line(operation);
                break;
            case Operation::Kind::kTake:
                take(operation);
                break;
            case Operation::Kind::kAcknowledge:
                acknowledge(cpu);
                break;
            case Operation::Kind::kEnd:
                end(cpu);
                break;
            case Operation::Kind::kMask:
                plain_.set_mask(cpu, operation.value);
                interfaces_[cpu].set_mask(operation.value);
                break;
            case Operation::Kind::kGroups: {
                const bool group0 = (operation.value & 1) != 0;
                const bool group1 = (operation.value & 2) != 0;
                plain_.set_groups(cpu, group0, group1);
                interfaces_[cpu].set_groups(group0, group1);
                break;
            }
        }
        serve_maintenance();
        compare_delivery();
        compare_physical();
    }

    /// Compares the registers that show the state of interrupts, of each CPU.
    void compare_state() { compare_words({{0x200, 2}, {0x300, 2}, {0xF10, 4}}); }

    /// Compares all registers, of each CPU.
    void compare_registers() {
        compare_words({{0x000, 2},
                       {0x080, 3},
                       {0x100, 3},
                       {0x180, 3},
                       {0x200, 3},
                       {0x280, 3},
                       {0x300, 3},
                       {0x380, 3},
                       {0x400, 17},
                       {0x800, 17},
                       {0xC00, 5},
                       {0xF00, 1},
                       {0xF10, 8},
                       {0xFE8, 1}});
    }

  private:
    using Registers = std::array<hyp::ListRegisters, kMostCpus>;
    struct Words {
        std::uint32_t offset;
        unsigned count;
    };

    // ---- The operations ----

    void read(const Operation& operation) {
        const auto expected = plain_.read(operation.cpu, operation.offset, operation.bytes);
        with_gic([&](hyp::WholeGic& gic) {
            const auto got = gic.read(operation.cpu, {operation.offset, operation.bytes});
            if (operation.offset / 4 != 2) {  // GICD_IIDR names the implementation (4.3.3)
                require(got == expected, "reads differ", operation.offset);
            }
        });
    }

    void write(Operation& operation) {
        const std::uint32_t offset = operation.offset;
        if (offset == 0xF00 && (operation.value >> 24 & 3) == 3) {
            return;  // reserved (4.3.15)
        }
        if (offset >= 0x380 && offset < 0x388) {
            operation.value &= ~unended_bits(operation.cpu, (offset - 0x380) / 4 * 32);
        } else if (offset >= 0xC08 && offset < 0xC10) {
            keep_triggers(operation);
        }
        const bool expected = plain_.write(operation.cpu, offset, operation.bytes, operation.value);
        if (offset == 0xF00 && operation.bytes == 4 && sent_quickly(operation)) {
            return;
        }
        if (written_at_rest(operation, expected)) {
            return;
        }
        with_gic([&](hyp::WholeGic& gic) {
            require(
                gic.write(operation.cpu, {offset, operation.bytes}, operation.value) == expected,
                "only one has a register", offset);
        });
    }

    /// 4.4.5: an interrupt that is to be ended must be active, so no write may deactivate it.
    [[nodiscard]] std::uint32_t unended_bits(unsigned writer, unsigned first) const {
        std::uint32_t bits = 0;
        for (unsigned id = first; id < first + 32; ++id) {
            bits |= is_unended(writer, id) ? 1U << (id - first) : 0U;
        }
        return bits;
    }

    /// 4.3.13: an interrupt that is enabled or pending must not change its trigger.
    void keep_triggers(Operation& operation) const {
        const unsigned first = (operation.offset - 0xC00) / 4 * 16;
        for (unsigned id = first; id < first + 16; ++id) {
            if (plain_.at(0, id).enabled || plain_.is_pending(0, id)) {
                operation.value &= ~(3U << (2 * (id - first)));
                operation.value |= (plain_.at(0, id).edge ? 3U : 0U) << (2 * (id - first));
            }
        }
    }

    [[nodiscard]] bool is_unended(unsigned writer, unsigned id) const {
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            const bool is_own = id >= kFirstShared || cpu == writer;
            for (const std::uint32_t name : unended_[cpu]) {
                if (is_own && id_of(name) == id) {
                    return true;
                }
            }
        }
        return false;
    }

    void line(const Operation& operation) {
        if (operation.id < kSgis || operation.id >= kInterrupts ||
            config_.linked.contains(operation.id)) {
            return;
        }
        const bool high = operation.value != 0;
        plain_.set_line(operation.cpu, operation.id, high);
        with_gic([&](hyp::WholeGic& gic) { gic.set_line(operation.cpu, operation.id, high); });
    }

    void take(const Operation& operation) {
        const unsigned cpu = operation.cpu;
        const unsigned id = operation.id;
        if (id >= kInterrupts || !config_.linked.contains(id)) {
            return;
        }
        require(hyp::signalled(virtual_, cpu).contains(id) == plain_.is_signalled(cpu, id),
                "only one signals", id);
        if (physical(cpu, id).active || !plain_.is_signalled(cpu, id)) {
            return;
        }
        ++counts_.takes;
        physical(cpu, id) = {.active = true, .needed = true};
        plain_.take(cpu, id);
        const hyp::QuickInjection& quick = quick_[cpu];
        if (id == config_.quick && (quick.free_bit & interfaces_[cpu].elrsr()) != 0) {
            const unsigned index = (quick.lr_address - 0x100) / 4;
            require(quick.free_bit == 1U << index, "the quick list register is another", index);
            interfaces_[cpu].write(index, quick.word);
            check_rules(cpu);
            ++counts_.quick;
            return;
        }
        const auto take = [&](hyp::WholeGic& gic) { gic.take(cpu, id); };
        if (id < kFirstShared) {
            with_own_gic(cpu, take);
        } else {
            with_gic(take);
        }
    }

    [[nodiscard]] hyp::FreePlaces places_of(unsigned cpu) const {
        const VirtualInterface& interface = interfaces_[cpu];
        return {.all = hyp::list_register_mask(interface.count()), .free = interface.elrsr()};
    }

    void place(unsigned cpu, const hyp::SgiInPlace& sgi) {
        require((interfaces_[cpu].elrsr() >> sgi.place & 1) != 0, "not a free list register",
                sgi.place);
        interfaces_[cpu].write(sgi.place, sgi.word);
        check_rules(cpu);
    }

    /// As the monitor does for an SGI of a CPU to itself while there is a quick injection, and for
    /// one that it sends to others which have cores of their own.
    bool sent_quickly(const Operation& operation) {
        const unsigned cpu = operation.cpu;
        const auto request = gic::GicdSgir::from(operation.value);
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
        ++counts_.quick_sgis;
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

    /// As the monitor does when a CPU is told of an SGI by another core.
    void receive(unsigned to, unsigned from, std::uint32_t sgis) {
        const auto sgi =
            quick_[to].free_bit == 0
                ? std::nullopt
                : hyp::quick_sgi_from(from, sgis, virtual_.ctlr, virtual_.cpu[to], places_of(to));
        if (sgi) {
            place(to, *sgi);
            ++counts_.quick_ipis;
        } else {
            with_own_gic(to, [&](hyp::WholeGic& gic) { gic.receive(to, from, sgis); });
        }
    }

    /// As the monitor does while no list register is in use.
    bool written_at_rest(const Operation& operation, bool expected) {
        for (const VirtualInterface& interface : interfaces_) {
            if (interface.elrsr() != hyp::list_register_mask(interface.count())) {
                return false;
            }
        }
        const auto written = hyp::write_at_rest(
            virtual_, operation.cpu, {operation.offset, operation.bytes}, operation.value);
        if (!written) {
            return false;
        }
        require(written->done == expected, "at rest only one has a register", operation.offset);
        quick_[operation.cpu] = written->quick;
        ++counts_.at_rest;
        return true;
    }

    void acknowledge(unsigned cpu) {
        const std::uint32_t expected = plain_.acknowledge(cpu);
        require(interfaces_[cpu].acknowledge() == expected, "acknowledgements differ", expected);
        if (expected != kNothing) {
            ++counts_.acknowledged;
            counts_.preemptions += has_unended(cpu) ? 1 : 0;
            unended_[cpu].push_back(expected);
        }
    }

    void end(unsigned cpu) {
        if (!has_unended(cpu)) {
            return;
        }
        const std::uint32_t name = unended_[cpu].back();
        unended_[cpu].pop_back();
        plain_.end(cpu, name);
        interfaces_[cpu].end(name);
        counts_.counted_ends += interfaces_[cpu].hcr.get(gic::GichHcr::kEoiCount) != 0 ? 1 : 0;
        for (const unsigned id : interfaces_[cpu].take_deactivated()) {
            deactivate(cpu, id);
        }
    }

    // ---- The hypervisor's side ----

    [[nodiscard]] Registers read_interfaces() const {
        Registers registers;
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            registers[cpu] = registers_of(interfaces_[cpu]);
        }
        return registers;
    }

    void write_interface(unsigned cpu, const hyp::ListRegisters& from) {
        VirtualInterface& to = interfaces_[cpu];
        require(from.count == to.count() && from.used >> from.count == 0,
                "list registers that do not exist", cpu);
        require(from.vmcr == to.vmcr, "the guest's GICV has changed", cpu);
        require(from.hcr.get(gic::GichHcr::kEoiCount) == 0, "ends are left to count", cpu);
        write_registers(to, from);
        quick_[cpu] = from.quick;
        check_rules(cpu);
        for (unsigned id = 0; id < kInterrupts; ++id) {
            if (from.deactivate.contains(id)) {
                deactivate(cpu, id);
            }
        }
    }

    void check_rules(unsigned cpu) {
        if (const std::string rule = interfaces_[cpu].broken_rule(); !rule.empty()) {
            fail("cpu " + std::to_string(cpu) + ": " + rule);
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
            require(registers[cpu].others == 0, "others, though all are there", cpu);
            write_interface(cpu, registers[cpu]);
        }
    }

    void look(unsigned cpu) {
        with_own_gic(cpu, [](hyp::WholeGic&) {});
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
                ++counts_.told;
                look(other);
            }
        }
    }

    [[nodiscard]] bool asks_for_maintenance() const {
        return std::any_of(interfaces_.begin(), interfaces_.end(),
                           [](const VirtualInterface& one) { return one.misr().raw != 0; });
    }

    void serve_maintenance() {
        if (!asks_for_maintenance()) {
            return;
        }
        ++counts_.maintenance;
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            if (interfaces_[cpu].misr().raw != 0) {
                look(cpu);
            }
        }
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            require(interfaces_[cpu].misr().raw == 0, "maintenance does not end, GICH_MISR",
                    interfaces_[cpu].misr().raw);
        }
    }

    // ---- What must be the same ----

    void compare_delivery() {
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            const std::uint32_t expected = plain_.highest(cpu);
            const std::uint32_t got = interfaces_[cpu].highest();
            if (expected != got) {
                fail("cpu " + std::to_string(cpu) + " would acknowledge " + std::to_string(got) +
                     ", not " + std::to_string(expected));
            }
            require(interfaces_[cpu].running() == plain_.running(cpu), "running priorities", cpu);
            compare_list_registers(cpu);
        }
    }

    /// Those of the highest priority are in list registers: none that waits for one has a higher
    /// priority than one that is pending there.
    void compare_list_registers(unsigned cpu) {
        const VirtualInterface& interface = interfaces_[cpu];
        std::array<bool, kInterrupts> listed{};
        std::uint32_t lowest = 0;
        for (unsigned index = 0; index < interface.count(); ++index) {
            const gic::ListRegister word = interface.word(index);
            const gic::LrState state = word.get(gic::ListRegister::kState);
            const unsigned id = word.get(gic::ListRegister::kVirtualId) % kInterrupts;
            if (state != gic::LrState::kInvalid) {
                listed[id] = true;
            }
            if (state == gic::LrState::kPending) {
                require(plain_.is_forwarded(cpu, id), "pending only in a list register", id);
                lowest = std::max(lowest, plain_.at(cpu, id).priority);
            }
        }
        unsigned forwarded = 0;
        for (unsigned id = 0; id < kInterrupts; ++id) {
            if (plain_.is_forwarded(cpu, id)) {
                ++forwarded;
                require(listed[id] || !plain_.is_wanted(cpu, id) ||
                            plain_.at(cpu, id).priority >= lowest,
                        "waits behind a lower priority", id);
            }
        }
        counts_.overflows += forwarded > interface.count() ? 1 : 0;
    }

    void compare_words(std::initializer_list<Words> banks) {
        hyp::VirtualGic copy = virtual_;
        Registers registers = read_interfaces();
        const hyp::WholeGic gic(copy, std::span(registers.data(), config_.cpus));
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            for (const Words& bank : banks) {
                for (unsigned word = 0; word < bank.count; ++word) {
                    const std::uint32_t offset = bank.offset + 4 * word;
                    require(gic.read(cpu, {offset, 4}) == plain_.read(cpu, offset, 4),
                            "a register differs", offset);
                }
            }
        }
    }

    // ---- Physical interrupts behind linked ones ----

    struct Physical {
        bool active = false;
        bool needed = false;  ///< the virtual one has not been idle since it was taken
    };

    Physical& physical(unsigned cpu, unsigned id) {
        return physical_[id < kFirstShared ? cpu : 0][id];
    }

    void deactivate(unsigned cpu, unsigned id) {
        require(physical(cpu, id).active, "deactivates what is not active", id);
        physical(cpu, id).active = false;
        ++counts_.deactivations;
    }

    /// 5.2: the physical interrupt stays active for as long as the virtual one is pending or
    /// active, and no longer.
    void compare_physical() {
        for (unsigned id = kSgis; id < kInterrupts; ++id) {
            if (!config_.linked.contains(id)) {
                continue;
            }
            for (unsigned cpu = 0; cpu < (id < kFirstShared ? config_.cpus : 1); ++cpu) {
                Physical& one = physical(cpu, id);
                one.needed =
                    one.needed && (plain_.is_pending(cpu, id) || plain_.at(cpu, id).active);
                require(one.active || !one.needed, "deactivated too early", id);
                require(!one.active || one.needed, "not deactivated", id);
            }
        }
    }

    void require(bool holds, const char* claim, std::uint32_t what) {
        if (!holds) {
            std::array<char, 96> text{};
            std::snprintf(text.data(), text.size(), "%s: %u (0x%X)", claim, what, what);
            fail(text.data());
        }
    }
    void fail(const std::string& what) {
        if (difference_.empty()) {
            difference_ = what;
        }
    }

    hyp::VirtualGicConfig config_;
    hyp::VirtualGic virtual_;
    PlainGic plain_;
    std::vector<VirtualInterface> interfaces_;
    std::vector<std::vector<std::uint32_t>> unended_;  ///< acknowledged, the latest last
    std::array<hyp::QuickInjection, kMostCpus> quick_{};
    std::array<std::array<Physical, kInterrupts>, kMostCpus> physical_{};
    Counts counts_;
    std::string difference_;
};

}  // namespace hm::model
