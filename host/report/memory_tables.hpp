#pragma once
// The paper's figure 2 as tables: what an address costs, by stage of translation. Each of these is
// empty where nothing of the kind was measured; no line is wider than `width`.

#include <cstddef>
#include <string>

#include "host/log/results.hpp"
#include "host/report/timer_tables.hpp"
#include "host/rows/chase_runs.hpp"

namespace hm::host {

/// What one load costs by order, size and regime, as LMbench's lat_mem_rd asks.
[[nodiscard]] std::string loads_text(const Results& results, const Runs& chases, Detail detail,
                                     std::size_t width);

/// The matrix of the tables of both stages: a miss of the TLB as measured and as predicted.
[[nodiscard]] std::string matrix_text(const Results& results, const Runs& chases, Detail detail,
                                      std::size_t width);

/// A miss of the TLB by regime: the figure's (A), (C) and (B)+(C), beside what the paper has.
[[nodiscard]] std::string misses_text(const Results& results, const Runs& chases,
                                      std::size_t width);

/// A page fault by who has to serve it, layer by layer.
[[nodiscard]] std::string faults_text(const Results& results, Detail detail, std::size_t width);

/// From a guest's entry until it is ready: its stage 2 built on demand or before.
[[nodiscard]] std::string boot_text(const Results& results, Detail detail, std::size_t width);

/// Loops that no layer of translation should touch.
[[nodiscard]] std::string parity_text(const Results& results, std::size_t width);

/// All of these, and how to read them.
[[nodiscard]] std::string figure2_text(const Results& results, Detail detail, std::size_t width);

}  // namespace hm::host
