#pragma once
// The state that must be the same after every guest: registers of the GIC, of HYP, of PL1 and PL0.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hm::target {

/// Words in the order of a table of registers (snapshot.cpp). Left out is what moves by itself, as
/// counts and times do, and what reports the last trap.
struct Snapshot {
    static constexpr std::size_t kMostWords = 1024;
    std::array<std::uint32_t, kMostWords> words;
    std::size_t count;
};

/// Reads all of it. Call it while no guest runs: before and after hyp::run.
void take(Snapshot& snapshot);

/// The first register that differs, with both values; empty if none does. The text holds until the
/// next call.
[[nodiscard]] std::string_view first_difference(const Snapshot& before, const Snapshot& after);

}  // namespace hm::target
