#pragma once
// JSON as this tool reads and writes it. Only sources that handle it include the whole library,
// which is dear to compile.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "host/log/document.hpp"
#include "host/log/params.hpp"

namespace hm::host {

/// JSON whose keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// What DocumentReader reads of `text`; nothing if that is none.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

/// On one line. Bytes that are not UTF-8, as in a path, are replaced.
[[nodiscard]] std::string dump(const Json& json);

[[nodiscard]] Json to_json(const Params& params);
[[nodiscard]] Json to_json(Document::Element element);

}  // namespace hm::host
