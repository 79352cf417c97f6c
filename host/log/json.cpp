#include "host/log/json.hpp"

#include <nlohmann/json.hpp>

namespace hm::host {

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
