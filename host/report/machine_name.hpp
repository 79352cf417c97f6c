#pragma once
// What every table, page and file calls the machine that a run was measured on.

#include <string>

#include "host/log/results.hpp"

namespace hm::host {

/// Under gem5 its version and what its core is like, as the run's record has them: "gem5 24.0.0.1,
/// ex5_big-like". Elsewhere what the target says of itself, whether its words came from QEMU
/// ("QEMU virt"), over a serial line ("Arndale (Exynos 5250)") or from a log.
[[nodiscard]] std::string machine_name(const Results& results);

/// The same, and which board the image is for where the name does not say it: "gem5 24.0.0.1,
/// ex5_big-like, with the image of vexpress", "QEMU mcimx7d-sabre, board imx7d".
[[nodiscard]] std::string machine_and_board(const Results& results);

/// Whether the times are those of a simulated core.
[[nodiscard]] bool is_gem5(const Results& results);

}  // namespace hm::host
