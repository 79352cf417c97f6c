#pragma once
// A device tree with the parameters of a run in it, for an emulator that cannot write them there.

#include <optional>
#include <string>
#include <string_view>

namespace hm::host {

/// The tree in `blob` with `words` as its /chosen/bootargs; nothing if it is no device tree, or has
/// no /chosen.
[[nodiscard]] std::optional<std::string> with_bootargs(std::string_view blob,
                                                       const std::string& words);

}  // namespace hm::host
