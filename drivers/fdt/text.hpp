#pragma once
// Cutting text without string_view::substr, which may throw and so would need exceptions.

#include <algorithm>
#include <string_view>

namespace hm::fdt {

/// The part of `text` before the first of the characters `ends`; all of it if there is none.
[[nodiscard]] constexpr std::string_view before(std::string_view text, std::string_view ends) {
    return {text.data(), std::min(text.find_first_of(ends), text.size())};
}

}  // namespace hm::fdt
