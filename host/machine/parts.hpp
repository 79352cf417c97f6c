#pragma once
// The parts of a plan that machines run side by side.

#include <cstddef>
#include <string>
#include <vector>

#include "host/machine/run_options.hpp"

namespace hm::host {

inline constexpr unsigned kMostMachines = 8;

/// Whether results do not depend on what else this computer does, nor on the place in the plan.
[[nodiscard]] bool can_run_side_by_side(const RunOptions& options);

/// How many machines run the plan of `options` unless the user says how many, on a computer with so
/// many `processors`: several only where that saves much.
[[nodiscard]] unsigned machines_for(const RunOptions& options, unsigned processors);

struct Part {
    std::vector<std::size_t> pick;   ///< RunOptions::pick of its machine
    std::vector<std::string> names;  ///< of its scenarios
};

/// The plan of `options` in parts that follow one another, the longest first: a machine that is
/// done takes the next one, and at the end all are done at nearly the same time.
[[nodiscard]] std::vector<Part> parts_of(const RunOptions& options);

}  // namespace hm::host
