#include "host/log/json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

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
    std::vector<std::set<std::string>> open;  // the names of each object around the place
    bool unclear = false;
    const auto watch = [&](int, Json::parse_event_t event, const Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            open.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            open.pop_back();
        } else if (event == Json::parse_event_t::key) {
            unclear = unclear || open.back().size() == kMostNames ||
                      !open.back().insert(parsed.get<std::string>()).second;
        }
        return !unclear;
    };
    Json json = Json::parse(text, watch, false);
    return unclear || json.is_discarded() ? std::nullopt : std::optional(std::move(json));
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
