#include "host/base/nearest.hpp"

#include <algorithm>

namespace hm::host {

std::size_t distance(std::string_view one, std::string_view other) {
    // Of each beginning of `one` to each beginning of `other`.
    std::vector<std::vector<std::size_t>> table(one.size() + 1,
                                                std::vector<std::size_t>(other.size() + 1));
    for (std::size_t i = 0; i <= one.size(); ++i) {
        for (std::size_t j = 0; j <= other.size(); ++j) {
            if (i == 0 || j == 0) {
                table[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = one[i - 1] == other[j - 1] ? 0 : 1;
            table[i][j] = std::min(
                {table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + replaced});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
                table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
            }
        }
    }
    return table[one.size()][other.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
    constexpr std::size_t kLongest = 40;
    constexpr std::size_t kShare = 2;  // at most every second letter may be wrong
    std::string best;
    std::size_t least = std::min(word.size(), kLongest) / kShare + 1;
    for (const std::string& name : names) {
        const bool begins = !word.empty() && name.starts_with(word);
        const std::size_t far = begins ? 1 : distance(word.substr(0, kLongest), name);
        if (far < least) {
            least = far;
            best = name;
        }
    }
    return best;
}

}  // namespace hm::host
