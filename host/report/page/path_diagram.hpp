#pragma once
// The path of one event through hardware, monitor, guest kernel and application: from stamp to
// stamp, with the cost of each layer on its arrow.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/results.hpp"

namespace hm::host::page {

struct Path {
    std::string title;
    std::string css;   ///< its colour
    std::string sums;  ///< what is said below the title, as "89 instructions"
    std::vector<const Row*> layers;
    /// How many events there were, to say which layers only some of them have.
    std::uint64_t events = 0;
    /// Of the layers; with it they are in nanoseconds where these are known.
    const Results* results = nullptr;
};

/// HTML of one path whose stamps come in this order; empty if it has no layers. Where an event may
/// go on in two ways, the way with more stamps is shown.
[[nodiscard]] std::string draw_path(const Path& path, std::span<const std::string_view> stamps);

}  // namespace hm::host::page
