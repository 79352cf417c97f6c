#pragma once
// A virtual machine at run time: what all its virtual CPUs have in common.

#include <cstdint>
#include <optional>

#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/demand.hpp"
#include "hyp/core/devices.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/core/vcpu.hpp"
#include "hyp/core/virtual_gic.hpp"
#include "hyp/core/vm_config.hpp"
#include "hyp/hw/stage2.hpp"

namespace hm::hyp {

struct Vm {
    DeviceTable devices{};
    VmConfig config{};
    EntryControls controls{};
    DemandFrames demand{};
    std::optional<Stage2Builder> stage2;  ///< nothing in a native run
    cpu::Vttbr vttbr{};
    VirtualGic gic{};
    std::uint32_t test_word = 0;  ///< the register of the test device
};

/// Makes `vm` what `config` describes. False where its stage-2 tables do not fit.
[[nodiscard]] bool prepare(Vm& vm, const VmConfig& config);

/// Makes `vcpu` a virtual CPU of `vm`, as after a reset.
void reset(Vcpu& vcpu, Vm& vm);

}  // namespace hm::hyp
