#pragma once
// The guest's kernel: its memory, its contexts, its one device. One instance, one application.

#include <cstdint>

#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "guest/bench/timer.hpp"
#include "guest/hw/address_space.hpp"
#include "guest/hw/context.hpp"
#include "measure/guest_abi.hpp"
#include "measure/workload/timer.hpp"

namespace hm::guest {

/// Where things lie that monitor and application read.
[[nodiscard]] const measure::ParameterBlock& parameters();
[[nodiscard]] const measure::HypStamps& hyp_stamps();
[[nodiscard]] measure::GuestReport& report();
[[nodiscard]] GuestStamps& stamps();
[[nodiscard]] measure::FaultStamps& fault_stamps();
[[nodiscard]] const measure::FaultStamps& hyp_fault_stamps();

struct Job;

class Kernel {
  public:
    explicit Kernel(const measure::ParameterBlock& parameters);

    /// Builds the stage-1 tables, if there are any, and turns the MMU and the caches on.
    void start_mmu();
    void start_interrupts();
    void start_vfp();

    /// `bytes` of the application's memory, next to each other by VA; null if the machine has too
    /// little.
    [[nodiscard]] std::byte* allocate(std::uint32_t bytes, Layout layout = Layout::kPages);

    /// Faults in these pages are expected: the kernel maps the page, at its own address.
    void set_fault_range(mmu::Range<mmu::Va> range) { fault_range_ = range; }
    void map_demand_range();
    /// Lets the application run what was written into a part of its memory, which it cannot write
    /// from then on.
    void make_code(mmu::Range<mmu::Va> range);
    void map_devices_of_exits();

    /// Starts `entry(job)` in USR mode; `job` lies in the application's memory.
    [[noreturn]] void start_application(void (*entry)(Job*), Job* job, measure::timer::Idle idle);

    // What the vectors call; each returns the frame to go on in.
    Frame* system_call(Frame* frame, std::uint32_t number);
    template <bool kStamped>
    Frame* data_abort(Frame* frame);
    template <bool kStamped>
    Frame* interrupt(Frame* frame);

    /// Sets the timer, from outside of an application's waits.
    static void arm_timer(std::uint64_t deadline);
    /// Takes its interrupt by polling, with interrupts masked, and turns it off.
    void take_timer_interrupt();

    // An interrupt of its own, SGI 0, which is taken by polling as well; and SGIs between CPUs.
    /// Of the CPU that calls this.
    void start_own_interrupt(gic::IntId sgi = 0);
    void start_cpu_interface();
    /// Maps the spare timer, and lets its interrupt through to this CPU.
    void start_spare_timer();
    [[gnu::always_inline]] void interrupt_self() {
        distributor_.send_sgi(
            gic::GicdSgir{}.with(gic::GicdSgir::kTargetListFilter, gic::SgiTarget::kSelf));
    }
    [[gnu::always_inline]] void interrupt_others(gic::IntId sgi) {
        distributor_.send_sgi(gic::GicdSgir{}
                                  .with(gic::GicdSgir::kTargetListFilter, gic::SgiTarget::kOthers)
                                  .with(gic::GicdSgir::kSgiIntId, sgi));
    }
    [[nodiscard, gnu::always_inline]] gic::GiccIar acknowledge() {
        return cpu_interface_.acknowledge();
    }
    [[nodiscard, gnu::always_inline]] gic::GiccIar take_own_interrupt(gic::IntId id = 0) {
        gic::GiccIar interrupt{};
        do {
            interrupt = cpu_interface_.acknowledge();
        } while (interrupt.get(gic::GiccIar::kIntId) != id);
        return interrupt;
    }
    [[gnu::always_inline]] void end(gic::GiccIar interrupt) { cpu_interface_.end(interrupt); }

    /// For the report.
    [[nodiscard]] const AddressSpace& space() const { return space_; }

    [[noreturn]] static void finish(measure::Outcome outcome);
    [[noreturn]] static void unexpected(const Frame& frame, std::uint32_t vector);

  private:
    void map(mmu::Va begin, std::uint32_t bytes, const mmu::Stage1Attributes& attributes,
             Layout layout = Layout::kPages);

    measure::ParameterBlock parameters_;
    reg::Mmio bus_;
    gic::Distributor<reg::Mmio> distributor_;
    gic::CpuInterface<reg::Mmio> cpu_interface_;
    AddressSpace space_;
    mmu::Range<mmu::Va> fault_range_{};
    std::uint32_t heap_;
    Frame* idle_ = nullptr;
    Frame* application_ = nullptr;  ///< while it is blocked
};

}  // namespace hm::guest
