#pragma once
// Runs one hostile act, or the clean scenarios that must not notice it.

#include <cstdint>

#include "board/facts.hpp"
#include "session/core/message.hpp"
#include "session/core/slots.hpp"
#include "tests/target/isolation/act.hpp"

namespace hm::isolation {

/// The memory of this machine, as the measuring session would share it out.
[[nodiscard]] const session::Slots& slots();
void set_ram(const board::Ram& ram);

/// The memory of the measured VM's slot that no guest of the suite gets.
[[nodiscard]] std::uint32_t unused_memory();

/// Runs the act with this number. True if it ended as it should; `message` says how it ended.
[[nodiscard]] bool run_act(const Act& act, std::uint32_t number, session::Message& message);

[[nodiscard]] bool shares_core(const Act& act);

/// Runs a timer scenario by itself, one beside a second VM, and a hypercall scenario. The CRC of
/// all their records; 0 if one of them failed.
[[nodiscard, gnu::noinline]] std::uint32_t run_clean_scenarios();

}  // namespace hm::isolation
