#pragma once
// The list registers between the hardware and the hypervisor.

#include <cstdint>

#include "hyp/core/virtual_gic.hpp"
#include "tests/model/virtual_interface.hpp"

namespace hm::model {

/// What the hypervisor reads of the hardware.
[[nodiscard]] inline hyp::ListRegisters registers_of(const VirtualInterface& from) {
    hyp::ListRegisters to;
    to.count = from.count();
    to.used = ~from.elrsr() & hyp::list_register_mask(from.count());
    to.vmcr = from.vmcr;
    to.hcr = from.hcr;
    for (unsigned index = 0; index < hyp::ListRegisters::kMost; ++index) {
        // What is in an empty one means nothing, so it may be anything.
        to.words[index] = (to.used >> index & 1) != 0
                              ? from.word(index)
                              : gic::ListRegister::from(0x9A000000U + index * 0x1234567U);
    }
    return to;
}

/// And what it writes.
inline void write_registers(VirtualInterface& to, const hyp::ListRegisters& from) {
    for (unsigned index = 0; index < to.count(); ++index) {
        const bool used = (from.used >> index & 1) != 0;
        to.write(index, used ? from.words[index] : gic::ListRegister{});
    }
    to.hcr = from.hcr;
}

}  // namespace hm::model
