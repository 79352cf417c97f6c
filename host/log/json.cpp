#include "host/log/json.hpp"

#include <nlohmann/json.hpp>

namespace hm::host {

std::optional<Json> parse_json(std::string_view text) {
    DocumentReader reader;
    const Document* const document = reader.read(text);
    return document == nullptr ? std::nullopt : std::optional(to_json(document->root()));
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

Json to_json(Document::Element element) {
    using Kind = Document::Kind;
    switch (element.kind()) {
        case Kind::kNull:
            break;
        case Kind::kFlag:
            return element.flag();
        case Kind::kWhole:
            return element.whole();
        case Kind::kNegative:
            return element.negative();
        case Kind::kNumber:
            return element.number();
        case Kind::kText:
            return std::string(element.text());
        case Kind::kArray: {
            Json json = Json::array();
            Document::Element part = element.first();
            for (std::size_t i = 0; i < element.size(); ++i, part = part.next()) {
                json.push_back(to_json(part));
            }
            return json;
        }
        case Kind::kObject: {
            Json json = Json::object();
            Document::Element name = element.first();
            for (std::size_t i = 0; i < element.size(); ++i, name = name.next().next()) {
                json[std::string(name.text())] = to_json(name.next());
            }
            return json;
        }
    }
    return nullptr;
}

}  // namespace hm::host
