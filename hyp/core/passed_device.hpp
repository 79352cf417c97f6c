#pragma once
// A device of the machine that a VM has to itself: the guest reaches its registers without an exit,
// and its interrupt, a shared one, is the guest's.

#include <cstdint>

#include "drivers/gic/gic_layout.hpp"
#include "drivers/mmu/address.hpp"

namespace hm::hyp {

/// A physical interrupt that a VM gets, and what it is there.
struct PassedInterrupt {
    gic::IntId interrupt = 0;  ///< in the VM, 32 to 63
    gic::IntId physical = 0;   ///< in the machine, 32 or higher
};

struct PassedDevice {
    static constexpr std::uint32_t kMost = 4;  ///< in a VM

    mmu::Range<mmu::Ipa> range{};  ///< whole pages of registers
    mmu::Pa target{};
    PassedInterrupt interrupt{};  ///< level-sensitive
};

}  // namespace hm::hyp
