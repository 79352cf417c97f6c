#pragma once
// A GICv2 without the Security Extensions, interrupt by interrupt: a distributor for 64 interrupts
// and up to four CPU interfaces. Written from ARM IHI 0048B, to be read beside it, and sharing
// nothing with what it is compared with.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace hm::model {

inline constexpr unsigned kInterrupts = 64;
inline constexpr unsigned kSgis = 16;
inline constexpr unsigned kFirstShared = 32;
inline constexpr unsigned kMostCpus = 4;
/// What an acknowledgement reads where there is nothing to acknowledge (3.2.5).
inline constexpr std::uint32_t kNothing = 1023;
/// The running priority where nothing is active (4.4.6).
inline constexpr std::uint32_t kIdle = 0xFF;

/// What GICC_IAR reads: the interrupt, and for an SGI the CPU that sent it (4.4.4).
[[nodiscard]] constexpr std::uint32_t name_of(unsigned id, unsigned source) {
    return id | source << 10;
}
[[nodiscard]] constexpr unsigned id_of(std::uint32_t name) { return name & 0x3FF; }
[[nodiscard]] constexpr unsigned source_of(std::uint32_t name) { return name >> 10 & 7; }

class PlainGic {
  public:
    /// An interrupt as one CPU has it; a shared one is the same for all CPUs.
    struct Interrupt {
        bool group1 = false;
        bool enabled = false;
        bool edge = false;
        bool latched = false;  ///< an edge came, or GICD_ISPENDR was written
        bool line = false;     ///< the device asserts it
        bool active = false;
        std::uint32_t priority = 0;
        std::array<bool, kMostCpus> targets{};  ///< of a shared one
        std::array<bool, kMostCpus> sent_by{};  ///< of an SGI: it is pending from these CPUs
    };

    explicit PlainGic(unsigned cpus) : cpus_(cpus) {
        for (unsigned cpu = 0; cpu < kMostCpus; ++cpu) {
            for (unsigned id = 0; id < kSgis; ++id) {
                mine(cpu, id).enabled = true;  // as on Cortex-A15
                mine(cpu, id).edge = true;     // 4.3.13
            }
        }
    }

    [[nodiscard]] unsigned cpus() const { return cpus_; }
    [[nodiscard]] const Interrupt& at(unsigned cpu, unsigned id) const {
        return id < kFirstShared ? own_[cpu][id] : shared_[id - kFirstShared];
    }

    // ---- Distributor: 4.3 ----

    /// What a CPU reads; nothing where there is no register of that size.
    [[nodiscard]] std::optional<std::uint32_t> read(unsigned cpu, std::uint32_t offset,
                                                    std::uint32_t bytes) const {
        if (!exists(offset, bytes)) {
            return std::nullopt;
        }
        if (!has_bytes(offset)) {
            return word_at(cpu, offset);
        }
        std::uint32_t value = 0;
        for (std::uint32_t byte = 0; byte < bytes; ++byte) {
            value |= byte_at(cpu, offset + byte) << (8 * byte);
        }
        return value;
    }

    /// False where there is no register of that size.
    bool write(unsigned cpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
        if (!exists(offset, bytes)) {
            return false;
        }
        if (!has_bytes(offset)) {
            write_word(cpu, offset, value);
            return true;
        }
        for (std::uint32_t byte = 0; byte < bytes; ++byte) {
            write_byte(cpu, offset + byte, value >> (8 * byte) & 0xFF);
        }
        return true;
    }

    /// Figure 4-10: an edge is remembered, a level is not.
    void set_line(unsigned cpu, unsigned id, bool high) {
        Interrupt& one = mine(cpu, id);
        if (one.edge && high && !one.line) {
            one.latched = true;
        }
        one.line = high;
    }

    /// The physical interrupt behind this one has come.
    void take(unsigned cpu, unsigned id) { mine(cpu, id).latched = true; }

    [[nodiscard]] bool is_pending(unsigned cpu, unsigned id) const {
        const Interrupt& one = at(cpu, id);
        if (id < kSgis) {
            return first_source(one) < kMostCpus;
        }
        return one.latched || (!one.edge && one.line);
    }

    /// Enabled, and its group is too (4.3.1).
    [[nodiscard]] bool is_signalled(unsigned cpu, unsigned id) const {
        const Interrupt& one = at(cpu, id);
        return one.enabled && (one.group1 ? group1_ : group0_);
    }

    /// Whether the distributor forwards it to that CPU. A shared one goes to the lowest of its
    /// targets (3.2.3 lets an implementation choose).
    [[nodiscard]] bool is_forwarded(unsigned cpu, unsigned id) const {
        return is_pending(cpu, id) && !at(cpu, id).active && is_signalled(cpu, id) &&
               (id < kFirstShared || first_target(id) == cpu);
    }

    // ---- CPU interface: 4.4, with AckCtl set, EOImode clear, and a binary point at which every
    // priority preempts ----

    void set_groups(unsigned cpu, bool group0, bool group1) {
        interfaces_[cpu].group0 = group0;
        interfaces_[cpu].group1 = group1;
    }
    void set_mask(unsigned cpu, std::uint32_t priority) {
        interfaces_[cpu].mask = priority & kPriorityBits;
    }

    /// Whether the CPU interface has the group of this interrupt enabled (4.4.1).
    [[nodiscard]] bool is_wanted(unsigned cpu, unsigned id) const {
        return at(cpu, id).group1 ? interfaces_[cpu].group1 : interfaces_[cpu].group0;
    }

    /// What the CPU would acknowledge now. Equal priorities: the lowest ID comes first, and the
    /// lowest CPU that sent it.
    [[nodiscard]] std::uint32_t highest(unsigned cpu) const {
        std::uint32_t best = kNothing;
        std::uint32_t priority = interfaces_[cpu].mask;  // 3.3.2: only what is above the mask
        if (priority > running(cpu)) {
            priority = running(cpu);  // 3.3.3: and above what is running
        }
        for (unsigned id = 0; id < kInterrupts; ++id) {
            const Interrupt& one = at(cpu, id);
            if (one.priority < priority && is_forwarded(cpu, id) && is_wanted(cpu, id)) {
                priority = one.priority;
                best = name_of(id, id < kSgis ? first_source(one) : 0);
            }
        }
        return best;
    }

    std::uint32_t acknowledge(unsigned cpu) {
        const std::uint32_t name = highest(cpu);
        if (name == kNothing) {
            return name;
        }
        Interrupt& one = mine(cpu, id_of(name));
        if (id_of(name) < kSgis) {
            one.sent_by[source_of(name)] = false;
        }
        one.latched = false;
        one.active = true;
        interfaces_[cpu].running.push_back(one.priority);
        return name;
    }

    /// `name` is what the latest acknowledgement that has no end yet has read (4.4.5).
    void end(unsigned cpu, std::uint32_t name) {
        interfaces_[cpu].running.pop_back();
        mine(cpu, id_of(name)).active = false;
    }

    [[nodiscard]] std::uint32_t running(unsigned cpu) const {
        const std::vector<std::uint32_t>& running = interfaces_[cpu].running;
        return running.empty() ? kIdle : running.back();
    }

  private:
    struct Interface {
        bool group0 = false;
        bool group1 = false;
        std::uint32_t mask = 0;
        std::vector<std::uint32_t> running{};  ///< priorities, the latest last
    };

    static constexpr std::uint32_t kPriorityBits = 0xF8;

    // Table 4-1.
    static constexpr std::uint32_t kCtlr = 0x000, kTyper = 0x004, kIgroupr = 0x080,
                                   kIsenabler = 0x100, kIcenabler = 0x180, kIspendr = 0x200,
                                   kIcpendr = 0x280, kIsactiver = 0x300, kIcactiver = 0x380,
                                   kIpriorityr = 0x400, kItargetsr = 0x800, kIcfgr = 0xC00,
                                   kIcfgrEnd = 0xD00, kSgir = 0xF00, kCpendsgir = 0xF10,
                                   kSpendsgir = 0xF20, kSpendsgirEnd = 0xF30, kIcpidr2 = 0xFE8;

    /// 4.1.4: the registers that have a byte for each interrupt.
    static bool has_bytes(std::uint32_t offset) {
        return (offset >= kIpriorityr && offset < kIcfgr) ||
               (offset >= kCpendsgir && offset < kSpendsgirEnd);
    }
    static bool exists(std::uint32_t offset, std::uint32_t bytes) {
        return bytes == 4 ? offset % 4 == 0 : bytes == 1 && has_bytes(offset);
    }

    Interrupt& mine(unsigned cpu, unsigned id) {
        return id < kFirstShared ? own_[cpu][id] : shared_[id - kFirstShared];
    }

    static unsigned first_source(const Interrupt& sgi) {
        unsigned cpu = 0;
        while (cpu < kMostCpus && !sgi.sent_by[cpu]) {
            ++cpu;
        }
        return cpu;
    }
    [[nodiscard]] unsigned first_target(unsigned id) const {
        if (cpus_ == 1) {
            return 0;  // whatever its registers keep
        }
        unsigned cpu = 0;
        while (cpu < cpus_ && !at(0, id).targets[cpu]) {
            ++cpu;
        }
        return cpu;
    }

    /// The register of `bits` bits per interrupt that begins at `bank`: the first of the
    /// interrupts that the word at `offset` is about.
    static unsigned first_of(std::uint32_t offset, std::uint32_t bank, unsigned bits) {
        return (offset - bank) / 4 * (32 / bits);
    }

    [[nodiscard]] std::uint32_t word_at(unsigned cpu, std::uint32_t offset) const {
        switch (offset) {
            case kCtlr:
                return (group0_ ? 1U : 0U) + (group1_ ? 2U : 0U);
            case kTyper:  // 4.3.2: 32 (1 + 1) interrupts
                return 1 + ((cpus_ - 1) << 5);
            case kIcpidr2:  // 4.3.18: architecture version 2, and ARM
                return 0x2B;
            default:
                break;
        }
        std::uint32_t value = 0;
        if (offset >= kIgroupr && offset < kIpriorityr) {
            const std::uint32_t bank = offset / 0x80 * 0x80;
            const unsigned first = first_of(offset, bank, 1);
            for (unsigned i = 0; i < 32 && first < kInterrupts; ++i) {
                value |= bit_of(cpu, bank, first + i) ? 1U << i : 0U;
            }
        }
        if (offset >= kIcfgr && offset < kIcfgrEnd) {
            const unsigned first = first_of(offset, kIcfgr, 2);
            for (unsigned i = 0; i < 16 && first < kInterrupts; ++i) {
                value |= trigger_of(first + i) << (2 * i);
            }
        }
        return value;
    }

    [[nodiscard]] bool bit_of(unsigned cpu, std::uint32_t bank, unsigned id) const {
        switch (bank) {
            case kIgroupr:
                return at(cpu, id).group1;
            case kIsenabler:
            case kIcenabler:
                return at(cpu, id).enabled;
            case kIspendr:
            case kIcpendr:
                return is_pending(cpu, id);
            default:
                return at(cpu, id).active;
        }
    }

    /// 4.3.13. The lower bit of a PPI is as Cortex-A15 has it; that of a shared one reads as one.
    [[nodiscard]] std::uint32_t trigger_of(unsigned id) const {
        if (id < kSgis) {
            return 2;
        }
        if (id < kFirstShared) {
            return id < 25 ? 0 : 1;
        }
        return at(0, id).edge ? 3 : 1;
    }

    [[nodiscard]] std::uint32_t byte_at(unsigned cpu, std::uint32_t offset) const {
        if (offset < kItargetsr) {
            const unsigned id = offset - kIpriorityr;
            return id < kInterrupts ? at(cpu, id).priority : 0;
        }
        if (offset < kIcfgr) {
            const unsigned id = offset - kItargetsr;
            return id < kInterrupts ? targets_of(cpu, id) : 0;
        }
        return bits_of(at(cpu, (offset - kCpendsgir) % kSgis).sent_by);  // 4.3.16, 4.3.17
    }

    static std::uint32_t bits_of(const std::array<bool, kMostCpus>& cpus) {
        std::uint32_t value = 0;
        for (unsigned cpu = 0; cpu < kMostCpus; ++cpu) {
            value |= cpus[cpu] ? 1U << cpu : 0U;
        }
        return value;
    }

    /// 4.3.12: the targets of private interrupts read as the CPU that reads. It lets the registers
    /// of a CPU alone be RAZ/WI; these keep its bit, as software that tests them expects.
    [[nodiscard]] std::uint32_t targets_of(unsigned cpu, unsigned id) const {
        return id < kFirstShared ? 1U << cpu : bits_of(at(cpu, id).targets);
    }

    void write_word(unsigned cpu, std::uint32_t offset, std::uint32_t value) {
        if (offset == kCtlr) {
            group0_ = (value & 1) != 0;
            group1_ = (value & 2) != 0;
        } else if (offset == kSgir) {
            send(cpu, value);
        } else if (offset >= kIgroupr && offset < kIpriorityr) {
            const std::uint32_t bank = offset / 0x80 * 0x80;
            const unsigned first = first_of(offset, bank, 1);
            for (unsigned i = 0; i < 32 && first < kInterrupts; ++i) {
                write_bit(bank, first + i, mine(cpu, first + i), (value >> i & 1) != 0);
            }
        } else if (offset >= kIcfgr && offset < kIcfgrEnd) {
            const unsigned first = first_of(offset, kIcfgr, 2);
            for (unsigned i = 0; i < 16 && first < kInterrupts; ++i) {
                if (first + i >= kFirstShared) {
                    mine(cpu, first + i).edge = (value >> (2 * i) & 2) != 0;
                }
            }
        }
    }

    static void write_bit(std::uint32_t bank, unsigned id, Interrupt& one, bool set) {
        const bool is_sgi = id < kSgis;
        switch (bank) {
            case kIgroupr:
                one.group1 = set;
                break;
            case kIsenabler:
                one.enabled = one.enabled || set;
                break;
            case kIcenabler:
                one.enabled = one.enabled && (is_sgi || !set);
                break;
            case kIspendr:  // 4.3.7: for SGIs writes are ignored
                one.latched = one.latched || (set && !is_sgi);
                break;
            case kIcpendr:  // 4.3.8: the same; a line that is high keeps its interrupt pending
                one.latched = one.latched && !set;
                break;
            case kIsactiver:
                one.active = one.active || set;
                break;
            default:
                one.active = one.active && !set;
                break;
        }
    }

    void write_byte(unsigned cpu, std::uint32_t offset, std::uint32_t value) {
        if (offset < kItargetsr) {
            const unsigned id = offset - kIpriorityr;
            if (id < kInterrupts) {
                mine(cpu, id).priority = value & kPriorityBits;
            }
        } else if (offset < kIcfgr) {
            const unsigned id = offset - kItargetsr;
            if (id >= kFirstShared && id < kInterrupts) {
                for (unsigned target = 0; target < cpus_; ++target) {
                    mine(cpu, id).targets[target] = (value >> target & 1) != 0;
                }
            }
        } else {
            Interrupt& sgi = mine(cpu, (offset - kCpendsgir) % kSgis);
            for (unsigned source = 0; source < cpus_; ++source) {
                if ((value >> source & 1) != 0) {
                    sgi.sent_by[source] = offset >= kSpendsgir;
                }
            }
        }
    }

    /// 4.3.15
    void send(unsigned cpu, std::uint32_t value) {
        const std::uint32_t filter = value >> 24 & 3;
        for (unsigned target = 0; target < cpus_; ++target) {
            const bool listed = (value >> (16 + target) & 1) != 0;
            if ((filter == 0 && listed) || (filter == 1 && target != cpu) ||
                (filter == 2 && target == cpu)) {
                mine(target, value & 0xF).sent_by[cpu] = true;
            }
        }
    }

    unsigned cpus_;
    bool group0_ = false;
    bool group1_ = false;
    std::array<std::array<Interrupt, kFirstShared>, kMostCpus> own_{};
    std::array<Interrupt, kInterrupts - kFirstShared> shared_{};
    std::array<Interface, kMostCpus> interfaces_{};
};

}  // namespace hm::model
