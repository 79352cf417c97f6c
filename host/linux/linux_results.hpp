#pragma once
// What the boots of Linux have shown, as numbers; and all of it as JSON.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/linux/linux_run.hpp"

namespace hm::host {

struct BootCosts {
    std::uint64_t all = 0;       ///< instructions
    std::uint64_t in_hyp = 0;    ///< of those
    std::uint64_t userland = 0;  ///< of Linux' own clock
};

/// Nothing of a boot that failed, or whose instructions were not counted.
[[nodiscard]] std::optional<BootCosts> boot_costs(const LinuxResult& result);

[[nodiscard]] std::optional<Cyclictest> cyclictest_of(const LinuxResult& result);

/// A program of LMbench that toolchain/linux/init runs.
struct LmbenchProgram {
    std::string_view name;
    std::string_view meaning;
};
inline constexpr std::array<LmbenchProgram, 2> kLmbenchPrograms{{
    {"lat_pagefault", "page fault (8 MB file)"},
    {"lat_mem_rd", "sequential read (4 MB, stride 64)"},
}};

/// What it measured, in ns of Linux' clock.
[[nodiscard]] std::optional<double> lmbench_of(const LinuxResult& result,
                                               const LmbenchProgram& program);

/// One object of JSON for a workload, with everything that its tables have and the histograms.
[[nodiscard]] std::string linux_json(const LinuxWorkload& workload,
                                     const std::vector<LinuxResult>& results);

}  // namespace hm::host
