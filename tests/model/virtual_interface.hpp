#pragma once
// The hardware of one virtual CPU's interface: list registers, the registers of GICH beside them,
// and what the guest does through GICV. ARM IHI 0048B, chapter 5. As on Cortex-A15, priorities have
// five bits, and the guest's binary point lets each of them preempt.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "drivers/gic/gic_layout.hpp"

namespace hm::model {

class VirtualInterface {
  public:
    using GichHcr = gic::GichHcr;
    using GichMisr = gic::GichMisr;
    using GichVmcr = gic::GichVmcr;
    using ListRegister = gic::ListRegister;
    using LrState = gic::LrState;

    /// Enabled, for a guest that has AckCtl set and all else at reset.
    explicit VirtualInterface(unsigned count)
        : hcr(GichHcr{}.with(GichHcr::kEnable, true)),
          vmcr(GichVmcr{}.with(GichVmcr::kAckCtl, true)),
          words_(count) {}

    GichHcr hcr;
    GichVmcr vmcr;

    [[nodiscard]] unsigned count() const { return static_cast<unsigned>(words_.size()); }
    [[nodiscard]] ListRegister word(unsigned index) const { return words_[index]; }
    void write(unsigned index, ListRegister word) { words_[index] = word; }

    // ---- What the guest does: 5.5 ----

    void set_groups(bool group0, bool group1) {
        vmcr = vmcr.with(GichVmcr::kEnableGroup0, group0).with(GichVmcr::kEnableGroup1, group1);
    }
    void set_mask(std::uint32_t priority) {
        vmcr = vmcr.with(GichVmcr::kPriorityMask, priority >> 3 & 0x1F);
    }

    /// What GICV_IAR would read; 1023 if nothing.
    [[nodiscard]] std::uint32_t highest() const {
        const unsigned index = highest_index();
        return index == count() ? gic::kSpurious : name(words_[index]);
    }

    std::uint32_t acknowledge() {
        const unsigned index = highest_index();
        if (index == count()) {
            return gic::kSpurious;
        }
        ListRegister& word = words_[index];
        active_priorities_ |= 1U << word.get(ListRegister::kPriority);
        word = word.with(ListRegister::kState, LrState::kActive);
        return name(word);
    }

    /// A write to GICV_EOIR. An SGI is named with its sender (4.4.5).
    void end(std::uint32_t name) {
        if (active_priorities_ == 0) {
            return;  // 5.3.1: what drops no priority is not counted either
        }
        active_priorities_ &= active_priorities_ - 1;
        for (ListRegister& word : words_) {
            if (is_active(word) && this->name(word) == name) {
                deactivate(word);
                return;
            }
        }
        hcr = hcr.with(GichHcr::kEoiCount, hcr.get(GichHcr::kEoiCount) + 1);
    }

    /// GICV_RPR
    [[nodiscard]] std::uint32_t running() const {
        std::uint32_t priority = 0;
        while (priority < 32 && (active_priorities_ >> priority & 1) == 0) {
            ++priority;
        }
        return priority == 32 ? 0xFF : priority << 3;
    }

    /// Physical interrupts that ends have deactivated since the last call (HW = 1).
    [[nodiscard]] std::vector<unsigned> take_deactivated() {
        return std::exchange(deactivated_, {});
    }

    // ---- What the hypervisor reads: 5.3 ----

    /// 5.3.5
    [[nodiscard]] std::uint32_t eisr() const {
        std::uint32_t bits = 0;
        for (unsigned index = 0; index < count(); ++index) {
            const bool is_over = state(index) == LrState::kInvalid &&
                                 !words_[index].get(ListRegister::kHardware) &&
                                 words_[index].get(ListRegister::kEoiMaintenance);
            bits |= is_over ? 1U << index : 0U;
        }
        return bits;
    }

    /// 5.3.6: one that has an end to be handled is not empty.
    [[nodiscard]] std::uint32_t elrsr() const {
        std::uint32_t bits = 0;
        for (unsigned index = 0; index < count(); ++index) {
            bits |= state(index) == LrState::kInvalid ? 1U << index : 0U;
        }
        return bits & ~eisr();
    }

    /// 5.3.4. The interface signals nothing while GICH_HCR.En is clear.
    [[nodiscard]] GichMisr misr() const {
        if (!hcr.get(GichHcr::kEnable)) {
            return {};
        }
        unsigned valid = 0;
        unsigned pending = 0;
        for (unsigned index = 0; index < count(); ++index) {
            valid += state(index) != LrState::kInvalid ? 1 : 0;
            pending += state(index) == LrState::kPending ? 1 : 0;
        }
        const bool group0 = vmcr.get(GichVmcr::kEnableGroup0);
        const bool group1 = vmcr.get(GichVmcr::kEnableGroup1);
        return GichMisr{}
            .with(GichMisr::kEoi, eisr() != 0)
            .with(GichMisr::kUnderflow, hcr.get(GichHcr::kUnderflowIe) && valid <= 1)
            .with(GichMisr::kEntryNotPresent,
                  hcr.get(GichHcr::kEntryNotPresentIe) && hcr.get(GichHcr::kEoiCount) != 0)
            .with(GichMisr::kNoPending, hcr.get(GichHcr::kNoPendingIe) && pending == 0)
            .with(GichMisr::kGroup0Enabled, hcr.get(GichHcr::kGroup0EnabledIe) && group0)
            .with(GichMisr::kGroup0Disabled, hcr.get(GichHcr::kGroup0DisabledIe) && !group0)
            .with(GichMisr::kGroup1Enabled, hcr.get(GichHcr::kGroup1EnabledIe) && group1)
            .with(GichMisr::kGroup1Disabled, hcr.get(GichHcr::kGroup1DisabledIe) && !group1);
    }

    /// The rule of 5.3.8 that the list registers break; empty if they break none.
    [[nodiscard]] std::string broken_rule() const {
        for (unsigned index = 0; index < count(); ++index) {
            if (state(index) == LrState::kInvalid) {
                continue;
            }
            const unsigned id = words_[index].get(ListRegister::kVirtualId);
            if (words_[index].get(ListRegister::kHardware)) {
                if (state(index) == LrState::kPendingAndActive) {
                    return "pending and active with HW = 1: " + std::to_string(id);
                }
                if (id < 16 || words_[index].get(ListRegister::kPhysicalId) < 16) {
                    return "an SGI with HW = 1: " + std::to_string(id);
                }
            }
            for (unsigned other = 0; other < index; ++other) {
                if (state(other) != LrState::kInvalid &&
                    words_[other].get(ListRegister::kVirtualId) == id) {
                    return "in two list registers: " + std::to_string(id);
                }
            }
        }
        return {};
    }

  private:
    [[nodiscard]] LrState state(unsigned index) const {
        return words_[index].get(ListRegister::kState);
    }
    static bool is_active(ListRegister word) {
        const LrState state = word.get(ListRegister::kState);
        return state == LrState::kActive || state == LrState::kPendingAndActive;
    }
    /// The CPUID field is part of the name only where HW = 0.
    static std::uint32_t name(ListRegister word) {
        const std::uint32_t id = word.get(ListRegister::kVirtualId);
        return word.get(ListRegister::kHardware) ? id : id | word.get(ListRegister::kCpuId) << 10;
    }

    /// The list register to acknowledge; count() if there is none. Equal priorities: the lowest ID
    /// comes first, as in a distributor.
    [[nodiscard]] unsigned highest_index() const {
        unsigned best = count();
        if (!hcr.get(GichHcr::kEnable)) {
            return best;
        }
        const std::uint32_t mask = vmcr.get(GichVmcr::kPriorityMask) << 3;
        const std::uint32_t limit = running() < mask ? running() : mask;
        for (unsigned index = 0; index < count(); ++index) {
            const ListRegister word = words_[index];
            const bool wanted = word.get(ListRegister::kGroup1) ? vmcr.get(GichVmcr::kEnableGroup1)
                                                                : vmcr.get(GichVmcr::kEnableGroup0);
            if (state(index) == LrState::kPending && wanted &&
                word.get(ListRegister::kPriority) << 3 < limit &&
                (best == count() || precedes(word, words_[best]))) {
                best = index;
            }
        }
        return best;
    }
    static bool precedes(ListRegister a, ListRegister b) {
        const std::uint32_t priority_a = a.get(ListRegister::kPriority);
        const std::uint32_t priority_b = b.get(ListRegister::kPriority);
        return priority_a != priority_b
                   ? priority_a < priority_b
                   : a.get(ListRegister::kVirtualId) < b.get(ListRegister::kVirtualId);
    }

    void deactivate(ListRegister& word) {
        if (word.get(ListRegister::kHardware)) {
            deactivated_.push_back(word.get(ListRegister::kPhysicalId));
        }
        const bool again = word.get(ListRegister::kState) == LrState::kPendingAndActive;
        word = word.with(ListRegister::kState, again ? LrState::kPending : LrState::kInvalid);
    }

    std::vector<ListRegister> words_;
    std::uint32_t active_priorities_ = 0;  ///< GICH_APR: a bit for each priority (5.3.7)
    std::vector<unsigned> deactivated_;
};

}  // namespace hm::model
