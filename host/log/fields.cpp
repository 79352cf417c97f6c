#include "host/log/fields.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "host/base/text.hpp"
#include "host/log/json.hpp"

namespace hm::host {
namespace {

using Element = Document::Element;
using Kind = Document::Kind;

std::optional<Value> value_of(Element element) {
    switch (element.kind()) {
        case Kind::kWhole:
            return element.whole();
        case Kind::kNegative:
        case Kind::kNumber:
            return element.number();
        case Kind::kFlag:
            return element.flag();
        case Kind::kText:
            return printable(element.text());
        default:
            return std::nullopt;
    }
}

/// Calls `take` with each element of an array.
template <class Take>
void for_each(Element array, Take take) {
    Element element = array.first();
    for (std::size_t i = 0; i < array.size(); ++i, element = element.next()) {
        take(element);
    }
}

bool is_pair(Element element) { return element.kind() == Kind::kArray && element.size() == 2; }

}  // namespace

std::optional<Element> Fields::find(std::string_view key) const {
    return object_.kind() == Kind::kObject ? object_.find(key) : std::nullopt;
}

std::optional<Element> Fields::find(std::string_view key, Kind kind) {
    const auto found = find(key);
    if (!found || found->kind() != kind) {
        reject(key);
        return std::nullopt;
    }
    return found;
}

std::string Fields::text(const char* key) {
    const auto found = find(key, Kind::kText);
    return found ? printable(found->text()) : std::string();
}

double Fields::number(const char* key) {
    const auto found = find(key);
    if (!found || !found->is_number()) {
        reject(key);
        return 0;
    }
    return found->number();
}

std::uint64_t Fields::whole(const char* key) {
    const auto found = find(key, Kind::kWhole);
    return found ? found->whole() : 0;
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
    const auto found = find(key, Kind::kFlag);
    return found && found->flag();
}

Params Fields::params(const char* key, bool (*fits)(const Params::Entry&)) {
    Params all;
    const auto found = find(key, Kind::kObject);
    if (!found) {
        return all;
    }
    Element name = found->first();
    for (std::size_t i = 0; i < found->size(); ++i, name = name.next().next()) {
        auto value = value_of(name.next());
        if (!value || (fits != nullptr && !fits({printable(name.text()), *value}))) {
            reject(key);
        }
        if (value) {
            all.set(printable(name.text()), *std::move(value));
        }
    }
    return all;
}

std::vector<std::string> Fields::texts(const char* key) {
    std::vector<std::string> all;
    if (const auto found = find(key, Kind::kArray)) {
        for_each(*found, [&](Element element) {
            if (element.kind() == Kind::kText) {
                all.push_back(printable(element.text()));
            } else {
                reject(key);
            }
        });
    }
    return all;
}

std::string Fields::json_text(const char* key) {
    const auto found = find(key, Kind::kObject);
    return found ? dump(to_json(*found)) : "{}";
}

void Fields::object(const char* key, const std::function<void(Fields&)>& read) {
    if (const auto found = find(key, Kind::kObject)) {
        Fields inner(*found);
        read(inner);
        reject_inner(inner, key);
    }
}

void Fields::objects(const char* key, const std::function<void(Fields&)>& read) {
    if (const auto found = find(key, Kind::kArray)) {
        std::size_t index = 0;
        for_each(*found, [&](Element element) {
            Fields inner(element);
            read(inner);
            if (inner.bad() && !bad_) {
                reject_inner(inner, fmt::format("{}[{}]", key, index));
            }
            ++index;
        });
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
    if (const auto found = find(key, Kind::kArray)) {
        all.reserve(found->size());
        for_each(*found, [&](Element pair) {
            if (is_pair(pair) && pair.first().is_number() &&
                pair.first().next().kind() == Kind::kWhole) {
                all.emplace_back(pair.first().number(), pair.first().next().whole());
            } else {
                reject(key);
            }
        });
    }
    return all;
}

std::vector<std::vector<std::uint32_t>> Fields::words(const char* key, std::size_t each) {
    std::vector<std::vector<std::uint32_t>> all;
    if (const auto found = find(key, Kind::kArray)) {
        all.reserve(found->size());
        for_each(*found, [&](Element group) {
            std::vector<std::uint32_t> words;
            if (group.kind() == Kind::kArray) {
                for_each(group, [&](Element word) {
                    if (word.kind() == Kind::kWhole && word.whole() <= UINT32_MAX) {
                        words.push_back(static_cast<std::uint32_t>(word.whole()));
                    }
                });
            }
            if (words.size() != each || group.size() != each) {
                reject(key);
                words.assign(each, 0);
            }
            all.push_back(std::move(words));
        });
    }
    return all;
}

std::vector<std::pair<std::string, double>> Fields::named_numbers(const char* key) {
    std::vector<std::pair<std::string, double>> all;
    if (const auto found = find(key, Kind::kArray)) {
        for_each(*found, [&](Element pair) {
            if (is_pair(pair) && pair.first().kind() == Kind::kText &&
                pair.first().next().is_number()) {
                all.emplace_back(printable(pair.first().text()), pair.first().next().number());
            } else {
                reject(key);
            }
        });
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
    const auto found = find(key);
    return found && found->kind() == Kind::kNull ? std::nullopt : std::optional{whole(key)};
}

}  // namespace hm::host
