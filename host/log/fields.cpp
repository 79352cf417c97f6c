#include "host/log/fields.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

std::optional<Value> value_of(const Json& json) {
    if (json.is_number_unsigned()) {
        return json.get<std::uint64_t>();
    }
    if (json.is_number()) {
        return json.get<double>();
    }
    if (json.is_boolean()) {
        return json.get<bool>();
    }
    return json.is_string() ? std::optional<Value>(printable(json.get<std::string>()))
                            : std::nullopt;
}

bool is_pair(const Json& json) { return json.is_array() && json.size() == 2; }

}  // namespace

const Json* Fields::find(const char* key) const {
    if (!object_.is_object()) {
        return nullptr;
    }
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
}

const Json* Fields::find(const char* key, bool (Json::*fits)() const noexcept) {
    const Json* found = find(key);
    if (found == nullptr || !(found->*fits)()) {
        reject(key);
        return nullptr;
    }
    return found;
}

std::string Fields::text(const char* key) {
    const Json* found = find(key, &Json::is_string);
    return found == nullptr ? std::string() : printable(found->get<std::string>());
}

double Fields::number(const char* key) {
    const Json* found = find(key, &Json::is_number);
    return found == nullptr ? 0 : found->get<double>();
}

std::uint64_t Fields::whole(const char* key) {
    const Json* found = find(key, &Json::is_number_unsigned);
    return found == nullptr ? 0 : found->get<std::uint64_t>();
}

std::uint64_t Fields::whole(const char* key, Range range) {
    const std::uint64_t value = whole(key);
    if (value < range.low || value > range.high) {
        reject(key);
    }
    return value;
}

std::uint32_t Fields::crc32(const char* key) {
    return static_cast<std::uint32_t>(whole(key, {0, UINT32_MAX}));
}

bool Fields::flag(const char* key) {
    const Json* found = find(key, &Json::is_boolean);
    return found != nullptr && found->get<bool>();
}

Params Fields::params(const char* key, bool (*fits)(const Params::Entry&)) {
    Params all;
    if (const Json* found = find(key, &Json::is_object)) {
        for (const auto& [name, json] : found->items()) {
            const auto value = value_of(json);
            if (value) {
                all.set(printable(name), *value);
            }
            if (!value || (fits != nullptr && !fits({printable(name), *value}))) {
                reject(key);
            }
        }
    }
    return all;
}

std::vector<std::string> Fields::texts(const char* key) {
    std::vector<std::string> all;
    if (const Json* found = find(key, &Json::is_array)) {
        for (const Json& element : *found) {
            if (element.is_string()) {
                all.push_back(printable(element.get<std::string>()));
            } else {
                reject(key);
            }
        }
    }
    return all;
}

std::string Fields::json_text(const char* key) {
    const Json* found = find(key, &Json::is_object);
    return found == nullptr ? "{}" : dump(*found);
}

void Fields::object(const char* key, const std::function<void(Fields&)>& read) {
    if (const Json* found = find(key, &Json::is_object)) {
        Fields inner(*found);
        read(inner);
        reject_inner(inner, key);
    }
}

void Fields::objects(const char* key, const std::function<void(Fields&)>& read) {
    if (const Json* found = find(key, &Json::is_array)) {
        std::size_t index = 0;
        for (const Json& element : *found) {
            Fields inner(element);
            read(inner);
            reject_inner(inner, fmt::format("{}[{}]", key, index++));
        }
    }
}

void Fields::reject_inner(const Fields& inner, std::string_view place) {
    if (inner.bad() && !bad_) {
        bad_ = inner.bad();
        place_ = place;
    }
}

std::vector<std::pair<double, std::uint64_t>> Fields::counts(const char* key) {
    std::vector<std::pair<double, std::uint64_t>> all;
    if (const Json* found = find(key, &Json::is_array)) {
        for (const Json& pair : *found) {
            if (is_pair(pair) && pair[0].is_number() && pair[1].is_number_unsigned()) {
                all.emplace_back(pair[0].get<double>(), pair[1].get<std::uint64_t>());
            } else {
                reject(key);
            }
        }
    }
    return all;
}

std::vector<std::pair<std::string, double>> Fields::named_numbers(const char* key) {
    std::vector<std::pair<std::string, double>> all;
    if (const Json* found = find(key, &Json::is_array)) {
        for (const Json& pair : *found) {
            if (is_pair(pair) && pair[0].is_string() && pair[1].is_number()) {
                all.emplace_back(printable(pair[0].get<std::string>()), pair[1].get<double>());
            } else {
                reject(key);
            }
        }
    }
    return all;
}

std::optional<double> Fields::optional_number(const char* key) {
    return has(key) ? std::optional{number(key)} : std::nullopt;
}

std::optional<std::uint64_t> Fields::optional_whole(const char* key) {
    return has(key) ? std::optional{whole(key)} : std::nullopt;
}

std::string Fields::optional_text(const char* key) { return has(key) ? text(key) : std::string(); }

std::vector<std::string> Fields::optional_texts(const char* key) {
    return has(key) ? texts(key) : std::vector<std::string>();
}

bool Fields::optional_flag(const char* key) { return has(key) && flag(key); }

std::optional<std::uint64_t> Fields::whole_or_null(const char* key) {
    const Json* found = find(key);
    return found != nullptr && found->is_null() ? std::nullopt : std::optional{whole(key)};
}

}  // namespace hm::host
