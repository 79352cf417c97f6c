#pragma once
// A page as a browser shows it.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace hm::test {

/// The browser's path; empty if there is none.
[[nodiscard]] std::string find_browser();

/// What is wrong with `html` in a window of this width, and how much is in it:
/// {"width", "overflow", "figures", "empty": [title, ..], "cut": [text, ..]}. `overflow` is by how
/// many pixels the page is wider than the window; `figures` are those that can be seen; `empty`
/// those of them without shapes; `cut` are texts that are not wholly in their figure. Null, with
/// the test failed, if the browser shows nothing.
[[nodiscard]] nlohmann::json look_at(const std::filesystem::path& folder, const std::string& html,
                                     int width);

}  // namespace hm::test
