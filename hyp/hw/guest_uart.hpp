#pragma once
// The UART of a VM: what its guest prints goes to the monitor's console.

#include "hyp/core/cpu.hpp"
#include "hyp/core/devices.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

/// As a row of the VM's table of devices.
[[nodiscard]] Device uart_at(mmu::Ipa base);

/// A character comes in over the line of the UART of `vm`, which runs on `cpu`. False where the
/// UART does not take it.
[[nodiscard]] bool give(Cpu& cpu, Vm& vm, char c);

/// Gives the guest that runs what has come over the monitor's console, as much as its UART takes,
/// and says when to look again (Cpu::next_look).
void take_input(Cpu& cpu, std::uint64_t time);

/// Its guest has ended: what it has printed without a newline comes out.
void end_text(Vm& vm);

}  // namespace hm::hyp
