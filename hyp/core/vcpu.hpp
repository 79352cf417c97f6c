#pragma once
// A virtual CPU: what one core of a virtual machine has to itself, whether it runs or not.

#include <atomic>
#include <cstdint>

#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/thumb_ee.hpp"
#include "hyp/core/time.hpp"
#include "hyp/core/vcpu_state.hpp"
#include "hyp/core/virtual_gic.hpp"

namespace hm::hyp {

struct Vm;

/// In Vcpu::mail: there is something to look at besides SGIs.
inline constexpr std::uint32_t kLookInMail = 1U << VirtualGic::kSgis;

struct Vcpu {
    Vm* vm = nullptr;         ///< that it belongs to
    std::uint32_t index = 0;  ///< which of its VM's CPUs this is
    std::uint32_t turn = 0;   ///< of the two that may share a physical CPU, which one this is
    VirtualGic::PerCpu* own_gic = nullptr;  ///< what it has of its VM's GIC to itself
    cpu::Hvbar vectors{};                   ///< HYP's vectors while it runs
    std::uint32_t actlr = 0;                ///< what it reads from ACTLR
    /// Of its virtual timer's interrupt.
    QuickInjection quick{};
    /// The virtual timer's interrupt is enabled in its emulated distributor.
    bool signals_timer = false;
    VcpuState state{};  ///< while it does not run
    /// When its virtual timer wants its interrupt, while it does not run.
    std::uint64_t deadline = kNever;
    bool deadline_seen = false;  ///< that time has passed, and HYP has noticed
    /// When it gets the core, the TLBs may hold entries of another under the same VMID.
    bool needs_own_tlb = false;
    /// At a switch to it TLBs, MPIDR or ThumbEE's registers change too, as for few.
    bool has_rare_state = false;
    /// Where several virtual CPUs of its VM share a core: it waits for an interrupt.
    bool waits = false;
    // Where each has its own core:
    Vcpu* other = nullptr;     ///< the other one of its VM; null: none, or on the same core
    std::uint32_t others = 0;  ///< that one's bit
    /// What the other one tells it, with a kick: a bit for each SGI, and kLookInMail.
    std::atomic<std::uint32_t> mail{};
    /// Physical interrupts of its core that another core has found to be over, one bit each.
    std::uint32_t to_deactivate = 0;
    ThumbEe thumb_ee{};
};

}  // namespace hm::hyp
