#pragma once
// Any register of the guest that trapped, but the PC: those that are banked too. It takes more
// instructions than TrapFrame::reg().

#include <cstdint>
#include <optional>

#include "drivers/cpu/registers.hpp"
#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// Nothing for the PC.
[[nodiscard]] std::optional<std::uint32_t> guest_register(TrapFrame& frame, std::uint32_t number,
                                                          cpu::Psr psr);

/// `number` is not the PC's.
void set_guest_register(TrapFrame& frame, std::uint32_t number, cpu::Psr psr, std::uint32_t value);

}  // namespace hm::hyp
