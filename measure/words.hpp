#pragma once
// A command line that comes in words.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace hm::measure {

/// `words` with a space between each two, in `buffer`; nothing where they do not fit.
[[nodiscard]] constexpr std::optional<std::string_view> join_words(
    std::span<const char* const> words, std::span<char> buffer) {
    std::size_t used = 0;
    for (const char* const word : words) {
        const std::string_view text(word);
        const std::size_t space = used == 0 ? 0 : 1;
        if (text.size() + space > buffer.size() - used) {
            return std::nullopt;
        }
        if (space != 0) {
            buffer[used] = ' ';
        }
        text.copy(buffer.data() + used + space, text.size());
        used += space + text.size();
    }
    return std::string_view(buffer.data(), used);
}

}  // namespace hm::measure
