#include "host/log/json.hpp"

#include <nlohmann/json.hpp>

namespace hm::host {

namespace {

/// Whether no part of `text` lies in more than kDeepest arrays and objects. What is no JSON may get
/// either answer.
bool is_shallow(std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kDeepest) {
                return false;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return true;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
    if (!is_shallow(text)) {
        return std::nullopt;
    }
    Json json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const Params& params) {
    Json json = Json::object();
    for (const auto& [key, value] : params) {
        std::visit([&, name = key](const auto& held) { json[name] = held; }, value);
    }
    return json;
}

}  // namespace hm::host
