#pragma once
// A virtual CPU: what one core of a virtual machine has to itself, whether it runs or not.

#include <cstdint>

#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/time.hpp"
#include "hyp/core/vcpu_state.hpp"
#include "hyp/core/virtual_gic.hpp"

namespace hm::hyp {

struct Vm;

struct Vcpu {
    Vm* vm = nullptr;         ///< that it belongs to
    std::uint32_t turn = 0;   ///< of the two that may share a physical CPU, which one this is
    cpu::Hvbar vectors{};     ///< HYP's vectors while it runs
    std::uint32_t actlr = 0;  ///< what it reads from ACTLR
    /// Of its virtual timer's interrupt.
    QuickInjection quick{};
    /// The virtual timer's interrupt is enabled in its emulated distributor.
    bool signals_timer = false;
    VcpuState state{};  ///< while it does not run
    /// When its virtual timer wants its interrupt, while it does not run.
    std::uint64_t deadline = kNever;
    bool deadline_seen = false;  ///< that time has passed, and HYP has noticed
};

}  // namespace hm::hyp
