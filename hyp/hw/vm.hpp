#pragma once
// A virtual machine at run time: what all its virtual CPUs have in common.

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/demand.hpp"
#include "hyp/core/devices.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/core/guest_psci.hpp"
#include "hyp/core/guest_text.hpp"
#include "hyp/core/vcpu.hpp"
#include "hyp/core/virtual_gic.hpp"
#include "hyp/core/virtual_pl011.hpp"
#include "hyp/core/vm_config.hpp"
#include "hyp/hw/lock.hpp"
#include "hyp/hw/stage2.hpp"

namespace hm::hyp {

/// A multiple of 32 bytes, as the table of devices is, which is what the padding at its end is for.
struct Vm {  // NOLINT(clang-analyzer-optin.performance.Padding)
    DeviceTable devices{};
    VmConfig config{};
    EntryControls controls{};
    DemandFrames demand{};
    std::optional<Stage2Builder> stage2;  ///< nothing in a native run
    cpu::Vttbr vttbr{};
    VirtualGic gic{};
    /// The interrupts of passed devices.
    struct Passed {
        IntId physical = 0;
        IntId interrupt = 0;
        ListRegister word{};  ///< quick_word(); the physical distributor signals it unless it is 0
    };
    std::array<Passed, PassedDevice::kMost> passed{};
    std::uint32_t passed_count = 0;
    std::uint32_t test_word = 0;  ///< the register of the test device
    VirtualPl011 uart{};
    bool uart_line = false;    ///< the level of its interrupt as the VM's GIC has it
    GuestText text{};          ///< what the guest has sent by its UART
    std::uint32_t number = 0;  ///< 0, or 1 for a companion
    std::array<Vcpu*, VmConfig::kMostCpus> cpus{};
    std::array<CpuPower, VmConfig::kMostCpus> power{};

    // Where each virtual CPU has its own core (hyp/hw/list_registers.hpp):
    Lock lock{};  ///< of gic, power, and the saved list registers of those that are parked
    /// By virtual CPU: its list registers are saved, and its core leaves them alone.
    std::array<std::atomic<bool>, VmConfig::kMostCpus> is_parked{};
    std::atomic<bool> ends{};      ///< a virtual CPU has stopped, and the others must
    std::uint32_t stopped_by = 0;  ///< which one, then
};

/// Makes `vm` what `config` describes. False where its stage-2 tables do not fit.
[[nodiscard]] bool prepare(Vm& vm, const VmConfig& config);

/// Makes `vcpu` virtual CPU `index` of `vm`, as after a reset: the first is on, the others are off.
void reset(Vcpu& vcpu, Vm& vm, std::uint32_t index);

/// What `vcpu` reads from MPIDR.
[[nodiscard]] cpu::Mpidr mpidr_of(const Vcpu& vcpu);

}  // namespace hm::hyp
