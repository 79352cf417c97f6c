#pragma once
// A virtual GIC in its list registers, beside a plain GIC: both get the same operations, and a
// guest must not be able to tell them apart.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/model/findings.hpp"
#include "tests/model/monitored_gic.hpp"
#include "tests/model/operation.hpp"
#include "tests/model/plain_gic.hpp"
#include "tests/model/virtual_interface.hpp"

namespace hm::model {

class GicPair {
  public:
    GicPair(const hyp::VirtualGicConfig& config, unsigned list_registers)
        : config_(config),
          linked_(hyp::linked_by(config)),
          plain_(config.cpus),
          monitored_(config, list_registers, findings_),
          unended_(config.cpus) {}
    GicPair(const GicPair&) = delete;
    GicPair& operator=(const GicPair&) = delete;

    /// The first thing in which the two differ, or a rule that was broken; empty if there is none.
    [[nodiscard]] const std::string& difference() const { return findings_.difference; }
    [[nodiscard]] const Counts& counts() const { return findings_.counts; }
    [[nodiscard]] const PlainGic& plain() const { return plain_; }
    [[nodiscard]] bool has_unended(unsigned cpu) const { return !unended_[cpu].empty(); }

    /// Carries out `operation` on both, unless the manual calls it UNPREDICTABLE.
    void apply(const Operation& operation) {
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
                monitored_.interface(cpu).set_mask(operation.value);
                break;
            case Operation::Kind::kGroups: {
                const bool group0 = (operation.value & 1) != 0;
                const bool group1 = (operation.value & 2) != 0;
                plain_.set_groups(cpu, group0, group1);
                monitored_.interface(cpu).set_groups(group0, group1);
                break;
            }
        }
        monitored_.serve_maintenance();
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
    struct Words {
        std::uint32_t offset;
        unsigned count;
    };

    // ---- The operations ----

    void read(const Operation& operation) {
        const auto expected = plain_.read(operation.cpu, operation.offset, operation.bytes);
        const auto got = monitored_.read(operation.cpu, {operation.offset, operation.bytes});
        if (operation.offset / 4 != 2) {  // GICD_IIDR names the implementation (4.3.3)
            require(got == expected, "reads differ", operation.offset);
        }
    }

    void write(Operation operation) {
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
        require(
            monitored_.write(operation.cpu, {offset, operation.bytes}, operation.value) == expected,
            "only one has a register", offset);
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
        if (operation.id < kSgis || operation.id >= kInterrupts || linked_.contains(operation.id)) {
            return;
        }
        const bool high = operation.value != 0;
        plain_.set_line(operation.cpu, operation.id, high);
        monitored_.set_line(operation.cpu, operation.id, high);
    }

    void take(const Operation& operation) {
        const unsigned cpu = operation.cpu;
        const unsigned id = operation.id;
        if (id >= kInterrupts || !linked_.contains(id)) {
            return;
        }
        require(monitored_.is_signalled(cpu, id) == plain_.is_signalled(cpu, id),
                "only one signals", id);
        if (monitored_.is_physically_active(cpu, id) || !plain_.is_signalled(cpu, id)) {
            return;
        }
        ++findings_.counts.takes;
        needed(cpu, id) = true;
        plain_.take(cpu, id);
        monitored_.take(cpu, id);
    }

    void acknowledge(unsigned cpu) {
        const std::uint32_t expected = plain_.acknowledge(cpu);
        require(monitored_.interface(cpu).acknowledge() == expected, "acknowledgements differ",
                expected);
        if (expected != kNothing) {
            ++findings_.counts.acknowledged;
            findings_.counts.preemptions += has_unended(cpu) ? 1 : 0;
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
        monitored_.end(cpu, name);
    }

    // ---- What must be the same ----

    void compare_delivery() {
        for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
            const VirtualInterface& interface = monitored_.interface(cpu);
            const std::uint32_t expected = plain_.highest(cpu);
            const std::uint32_t got = interface.highest();
            if (expected != got) {
                findings_.fail("cpu " + std::to_string(cpu) + " would acknowledge " +
                               std::to_string(got) + ", not " + std::to_string(expected));
            }
            require(interface.running() == plain_.running(cpu), "running priorities", cpu);
            compare_list_registers(cpu);
        }
    }

    /// Those of the highest priority are in list registers: none that waits for one has a higher
    /// priority than one that is pending there.
    void compare_list_registers(unsigned cpu) {
        const VirtualInterface& interface = monitored_.interface(cpu);
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
        findings_.counts.overflows += forwarded > interface.count() ? 1 : 0;
    }

    void compare_words(std::initializer_list<Words> banks) {
        monitored_.look_at([&](const hyp::WholeGic& gic) {
            for (unsigned cpu = 0; cpu < config_.cpus; ++cpu) {
                for (const Words& bank : banks) {
                    for (unsigned word = 0; word < bank.count; ++word) {
                        const std::uint32_t offset = bank.offset + 4 * word;
                        require(gic.read(cpu, {offset, 4}) == plain_.read(cpu, offset, 4),
                                "a register differs", offset);
                    }
                }
            }
        });
    }

    /// 5.2: the physical interrupt stays active for as long as the virtual one is pending or
    /// active, and no longer.
    void compare_physical() {
        for (unsigned id = kSgis; id < kInterrupts; ++id) {
            if (!linked_.contains(id)) {
                continue;
            }
            for (unsigned cpu = 0; cpu < (id < kFirstShared ? config_.cpus : 1); ++cpu) {
                const bool active = monitored_.is_physically_active(cpu, id);
                const bool waits = plain_.is_pending(cpu, id) || plain_.at(cpu, id).active;
                needed(cpu, id) = needed(cpu, id) && waits;
                require(active || !needed(cpu, id), "deactivated too early", id);
                require(!active || needed(cpu, id), "not deactivated", id);
            }
        }
    }

    /// Whether the virtual interrupt has not been idle since the physical one was taken.
    bool& needed(unsigned cpu, unsigned id) { return needed_[id < kFirstShared ? cpu : 0][id]; }

    void require(bool holds, const char* claim, std::uint32_t what) {
        findings_.require(holds, claim, what);
    }

    hyp::VirtualGicConfig config_;
    hyp::InterruptSet linked_;
    Findings findings_;
    PlainGic plain_;
    MonitoredGic monitored_;
    std::vector<std::vector<std::uint32_t>> unended_;  ///< acknowledged, the latest last
    std::array<std::array<bool, kInterrupts>, kMostCpus> needed_{};
};

}  // namespace hm::model
