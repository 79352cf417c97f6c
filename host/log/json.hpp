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

/// `text` as JSON; nothing if it is none, or is nested more deeply than that. The library compares,
/// copies and writes by recursion, so that what is nested deeply would exhaust the stack: this is
/// found before it reads anything.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

/// On one line. Bytes that are not UTF-8, as in a path, are replaced.
[[nodiscard]] std::string dump(const Json& json);

[[nodiscard]] Json to_json(const Params& params);

}  // namespace hm::host
