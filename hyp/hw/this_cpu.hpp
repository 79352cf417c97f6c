#pragma once
// The physical CPU that this code runs on. One core runs guests; if ever two do, this is where each
// finds its own.

#include "hyp/core/cpu.hpp"

namespace hm::hyp {

extern Cpu guest_core;

[[nodiscard, gnu::always_inline]] inline Cpu& this_cpu() { return guest_core; }

/// The guest that runs ends here: from any handler back into run() (hyp/hw/run.cpp).
[[noreturn]] void stop(StopReason reason, std::uint32_t outcome = 0);

}  // namespace hm::hyp
