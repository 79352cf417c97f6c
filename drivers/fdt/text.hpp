#pragma once
// Text cut up without string_view::substr, which may throw and so would bring exceptions along.

#include <algorithm>
#include <string_view>

namespace hm::fdt {

/// What stands in `text` before the first of the characters `ends`; all of it where there is none.
[[nodiscard]] constexpr std::string_view before(std::string_view text, std::string_view ends) {
    return {text.data(), std::min(text.find_first_of(ends), text.size())};
}

}  // namespace hm::fdt
