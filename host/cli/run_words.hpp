#pragma once
// The words of `run`: its options, and whether what they hold can be done.

#include <filesystem>

#include "host/cli/words.hpp"

namespace hm::host {

CLI::App* add_run(CLI::App& app, Words& words);
[[nodiscard]] Options check_run(const Words& words, const std::filesystem::path& builds,
                                const CLI::App& app);

/// A key of the host that the machine does not take.
[[nodiscard]] std::optional<UsageError> refuse_host_key(const RunOptions& run,
                                                        const measure::KeyInfo& info,
                                                        std::uint32_t value);

/// How long the run may take, and how long without a record.
void take_limits(const Words& words, RunOptions& run);

}  // namespace hm::host
