#include "host/log/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <variant>

#include "host/log/json.hpp"

namespace hm::host {
namespace {

/// Nothing of it has to be escaped or replaced.
bool is_plain_text(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

template <class Whole>
void append(std::string& to, Whole value) {
    const fmt::format_int digits(value);
    to.append(digits.data(), digits.size());
}

}  // namespace

void JsonLine::divide() {
    if (!first_) {
        to_ += ',';
    }
    first_ = false;
}

void JsonLine::quote(std::string_view text) {
    if (is_plain_text(text)) {
        ((to_ += '"') += text) += '"';
    } else {
        to_ += dump(Json(text));
    }
}

void JsonLine::open(char bracket) {
    divide();
    to_ += bracket;
    first_ = true;
}

void JsonLine::close(char bracket) {
    to_ += bracket;
    first_ = false;
}

void JsonLine::name(std::string_view key) {
    divide();
    quote(key);
    to_ += ':';
    first_ = true;
}

void JsonLine::text(std::string_view value) {
    divide();
    quote(value);
}

void JsonLine::flag(bool value) {
    divide();
    to_ += value ? "true" : "false";
}

void JsonLine::whole(std::uint64_t value) {
    divide();
    append(to_, value);
}

void JsonLine::number(double value) {
    constexpr double kExact = 9007199254740992.0;  // 2^53: every whole number below has a double
    divide();
    if (std::trunc(value) == value && std::abs(value) < kExact) {
        append(to_, static_cast<std::int64_t>(value));
    } else {
        to_ += dump(Json(value));
    }
}

void JsonLine::params(const Params& params) {
    open('{');
    for (const auto& [key, value] : params) {
        name(key);
        if (const auto* held_text = std::get_if<std::string>(&value)) {
            text(*held_text);
        } else if (const auto* held_whole = std::get_if<std::uint64_t>(&value)) {
            whole(*held_whole);
        } else if (const auto* held_flag = std::get_if<bool>(&value)) {
            flag(*held_flag);
        } else {
            divide();
            to_ += dump(Json(std::get<double>(value)));
        }
    }
    close('}');
}

void JsonLine::text(std::string_view its_name, std::string_view value) {
    name(its_name);
    text(value);
}

void JsonLine::whole(std::string_view its_name, std::uint64_t value) {
    name(its_name);
    whole(value);
}

void JsonLine::number(std::string_view its_name, double value) {
    name(its_name);
    number(value);
}

void JsonLine::number(std::string_view its_name, const std::optional<double>& value) {
    if (value) {
        number(its_name, *value);
    }
}

}  // namespace hm::host
