#pragma once
// JSON as this tool reads and writes it. Only sources that handle it include the whole library,
// which is dear to compile.

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "host/log/params.hpp"

namespace hm::host {

/// JSON whose keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// Arrays and objects in one another: no more are read. Our own files have five.
inline constexpr std::size_t kDeepest = 16;

/// Names in one object: no more are read, since to find one takes a look at each. Our own files
/// have some 40.
inline constexpr std::size_t kMostNames = 256;

/// `text` as JSON; nothing if it is none, has more than that, or gives two values to one name:
/// which of them is meant would be a guess. The library compares, copies and writes by recursion,
/// so that what is nested deeply would exhaust the stack: this is found before it reads anything.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

/// On one line. Bytes that are not UTF-8, as in a path, are replaced.
[[nodiscard]] std::string dump(const Json& json);

[[nodiscard]] Json to_json(const Params& params);

}  // namespace hm::host
