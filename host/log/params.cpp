#include "host/log/params.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hm::host {

std::string text_of(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return *text;
    }
    if (const auto* whole = std::get_if<std::uint64_t>(&value)) {
        return fmt::format_int(*whole).str();
    }
    return std::visit([](const auto& held) { return fmt::format("{}", held); }, value);
}

const Value* Params::find(std::string_view key) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [key](const Entry& entry) { return entry.first == key; });
    return found == entries_.end() ? nullptr : &found->second;
}

void Params::set(std::string_view key, Value value) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [key](const Entry& entry) { return entry.first == key; });
    if (found == entries_.end()) {
        entries_.emplace_back(key, std::move(value));
    } else {
        found->second = std::move(value);
    }
}

void Params::erase(std::string_view key) {
    std::erase_if(entries_, [key](const Entry& entry) { return entry.first == key; });
}

std::string Params::text(std::string_view key) const {
    const Value* value = find(key);
    return value == nullptr ? std::string() : text_of(*value);
}

std::optional<std::uint64_t> Params::whole(std::string_view key) const {
    const Value* value = find(key);
    const auto* held = value == nullptr ? nullptr : std::get_if<std::uint64_t>(value);
    return held == nullptr ? std::nullopt : std::optional{*held};
}

std::optional<double> Params::number(std::string_view key) const {
    if (const auto held = whole(key)) {
        return static_cast<double>(*held);
    }
    const Value* value = find(key);
    const auto* held = value == nullptr ? nullptr : std::get_if<double>(value);
    return held == nullptr ? std::nullopt : std::optional{*held};
}

}  // namespace hm::host
