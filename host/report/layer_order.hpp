#pragma once
// Layers "from..to" in the order of the stamps that they lie between.

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hm::host {

/// The stamps in the order in which a wake-up passes them, whatever its path.
inline constexpr std::array<std::string_view, 14> kWakeUpStamps{
    "deadline",     "hyp-vector",         "scheduled",          "switched-out",
    "switched-in",  "hyp-acknowledged",   "list-register",      "guest-return",
    "guest-vector", "guest-acknowledged", "maintenance-vector", "maintenance-return",
    "handler-done", "application"};

/// The same for a page fault; one of both stages takes stage 1's first.
inline constexpr std::array<std::string_view, 12> kFaultStamps{
    "access",           "guest-vector",   "guest-handler", "guest-written",
    "guest-maintained", "guest-return",   "hyp-vector",    "hyp-handler",
    "hyp-written",      "hyp-maintained", "hyp-return",    "retired"};

/// Sorts layers by their first stamp in the order of `stamps`, and then by their last.
inline void sort_layers(std::vector<std::string>& layers,
                        std::span<const std::string_view> stamps) {
    const auto order_of = [stamps](std::string_view layer) {
        const std::size_t cut = layer.find("..");
        const auto place_of = [stamps](std::string_view stamp) {
            return std::find(stamps.begin(), stamps.end(), stamp) - stamps.begin();
        };
        return std::pair{place_of(layer.substr(0, cut)), place_of(layer.substr(cut + 2))};
    };
    std::stable_sort(layers.begin(), layers.end(),
                     [&](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
}

/// "(4)-(5)" as a table has it: "4-5".
[[nodiscard]] inline std::string bare_steps(std::string steps) {
    std::erase_if(steps, [](char c) { return c == '(' || c == ')'; });
    return steps;
}

}  // namespace hm::host
