// Random guests, devices and physical interrupts on a virtual GIC beside a plain one.

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <random>
#include <string>

#include "tests/model/gic_pair.hpp"

namespace hm::hyp {
namespace {

using model::GicPair;
using model::Operation;
using Kind = Operation::Kind;

constexpr unsigned kLinkedOwn = 27;
constexpr unsigned kLinkedShared = 50;
/// Few, so that they meet often.
constexpr std::array kIds{0U, 1U, 5U, 15U, 20U, kLinkedOwn, 30U, 32U, 33U, kLinkedShared, 63U};
/// The last is never signalled.
constexpr std::array kPriorities{0x00U, 0x20U, 0x40U, 0x80U, 0x80U, 0xA0U,
                                 0xA0U, 0xC0U, 0xE0U, 0xF0U, 0xF8U};

constexpr unsigned kWalks = 43;
constexpr unsigned kStepsPerWalk = 969;  ///< 24 machines, so that there are 1,000,008 steps
constexpr unsigned kStepsPerComparison = 16;

/// How the guest goes on with its interrupts.
enum class Manner : std::uint8_t {
    kBusy,    ///< it falls behind, so that list registers are full
    kCalm,    ///< it keeps up, so that they are free
    kNested,  ///< its handlers are interrupted, so that active ones leave list registers
};

class Walk {
  public:
    Walk(const VirtualGicConfig& config, unsigned list_registers, std::uint32_t seed)
        : random_(seed),
          manner_(static_cast<Manner>(seed % 3)),
          cpus_(config.cpus),
          pair_(config, list_registers) {}

    /// Empty if all went well.
    std::string run() {
        for (unsigned cpu = 0; cpu < cpus_; ++cpu) {
            enable_all(cpu);
        }
        for (unsigned step = 0; step < kStepsPerWalk; ++step) {
            apply(next());
            pair_.compare_state();
            if (step % kStepsPerComparison == 0) {
                pair_.compare_registers();
            }
            if (!pair_.difference().empty()) {
                return report(step);
            }
        }
        return {};
    }

    [[nodiscard]] const model::Counts& counts() const { return pair_.counts(); }

  private:
    unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }
    template <class Choices>
    unsigned one_of(const Choices& choices) {
        return choices[below(static_cast<unsigned>(choices.size()))];
    }

    void apply(const Operation& operation) {
        latest_.push_back(operation);
        if (latest_.size() > 30) {
            latest_.pop_front();
        }
        pair_.apply(operation);
    }

    std::string report(unsigned step) {
        std::string text = "step " + std::to_string(step) + ": " + pair_.difference();
        for (const Operation& operation : latest_) {
            text += "\n  " + model::text_of(operation);
        }
        return text;
    }

    /// As a guest's drivers leave it: else the walk would be long before anything happens.
    void enable_all(unsigned cpu) {
        const auto write = [&](std::uint32_t offset, std::uint32_t value, std::uint32_t bytes = 4) {
            apply({.kind = Kind::kWrite,
                   .cpu = cpu,
                   .offset = offset,
                   .bytes = bytes,
                   .value = value});
        };
        write(0x000, 3);
        write(0x080, static_cast<std::uint32_t>(random_()));
        write(0x084, static_cast<std::uint32_t>(random_()));
        for (unsigned id = 0; id < model::kInterrupts; ++id) {
            write(0x400 + id, one_of(kPriorities), 1);
        }
        for (const unsigned id : kIds) {
            write(0x800 + id, static_cast<std::uint32_t>(random_()), 1);
        }
        write(0xC08, static_cast<std::uint32_t>(random_()));
        write(0xC0C, static_cast<std::uint32_t>(random_()));
        write(0x100, UINT32_MAX);
        write(0x104, UINT32_MAX);
        apply({.kind = Kind::kMask, .cpu = cpu, .value = 0xF8});
        apply({.kind = Kind::kGroups, .cpu = cpu, .value = 3});
    }

    Operation next() {
        const unsigned cpu = below(cpus_);
        if (will_acknowledge_) {
            will_acknowledge_ = false;
            return {.kind = Kind::kAcknowledge, .cpu = latest_.back().cpu};
        }
        if (manner_ == Manner::kCalm && below(4) != 0) {
            return {.kind = below(2) != 0 ? Kind::kAcknowledge : Kind::kEnd, .cpu = cpu};
        }
        if (manner_ == Manner::kNested && below(2) != 0) {
            return below(8) < 3 ? Operation{.kind = Kind::kEnd, .cpu = cpu} : preempting(cpu);
        }
        const unsigned choice = below(100);
        if (choice < 25) {
            return {.kind = Kind::kAcknowledge, .cpu = cpu};
        }
        if (choice < 45) {
            return {.kind = Kind::kEnd, .cpu = cpu};
        }
        if (choice < 56) {
            return preempting(cpu);
        }
        if (choice < 62) {
            return {.kind = Kind::kLine, .cpu = cpu, .id = one_of(kIds), .value = below(2)};
        }
        if (choice < 74) {
            return {
                .kind = Kind::kTake, .cpu = cpu, .id = below(3) != 0 ? kLinkedOwn : kLinkedShared};
        }
        if (choice < 75) {
            return {.kind = Kind::kMask, .cpu = cpu, .value = one_of(kMasks)};
        }
        if (choice < 76) {
            return {.kind = Kind::kGroups, .cpu = cpu, .value = below(6) != 0 ? 3 : below(4)};
        }
        if (choice < 77) {
            return any_access(cpu);
        }
        return write(cpu);
    }

    /// Mostly open, so that interrupts come.
    static constexpr std::array kMasks{0xF8U, 0xF8U, 0xF8U, 0xF8U, 0xF8U, 0xF8U, 0xA0U, 0x40U};

    /// Makes one pending that has a higher priority than what runs, and no higher than it must: so
    /// one preempts the other, again and again.
    Operation preempting(unsigned cpu) {
        const model::PlainGic& gic = pair_.plain();
        will_acknowledge_ = true;
        unsigned best = one_of(kIds);
        std::uint32_t priority = 0;
        for (const unsigned id : kIds) {
            const std::uint32_t own = gic.at(cpu, id).priority;
            if (own < gic.running(cpu) && own < 0xF8 && own >= priority &&
                gic.is_signalled(cpu, id) && !gic.at(cpu, id).active) {
                best = id;
                priority = own;
            }
        }
        if (best < model::kSgis) {
            return {.kind = Kind::kWrite, .cpu = cpu, .offset = 0xF00, .value = 2U << 24 | best};
        }
        return {.kind = Kind::kWrite,
                .cpu = cpu,
                .offset = 0x200 + best / 32 * 4,
                .value = 1U << best % 32};
    }

    Operation any_access(unsigned cpu) {
        return {.kind = below(2) != 0 ? Kind::kRead : Kind::kWrite,
                .cpu = cpu,
                .offset = below(0x1000),
                .bytes = 1U << below(3),
                .value = static_cast<std::uint32_t>(random_())};
    }

    /// A write to a register that there is.
    Operation write(unsigned cpu) {
        const auto any = static_cast<std::uint32_t>(random_());
        const unsigned id = one_of(kIds);
        Operation made{.kind = Kind::kWrite, .cpu = cpu};
        switch (below(20)) {
            case 0:
                made.value = below(6) != 0 ? 3 : below(4);  // GICD_CTLR
                break;
            case 1:
                made.offset = 0x080 + id / 32 * 4;
                made.value = any;
                break;
            case 2:
            case 3:
            case 4:
                return bit(cpu, 0x100, id);
            case 5:
                return bit(cpu, 0x180, id);
            case 6:
            case 7:
            case 8:
                return bit(cpu, 0x200, id);
            case 9:
                return bit(cpu, 0x280, id);
            case 10:
                return bit(cpu, 0x300, id);
            case 11:
            case 12:
                made.offset = 0x380 + id / 32 * 4;
                made.value = below(2) != 0 ? UINT32_MAX : 1U << id % 32;
                break;
            case 13:
                made.offset = 0x400 + id;
                made.bytes = 1;
                made.value = one_of(kPriorities);
                break;
            case 14:
                made.offset = 0x800 + id;
                made.bytes = 1;
                made.value = any;
                break;
            case 15:
                made.offset = 0xC08 + below(2) * 4;
                made.value = any;
                break;
            case 16:
            case 17:
            case 18:
                made.offset = 0xF00;
                made.value = below(3) << 24 | (any & 0xF) << 16 | kIds[below(4)];
                break;
            default:
                made.offset = 0xF10 + below(2) * 0x10 + kIds[below(4)];
                made.bytes = 1;
                made.value = any;
                break;
        }
        return made;
    }

    /// That of `id`, or now and then several.
    Operation bit(unsigned cpu, std::uint32_t bank, unsigned id) {
        const auto any = static_cast<std::uint32_t>(random_());
        return {.kind = Kind::kWrite,
                .cpu = cpu,
                .offset = bank + id / 32 * 4,
                .value = below(8) == 0 ? any : 1U << id % 32};
    }

    std::mt19937 random_;
    Manner manner_;
    bool will_acknowledge_ = false;
    unsigned cpus_;
    GicPair pair_;
    std::deque<Operation> latest_;
};

/// One machine. Returns how often a CPU had to look because another had made work for it, which is
/// rare.
unsigned expect_no_difference(const VirtualGicConfig& config, unsigned list_registers) {
    model::Counts sum;
    for (unsigned walk = 0; walk < kWalks; ++walk) {
        const std::uint32_t seed = walk + 100 * list_registers + 10000 * config.cpus +
                                   100000 * static_cast<unsigned>(config.link);
        Walk one(config, list_registers, seed);
        const std::string difference = one.run();
        if (!difference.empty()) {
            ADD_FAILURE() << config.cpus << " CPUs, " << list_registers << " list registers, link "
                          << static_cast<int>(config.link) << ", seed " << seed << "\n"
                          << difference;
            break;
        }
        sum.preemptions += one.counts().preemptions;
        sum.overflows += one.counts().overflows;
        sum.counted_ends += one.counts().counted_ends;
        sum.quick += one.counts().quick;
        sum.quick_shared += one.counts().quick_shared;
        sum.quick_sgis += one.counts().quick_sgis;
        sum.quick_ipis += one.counts().quick_ipis;
        sum.told += one.counts().told;
        sum.at_rest += one.counts().at_rest;
        sum.takes += one.counts().takes;
        sum.deactivations += one.counts().deactivations;
        sum.maintenance += one.counts().maintenance;
    }
    EXPECT_GT(sum.preemptions, 1000U);
    EXPECT_GT(sum.takes, 400U);
    EXPECT_GT(sum.deactivations, 400U);
    EXPECT_GT(sum.quick, 20U);
    EXPECT_GT(sum.quick_sgis, 20U);
    if (config.cpus > 1) {
        EXPECT_GT(sum.quick_ipis, 10U);
        EXPECT_EQ(sum.quick_shared, 0U);
    } else {
        EXPECT_GT(sum.quick_shared, 10U);
    }
    EXPECT_GT(sum.at_rest, 50U);
    EXPECT_GT(sum.maintenance, 500U);
    if (list_registers <= 2) {
        EXPECT_GT(sum.overflows, 1000U);
        EXPECT_GT(sum.counted_ends, 50U);
    }
    return sum.told;
}

TEST(VirtualGicModel, NoGuestCanTellItFromAPlainGic) {
    InterruptSet linked;
    linked.insert(kLinkedOwn);
    constexpr std::array kPassed{PassedInterrupt{.interrupt = kLinkedShared, .physical = 71}};
    unsigned told = 0;
    for (const unsigned cpus : {1U, 2U, 4U}) {
        for (const unsigned list_registers : {1U, 2U, 4U, 16U}) {
            for (const Link link : {Link::kHardware, Link::kMaintenance}) {
                told += expect_no_difference({.cpus = cpus,
                                              .link = link,
                                              .quick = kLinkedOwn,
                                              .linked = linked,
                                              .passed = kPassed},
                                             list_registers);
            }
        }
    }
    EXPECT_GT(told, 20U);
}

}  // namespace
}  // namespace hm::hyp
