#pragma once
// The monitor at run time: one core, one guest at a time.

#include <cstdint>

#include "board.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/hw/table_memory.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/vgic.hpp"
#include "hyp/core/virtual_distributor.hpp"
#include "hyp/core/virtual_machine.hpp"

namespace hm::hyp {

using Stage2Memory = mmu::HardwareTables<mmu::Ipa, mmu::Pa, mmu::InvalidateStage2>;
using Stage2Builder = mmu::Builder<mmu::Stage2, Stage2Memory>;

/// How a guest stopped. The syndrome counts for kTrap; pc always.
struct Stop {
    StopReason reason;
    std::uint32_t outcome;  ///< what the guest gave with kFinished
    Hsr hsr;
    std::uint32_t far;  ///< HDFAR or HIFAR
    Hpfar hpfar;
    std::uint32_t pc;
};

/// What a checkpoint of the guest is told to.
using CheckpointHandler = void (*)(std::uint32_t done, std::uint32_t of);

class Monitor {
  public:
    constexpr Monitor() = default;

    /// Groups and priorities of the physical GIC, and the parts of HYP's state that no guest
    /// changes. `frames` frames from `tables` on are for the stage-2 tables of one guest after the
    /// other.
    void start(mmu::Pa tables, unsigned frames);

    /// Builds what `vm` needs, enters it and returns when it has stopped, with the GIC taken back.
    /// Empty where the tables did not fit.
    [[nodiscard]] std::optional<Stop> run(const VirtualMachine& vm,
                                          CheckpointHandler on_checkpoint);

    /// The stage-2 tables of the guest that runs or ran last, until the next one.
    [[nodiscard]] mmu::Pa stage2_root() const { return stage2_ ? stage2_->root() : mmu::Pa{}; }
    [[nodiscard]] Stage2Memory& stage2_memory() { return stage2_memory_; }

    /// Called after the guest stopped and before anything is taken back.
    void set_inspector(void (*inspector)()) { inspector_ = inspector; }

    // What the vectors call.
    void hypercall(std::uint32_t number, struct TrapFrame& frame);
    void trap(Hsr hsr, struct TrapFrame& frame);
    template <bool kStamped>
    void interrupt();
    void watchdog();

  private:
    [[nodiscard]] bool build_stage2(const VirtualMachine& vm);
    void hand_over_gic(Delivery delivery);
    void take_back_gic();
    void set_guest_state(const VirtualMachine& vm) const;
    void push_watchdog_away() const;

    [[gnu::noinline]] void other_interrupt(gic::GiccIar interrupt);
    [[nodiscard]] bool map_on_demand(Hsr hsr);
    [[nodiscard]] bool emulate_distributor(Hsr hsr, struct TrapFrame& frame);
    void apply(const DistributorEffects& effects);
    [[noreturn]] void stop(StopReason reason, std::uint32_t outcome = 0);

    mmu::Pa tables_{};
    unsigned table_frames_ = 0;
    mmu::FramePool<mmu::Pa> frames_{{}, 0, {}};
    Stage2Memory stage2_memory_{frames_};
    std::optional<Stage2Builder> stage2_;
    VirtualMachine vm_{};
    Vgic vgic_{};
    VirtualDistributor distributor_{};
    CheckpointHandler on_checkpoint_ = nullptr;
    void (*inspector_)() = nullptr;
    Stop stop_{};
};

/// The one monitor.
extern Monitor monitor;

}  // namespace hm::hyp

// Made once, in monitor.cpp: what the demand fault needs of it is inlined there all the same.
extern template class hm::mmu::Builder<hm::mmu::Stage2, hm::hyp::Stage2Memory>;
