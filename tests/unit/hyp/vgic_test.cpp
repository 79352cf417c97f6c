#include "hyp/core/vgic.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <random>

namespace hm::hyp {
namespace {

constexpr IntId kTimer = 27;
constexpr IntId kOther = 30;
constexpr IntId kSgi = 0;
constexpr std::uint32_t kAllFree = list_register_mask(4);

/// A virtual CPU whose timer is linked, whose other PPI ends in maintenance, whose SGIs are
/// virtual.
Vgic configured() {
    Vgic vgic;
    for (IntId id = 0; id < Vgic::kInterrupts; ++id) {
        configure(vgic, id, Link::kNone, 0xA0, true);
    }
    configure(vgic, kTimer, Link::kHardware, 0xA0, true);
    configure(vgic, kOther, Link::kMaintenance, 0x80, true);
    return vgic;
}

/// Fills the four list registers with SGIs 4-7.
Vgic all_busy() {
    Vgic vgic = configured();
    for (std::uint32_t index = 0; index < 4; ++index) {
        const std::uint32_t elrsr = kAllFree & ~list_register_mask(index);
        EXPECT_EQ(plan_injection(vgic, 4 + index, elrsr).write.index, index);
    }
    return vgic;
}

TEST(Vgic, AnInterruptGoesToAFreeListRegister) {
    Vgic vgic = configured();
    const auto plan = plan_injection(vgic, kTimer, kAllFree);
    EXPECT_EQ(plan.what, Injection::kWrite);
    EXPECT_EQ(plan.write.index, 0U);
    EXPECT_EQ(plan.write.word.get(ListRegister::kVirtualId), kTimer);
    EXPECT_EQ(plan.write.word.get(ListRegister::kState), LrState::kPending);
    EXPECT_TRUE(plan.write.word.get(ListRegister::kGroup1));
    EXPECT_EQ(plan.write.word.get(ListRegister::kPriority), 0xA0U >> 3);
    EXPECT_FALSE(wants_underflow_interrupt(vgic));
}

TEST(Vgic, HwLinkedInterruptNamesItsPhysicalInterrupt) {
    const auto word = pending_word(kTimer, Link::kHardware, 0xA0, true);
    EXPECT_TRUE(word.get(ListRegister::kHardware));
    EXPECT_EQ(word.get(ListRegister::kPhysicalId), kTimer);
}

TEST(Vgic, AnUnlinkedInterruptAsksForMaintenanceOnlyWhereThereIsAPhysicalOne) {
    const auto maintained = pending_word(kOther, Link::kMaintenance, 0x80, false);
    EXPECT_FALSE(maintained.get(ListRegister::kHardware));
    EXPECT_TRUE(maintained.get(ListRegister::kEoiMaintenance));
    EXPECT_FALSE(maintained.get(ListRegister::kGroup1));
    const auto virtual_only = pending_word(kSgi, Link::kNone, 0x80, true);
    EXPECT_FALSE(virtual_only.get(ListRegister::kHardware));
    EXPECT_EQ(virtual_only.get(ListRegister::kPhysicalId), 0U);
}

TEST(Vgic, AnInterruptReturnsToTheListRegisterItWasIn) {
    Vgic vgic = configured();
    EXPECT_EQ(plan_injection(vgic, kTimer, 0b1100).write.index, 2U);
    EXPECT_EQ(plan_injection(vgic, kTimer, 0b1111).write.index, 2U);
}

TEST(Vgic, AnInterruptWhoseListRegisterIsTakenMovesToAnother) {
    Vgic vgic = configured();
    EXPECT_EQ(plan_injection(vgic, kTimer, 0b1111).write.index, 0U);
    EXPECT_EQ(plan_injection(vgic, kOther, 0b1111).write.index, 0U);
    const auto plan = plan_injection(vgic, kTimer, 0b1010);
    EXPECT_EQ(plan.what, Injection::kWrite);
    EXPECT_EQ(plan.write.index, 1U);
    EXPECT_EQ(plan.write.word.get(ListRegister::kVirtualId), kTimer);
}

TEST(Vgic, AnInterruptInAListRegisterIsNotInjectedTwice) {
    Vgic vgic = configured();
    (void)plan_injection(vgic, kTimer, 0b1110);
    const auto plan = plan_injection(vgic, kTimer, 0b1101);
    EXPECT_EQ(plan.what, Injection::kListed);
    EXPECT_EQ(plan.write.index, 1U);
    EXPECT_EQ(vgic.waiting, 0U);
}

TEST(Vgic, TheHolderIsKnownWhileTheListRegisterIsInUse) {
    Vgic vgic = configured();
    EXPECT_FALSE(holder_of(vgic, kTimer, kAllFree));
    (void)plan_injection(vgic, kTimer, kAllFree);
    EXPECT_EQ(holder_of(vgic, kTimer, 0b1110), 0U);
    EXPECT_FALSE(holder_of(vgic, kOther, 0b1110));
    EXPECT_FALSE(holder_of(vgic, kTimer, kAllFree)) << "it was ended";
}

TEST(Vgic, PendingIrqStaysQueuedWhenAllListRegistersAreBusy) {
    Vgic vgic = all_busy();
    EXPECT_EQ(plan_injection(vgic, kTimer, 0).what, Injection::kQueued);
    EXPECT_EQ(vgic.waiting, 1U << kTimer);
    EXPECT_TRUE(wants_underflow_interrupt(vgic));
    EXPECT_FALSE(plan_refill(vgic, 0));
    EXPECT_EQ(vgic.waiting, 1U << kTimer);
}

TEST(Vgic, EveryInterruptCanWaitAndIsThenQueuedOnce) {
    for (IntId id = 0; id < Vgic::kInterrupts; ++id) {
        Vgic vgic = configured();
        for (std::uint32_t index = 0; index < 4; ++index) {
            const IntId holder = (id + 1 + index) % Vgic::kInterrupts;
            (void)plan_injection(vgic, holder, kAllFree & ~list_register_mask(index));
        }
        EXPECT_EQ(plan_injection(vgic, id, 0).what, Injection::kQueued) << id;
        EXPECT_EQ(plan_injection(vgic, id, 0).what, Injection::kQueued) << id;
        EXPECT_TRUE(plan_refill(vgic, 0b0100)) << id;
        EXPECT_FALSE(plan_refill(vgic, 0b1000)) << id;
        EXPECT_EQ(holder_of(vgic, id, 0b1000), 2U) << id;
    }
}

TEST(Vgic, AQueuedInterruptTakesTheListRegisterThatBecomesFree) {
    Vgic vgic = all_busy();
    (void)plan_injection(vgic, kTimer, 0);
    const auto write = plan_refill(vgic, 0b0100);
    ASSERT_TRUE(write);
    EXPECT_EQ(*write, (LrWrite{2, vgic.words[kTimer]}));
    EXPECT_FALSE(wants_underflow_interrupt(vgic));
}

TEST(Vgic, RefillingStartsWithTheHighestPriority) {
    Vgic vgic = all_busy();
    (void)plan_injection(vgic, kTimer, 0);
    (void)plan_injection(vgic, kSgi, 0);
    (void)plan_injection(vgic, kOther, 0);  // 0x80, above the 0xA0 of the two others
    const auto id_of = [](const std::optional<LrWrite>& write) {
        return write->word.get(ListRegister::kVirtualId);
    };
    EXPECT_EQ(id_of(plan_refill(vgic, 0b0110)), kOther);
    EXPECT_EQ(id_of(plan_refill(vgic, 0b0100)), kSgi) << "of equal priority, the lower ID";
    EXPECT_FALSE(plan_refill(vgic, 0));
    EXPECT_EQ(vgic.waiting, 1U << kTimer);
}

TEST(Vgic, AWaitingInterruptThatComesOnceMoreIsPresentedOnce) {
    Vgic vgic = all_busy();
    (void)plan_injection(vgic, kTimer, 0);
    EXPECT_EQ(plan_injection(vgic, kTimer, 0b0001).what, Injection::kWrite);
    EXPECT_EQ(vgic.waiting, 0U);
    EXPECT_FALSE(plan_refill(vgic, 0b0010));
}

TEST(Vgic, AWithdrawnInterruptIsNotRefilled) {
    Vgic vgic = all_busy();
    (void)plan_injection(vgic, kTimer, 0);
    (void)plan_injection(vgic, kOther, 0);
    EXPECT_EQ(withdraw_waiting(vgic, (1U << kTimer) | 1U), 1U << kTimer);
    EXPECT_EQ(plan_refill(vgic, 0b0001)->word, vgic.words[kOther]);
    EXPECT_FALSE(plan_refill(vgic, 0b0010));
}

TEST(Vgic, AnActiveSoftwareInterruptBecomesPendingToo) {
    const auto active =
        pending_word(kSgi, Link::kNone, 0xA0, true).with(ListRegister::kState, LrState::kActive);
    const auto again = pended_again(active);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->get(ListRegister::kState), LrState::kPendingAndActive);
    EXPECT_FALSE(pended_again(*again));
    EXPECT_FALSE(pended_again(pending_word(kSgi, Link::kNone, 0xA0, true)));
}

TEST(Vgic, ALinkedInterruptIsNeverPendingAndActive) {
    const auto active = pending_word(kTimer, Link::kHardware, 0xA0, true)
                            .with(ListRegister::kState, LrState::kActive);
    EXPECT_FALSE(pended_again(active));
}

TEST(Vgic, WithdrawingKeepsWhatIsActive) {
    const auto pending = pending_word(kSgi, Link::kNone, 0xA0, true);
    const auto active = pending.with(ListRegister::kState, LrState::kActive);
    const auto both = pending.with(ListRegister::kState, LrState::kPendingAndActive);
    EXPECT_EQ(no_longer_pending(pending), ListRegister{});
    EXPECT_EQ(no_longer_pending(active), active);
    EXPECT_EQ(no_longer_pending(both), active);
    EXPECT_EQ(no_longer_pending(ListRegister{}), ListRegister{});
}

TEST(Vgic, AnEndedInterruptIsNamedAndItsListRegisterFreed) {
    Vgic vgic = configured();
    (void)plan_injection(vgic, kTimer, 0b1111);
    (void)plan_injection(vgic, kOther, 0b1110);
    EXPECT_EQ(next_ended(vgic, 0b0010), (Ended{kOther, {1, ListRegister{}}}));
    EXPECT_EQ(next_ended(vgic, 0b0011), (Ended{kTimer, {0, ListRegister{}}}));
    EXPECT_FALSE(next_ended(vgic, 0));
}

/// Four list registers as hardware keeps them, and a guest that acknowledges and ends.
class Hardware {
  public:
    [[nodiscard]] std::uint32_t elrsr() const {
        std::uint32_t empty = 0;
        for (std::uint32_t index = 0; index < 4; ++index) {
            const bool free = state(index) == LrState::kInvalid && ((eisr_ >> index) & 1) == 0;
            empty |= static_cast<std::uint32_t>(free) << index;
        }
        return empty;
    }
    [[nodiscard]] std::uint32_t eisr() const { return eisr_; }
    [[nodiscard]] ListRegister word(std::uint32_t index) const { return words_[index]; }
    [[nodiscard]] LrState state(std::uint32_t index) const {
        return words_[index].get(ListRegister::kState);
    }

    void write(const LrWrite& write) {
        words_[write.index] = write.word;
        eisr_ &= ~(1U << write.index);
    }

    /// The guest takes the interrupt in `index` where it is pending, and returns true; where it is
    /// active, it ends it.
    bool step(std::uint32_t index) {
        ListRegister& word = words_[index];
        switch (state(index)) {
            case LrState::kInvalid:
                return false;
            case LrState::kPending:
                word = word.with(ListRegister::kState, LrState::kActive);
                return true;
            case LrState::kPendingAndActive:
                word = word.with(ListRegister::kState, LrState::kPending);
                return false;
            case LrState::kActive:
                break;
        }
        const bool asks =
            !word.get(ListRegister::kHardware) && word.get(ListRegister::kEoiMaintenance);
        word = word.with(ListRegister::kState, LrState::kInvalid);
        eisr_ |= static_cast<std::uint32_t>(asks) << index;
        return false;
    }

  private:
    std::array<ListRegister, 4> words_{};
    std::uint32_t eisr_ = 0;
};

/// A monitor, hardware and a guest together, with a plain count of what came and of what was taken.
class Traffic {
  public:
    void interrupt(IntId id) {
        if (physical(id) && holder_of(vgic_, id, hardware_.elrsr())) {
            return;  // the physical interrupt is active and cannot come
        }
        came_[id] += pending_[id] ? 0 : 1;
        pending_[id] = true;
        const auto plan = plan_injection(vgic_, id, hardware_.elrsr());
        if (plan.what == Injection::kWrite) {
            EXPECT_EQ((hardware_.elrsr() >> plan.write.index) & 1, 1U) << "overwrites another";
            hardware_.write(plan.write);
        } else if (plan.what == Injection::kListed) {
            EXPECT_EQ(id_in(plan.write.index), id);
            if (const auto word = pended_again(hardware_.word(plan.write.index))) {
                hardware_.write({plan.write.index, *word});
            }
        }
    }

    void maintain() {
        while (const auto ended = next_ended(vgic_, hardware_.eisr())) {
            EXPECT_EQ(id_in(ended->clear.index), ended->id);
            hardware_.write(ended->clear);
        }
        while (const auto write = plan_refill(vgic_, hardware_.elrsr())) {
            hardware_.write(*write);
        }
    }

    void guest(std::uint32_t index) {
        const IntId id = id_in(index);
        if (hardware_.step(index)) {
            ++taken_[id];
            pending_[id] = false;
        }
    }

    void drain() {
        while (vgic_.waiting != 0 || hardware_.elrsr() != kAllFree) {
            maintain();
            for (std::uint32_t index = 0; index < 4; ++index) {
                guest(index);
            }
        }
    }

    void expect_each_in_one_place() const {
        std::uint32_t seen = vgic_.waiting;
        for (std::uint32_t index = 0; index < 4; ++index) {
            if (hardware_.state(index) != LrState::kInvalid) {
                const std::uint32_t bit = 1U << id_in(index);
                EXPECT_EQ(seen & bit, 0U) << "held twice: " << id_in(index);
                seen |= bit;
            }
        }
    }

    void expect_all_taken() const { EXPECT_EQ(taken_, came_); }

  private:
    [[nodiscard]] IntId id_in(std::uint32_t index) const {
        return hardware_.word(index).get(ListRegister::kVirtualId);
    }
    [[nodiscard]] bool physical(IntId id) const {
        return vgic_.words[id].get(ListRegister::kHardware) ||
               vgic_.words[id].get(ListRegister::kEoiMaintenance);
    }

    Vgic vgic_ = configured();
    Hardware hardware_;
    std::array<bool, 32> pending_{};  ///< came, and was not yet taken
    std::array<unsigned, 32> came_{};
    std::array<unsigned, 32> taken_{};
};

TEST(Vgic, NoInterruptIsLostOrDoubledInRandomTraffic) {
    std::mt19937 random(20140601);
    for (int run = 0; run < 50; ++run) {
        Traffic traffic;
        for (int step = 0; step < 4000; ++step) {
            switch (random() % 4) {
                case 0:
                    traffic.interrupt(random() % 32);
                    break;
                case 1:
                    traffic.maintain();
                    break;
                default:
                    traffic.guest(random() % 4);
                    break;
            }
            traffic.expect_each_in_one_place();
        }
        traffic.drain();
        traffic.expect_all_taken();
    }
}

}  // namespace
}  // namespace hm::hyp
