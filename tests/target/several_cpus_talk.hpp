#pragma once
// What both CPUs of a guest with two do: speak to each other in their page, and turn the other on
// or themselves off.

#include <cstdint>

#include "tests/target/cpp_guest.hpp"
#include "tests/target/several_cpus_guests.hpp"

namespace hm::target {

inline SeveralCpusPage& page() { return several_cpus_page; }

/// Lets the other one run, wherever it is.
void let_run();

/// Words of the page.
void wait_for(std::uint32_t& word, std::uint32_t value);
void tell(std::uint32_t& word, std::uint32_t value);

/// For one that computes: an emulator that runs one core at a time goes on with the next one at
/// each YIELD. Without them the other core would hardly ever run.
void compute_until(std::uint32_t& word, std::uint32_t value);

[[noreturn]] void wait_for_ever();

/// Its own number (MPIDR).
[[nodiscard]] std::uint32_t this_cpu();

/// Returns the status of PSCI.
std::uint32_t turn_on(std::uint32_t cpu, Body body, std::uint32_t context = 0,
                      std::uint32_t entry = address_of(cpp_guest_start));
[[noreturn]] void turn_off();

/// What PSCI says of a CPU.
[[nodiscard]] std::uint32_t affinity_info(std::uint32_t cpu);
void wait_until_off(std::uint32_t cpu);

}  // namespace hm::target
