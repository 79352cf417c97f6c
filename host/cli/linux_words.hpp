#pragma once
// `hypmeter run --only linux-..`: workloads that a guest Linux runs.

#include "host/cli/words.hpp"

namespace hm::host {

/// Whether --only names one of them.
[[nodiscard]] bool asks_for_linux(const Words& words);
[[nodiscard]] Options check_linux(const Words& words, const std::filesystem::path& builds,
                                  const CLI::App& app);

}  // namespace hm::host
