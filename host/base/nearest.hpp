#pragma once
// What somebody may have meant by a word that does not exist.

#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

/// How many letters must be put in, taken out, replaced or swapped with a neighbour to make one
/// word of the other.
[[nodiscard]] std::size_t distance(std::string_view one, std::string_view other);

/// The first of the names that are nearest to `word`; empty if none is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace hm::host
