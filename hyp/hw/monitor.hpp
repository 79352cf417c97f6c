#pragma once
// The monitor at run time: one core, one guest at a time.

#include <array>
#include <cstdint>
#include <optional>

#include "board.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/hw/table_memory.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/core/scheduler.hpp"
#include "hyp/core/stop.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/vcpu_state.hpp"
#include "hyp/core/vgic.hpp"
#include "hyp/core/virtual_distributor.hpp"
#include "hyp/core/vm_config.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

using Stage2Memory = mmu::HardwareTables<mmu::Ipa, mmu::Pa, mmu::InvalidateStage2>;
using Stage2Builder = mmu::Builder<mmu::Stage2, Stage2Memory>;

/// What a checkpoint of the guest is told to; null: nothing.
using CheckpointHandler = void (*)(std::uint32_t done, std::uint32_t of);

/// VmConfig::demand in frames of 4 KB, which a fault compares in one word.
struct DemandFrames {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t target = 0;
    std::uint32_t window = 1;
    std::uint32_t faults = 0;  ///< served so far
};

/// A virtual machine as the monitor keeps it, running or not.
struct VmContext {
    VmConfig vm{};
    EntryControls entry{};
    DemandFrames demand{};
    std::optional<Stage2Builder> stage2;
    cpu::Vttbr vttbr{};
    cpu::Hvbar vectors{};
    Vgic vgic{};
    VirtualDistributor distributor{};
    /// Its timer's interrupt is enabled in its emulated distributor.
    bool signals_owned = false;
    VcpuState state{};  ///< while it does not run
    /// When its virtual timer wants its interrupt, in ticks of CNTPCT, while it does not run.
    std::uint64_t deadline = kNever;
    /// That passed, and HYP saw it.
    bool deadline_seen = false;
};

/// How the HYP timer's interrupt, which is the watchdog's and the scheduler's, reaches HYP.
enum class TimerRoute : std::uint8_t {
    /// As an FIQ of Group 0, which PL1 cannot mask: the GIC has no Security Extensions.
    kFiq,
    /// The same where it has, and Secure state set Group 0 up: it cannot be acknowledged, but its
    /// level can fall.
    kSecureFiq,
    /// As an IRQ of Group 1, for a loader entered in Non-secure state: only while IRQs go to HYP,
    /// so that nothing watches a guest which has them for itself.
    kIrq,
};

class Monitor {
  public:
    constexpr Monitor() = default;

    /// Groups and priorities of the physical GIC, and the parts of HYP's state that no guest
    /// changes. `frames` frames from `tables` on are for the stage-2 tables of one guest after the
    /// other. `owns_group0`: Secure state has left Group 0 to the HYP timer.
    void start(mmu::Pa tables, unsigned frames, bool owns_group0);

    /// Whether a guest that hangs is ended under this routing.
    [[nodiscard]] bool watches(InterruptRouting routing) const {
        return route_ != TimerRoute::kIrq || routing != InterruptRouting::kStraight;
    }

    /// Builds what `vm` needs, enters it and returns when it has stopped, with the GIC taken back.
    /// A companion gets the core in turn with it. Empty where the tables did not fit.
    [[nodiscard]] std::optional<Stop> run(const VmConfig& vm, CheckpointHandler on_checkpoint,
                                          const Companion* companion = nullptr);

    /// Where the walk of stage 2 starts, of the guest that runs or ran last, until the next one.
    [[nodiscard]] mmu::Pa stage2_root() const { return {vms_[0].vttbr.get(cpu::Vttbr::kBaddr)}; }
    [[nodiscard]] Stage2Memory& stage2_memory() { return stage2_memory_; }

    /// Called after the guest stopped and before anything is taken back.
    void set_inspector(void (*inspector)()) { inspector_ = inspector; }

    // What the vectors call. `count` and `cycles` are CNTPCT and PMCCNTR as the vector read them;
    // what is returned is where it puts PMCCNTR before it leaves.
    void hypercall(std::uint32_t number, TrapFrame& frame);
    void trap(Hsr hsr, TrapFrame& frame);
    std::uint32_t* trap_stamped(Hsr hsr, TrapFrame& frame, std::uint32_t cycles);
    template <bool kStamped>
    std::uint32_t* interrupt(gic::GiccIar interrupt, std::uint64_t count, std::uint32_t cycles);
    template <bool kStamped>
    std::uint32_t* interrupt_or_tick(TrapFrame& frame, std::uint64_t count, std::uint32_t cycles);
    std::uint32_t* timer_fiq(TrapFrame& frame, std::uint64_t count, std::uint32_t cycles,
                             measure::HypStamps* stamps);
    std::uint32_t* tick(TrapFrame& frame, std::uint64_t count, std::uint32_t cycles,
                        measure::HypStamps* stamps);
    /// Those of the VM that runs.
    [[nodiscard]] cpu::Hvbar vectors() const { return current_->vectors; }

  private:
    [[nodiscard]] std::optional<mmu::Pa> new_root(unsigned tables);
    [[nodiscard]] std::uint32_t stage2_table_bytes() const;
    [[nodiscard]] bool build_stage2(VmContext& context);
    [[nodiscard]] bool prepare(const VmConfig& vm, std::uint32_t index);
    void hand_over_gic();
    void take_back_gic();
    [[gnu::noinline]] void set_first_state() const;  // a test finds VFP in it by this name
    void set_hyp_state(const VmContext& context) const;
    void push_watchdog_away();

    [[gnu::noinline]] void other_interrupt(gic::GiccIar interrupt);
    void maintain_list_registers();
    [[nodiscard, gnu::noinline]] bool map_on_demand(Hsr hsr, std::uint32_t* written);
    [[nodiscard, gnu::noinline]] bool map_window_on_demand(std::uint32_t offset);
    [[nodiscard]] bool release_page(std::uint32_t address);
    [[nodiscard]] bool emulate_distributor(Hsr hsr, TrapFrame& frame);
    [[nodiscard]] bool ignore_counters(Hsr hsr, TrapFrame& frame) const;
    void apply(const DistributorEffects& effects);

    void finish(TrapFrame& frame);
    void wait(TrapFrame& frame);
    bool follow_schedule(TrapFrame& frame, measure::HypStamps* stamps);
    void switch_to(VmContext& to, TrapFrame& frame, measure::HypStamps* stamps);
    bool present_what_was_slept_through(measure::HypStamps* stamps);
    void signal_owned_interrupts() const;
    void arm_timer();
    [[noreturn]] void stop(StopReason reason, std::uint32_t outcome = 0);

    /// Of the two VMs that share the core, the one that does not run.
    [[nodiscard]] VmContext& sleeper() { return current_ == &vms_[0] ? vms_[1] : vms_[0]; }

    unsigned table_frames_ = 0;
    mmu::FramePool<mmu::Pa> frames_{{}, 0, {}};
    Stage2Memory stage2_memory_{frames_};
    TimerRoute route_ = TimerRoute::kFiq;
    std::uint32_t list_registers_ = 0;  ///< GICH_ELRSR0 where all are empty
    std::array<VmContext, 2> vms_{};
    VmContext* current_ = &vms_[0];
    bool sharing_ = false;
    bool ends_in_turn_ = false;
    bool finished_ = false;  ///< the first VM has, and ends when its next window begins
    Schedule schedule_{};
    std::uint64_t watchdog_at_ = 0;  ///< in ticks of CNTPCT
    CheckpointHandler on_checkpoint_ = nullptr;
    void (*inspector_)() = nullptr;
    Stop stop_{};
};

/// The one monitor.
extern Monitor monitor;

}  // namespace hm::hyp

// Made once, in monitor.cpp: what the demand fault needs of it is inlined there all the same.
extern template class hm::mmu::Builder<hm::mmu::Stage2, hm::hyp::Stage2Memory>;
