#pragma once
// The cores that the model knows: a file each, with a value and its source for every parameter.

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "host/model/parameters.hpp"

namespace hm::host {

/// A flag of which nobody says what it is.
inline constexpr Bounds kEither{0, 1};

/// Why no core of ARM has a cache that only its walker uses.
inline constexpr std::string_view kNoWalkerCache = "an assumption: no TRM names such a cache";

[[nodiscard]] constexpr Bounds exactly(double value) { return {value, value}; }

/// What is known of one parameter of a core.
struct CoreParameter {
    Parameter parameter;
    /// A range where no source gives a value; nothing: it may be anything that is valid.
    std::optional<Bounds> bounds;
    std::string_view source;
};

struct ModelledCore {
    std::string_view name;   ///< as people type it, and as QEMU and device trees name it
    std::string_view title;  ///< as in cpu::CoreFacts
    std::string_view chip;   ///< that has such caches
    std::string_view tlb;    ///< what its manual calls the TLB before a walk
    std::array<CoreParameter, kParameters> parameters;  ///< in their order

    [[nodiscard]] constexpr const CoreParameter& of(Parameter parameter) const {
        return parameters[static_cast<std::size_t>(parameter)];
    }
    /// "A15"
    [[nodiscard]] constexpr std::string_view short_title() const {
        return title.substr(title.find('-') + 1);
    }
    [[nodiscard]] constexpr bool is_in_order() const {
        for (std::size_t i = 0; i < kParameters; ++i) {
            if (static_cast<std::size_t>(parameters[i].parameter) != i) {
                return false;
            }
        }
        return true;
    }
};

[[nodiscard]] std::span<const ModelledCore* const> modelled_cores();

/// The core of that name, or null.
[[nodiscard]] const ModelledCore* find_modelled_core(std::string_view name);

}  // namespace hm::host
