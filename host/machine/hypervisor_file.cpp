#include "host/machine/hypervisor_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <regex>

#include "host/base/nearest.hpp"
#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/machine/alone_plan.hpp"

namespace hm::host {
namespace {

struct Placeholder {
    std::string_view word;
    std::string CommandPlace::*value;
};
constexpr std::array<Placeholder, 3> kPlaceholders{{{"{image}", &CommandPlace::image},
                                                    {"{bootargs}", &CommandPlace::bootargs},
                                                    {"{folder}", &CommandPlace::folder}}};

/// What looks like a placeholder. Other braces are part of a word, as in JSON for QEMU.
const std::regex& placeholder_form() {
    static const std::regex form(R"(\{[a-z_]+\})");
    return form;
}

/// A field of the file: reads it, and says what is wrong with it, or nothing.
struct Field {
    std::string_view name;
    std::string_view meaning;
    bool needed;
    std::string (*read)(const Json& value, HypervisorFile& file);
};

std::string read_name(const Json& value, HypervisorFile& file) {
    file.name = value.is_string() ? value.get<std::string>() : "";
    return can_be_under(file.name)
               ? ""
               : "takes a word of 1 to 32 letters, digits, \".\", \"-\" and \"_\"";
}

/// An array of words, or nothing.
std::optional<std::vector<std::string>> words_of(const Json& value) {
    std::vector<std::string> words;
    for (const Json& word : value.is_array() ? value : Json::array({nullptr})) {
        if (!word.is_string()) {
            return std::nullopt;
        }
        words.push_back(word.get<std::string>());
    }
    return words;
}

std::string read_command(const Json& value, HypervisorFile& file) {
    const auto words = words_of(value);
    if (!words || words->empty() || words->front().empty()) {
        return "takes an array of words: a program and its arguments";
    }
    for (const std::string& word : *words) {
        if (word.find('\0') != std::string::npos) {
            return "has a word with a zero character, which no argument can have";
        }
        for (std::sregex_iterator found(word.begin(), word.end(), placeholder_form()), end;
             found != end; ++found) {
            if (std::ranges::find(kPlaceholders, found->str(), &Placeholder::word) ==
                kPlaceholders.end()) {
                return fmt::format("has \"{}\", and the placeholders are {}", found->str(),
                                   placeholders_text());
            }
        }
    }
    file.command = *words;
    return {};
}

std::string read_prefix(const Json& value, HypervisorFile& file) {
    constexpr std::size_t kLongest = 80;
    if (!value.is_string()) {
        return "takes a text: what the console prints before each line of the guest";
    }
    file.prefix = value.get<std::string>();
    const bool fits = file.prefix.size() <= kLongest && printable(file.prefix) == file.prefix;
    return fits ? "" : fmt::format("takes at most {} characters of one line of ASCII", kLongest);
}

std::string read_clock(const Json& value, HypervisorFile& file) {
    file.clock = value.is_string() ? value.get<std::string>() : "";
    return file.clock == kCounterClock || file.clock == kPmuClock
               ? ""
               : fmt::format("takes \"{}\" (CNTVCT, the default) or \"{}\" (PMCCNTR)",
                             kCounterClock, kPmuClock);
}

std::string read_lacks(const Json& value, HypervisorFile& file) {
    const auto words = words_of(value);
    if (!words) {
        return "takes an array of words";
    }
    const std::vector<std::string> known = alone_parts();
    for (const std::string& word : *words) {
        if (std::ranges::find(known, word) == known.end()) {
            return fmt::format("has \"{}\", and can have {}", printable(word),
                               fmt::join(known, ", "));
        }
    }
    file.lacks = *words;
    return {};
}

constexpr std::array<Field, 5> kFields{{
    {"name", "for the rows, as kvm", true, read_name},
    {"command", "an array of words that start it", true, read_command},
    {"prefix", "what its console prints before each line of the guest", false, read_prefix},
    {"clock", "counter or pmu", false, read_clock},
    {"lacks", "an array of workloads, and of exits as exit=wfi", false, read_lacks},
}};

std::string unknown_field(const std::string& name) {
    std::vector<std::string> names;
    names.reserve(kFields.size());
    for (const Field& field : kFields) {
        names.emplace_back(field.name);
    }
    const std::string meant = nearest(name, names);
    return meant.empty()
               ? fmt::format("unknown field \"{}\"; fields: {}", printable(name),
                             fmt::join(names, ", "))
               : fmt::format("unknown field \"{}\"; did you mean \"{}\"?", printable(name), meant);
}

}  // namespace

bool can_be_under(std::string_view text) {
    constexpr std::size_t kLongest = 32;
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    };
    return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, fits);
}

ReadHypervisorFile read_hypervisor_file(std::string_view text) {
    const auto json = parse_json(text);
    if (!json || !json->is_object()) {
        return {{}, "it is no JSON object"};
    }
    ReadHypervisorFile read;
    for (const auto& [name, value] : json->items()) {
        const auto field = std::ranges::find(kFields, name, &Field::name);
        if (field == kFields.end()) {
            return {{}, unknown_field(name)};
        }
        if (const std::string wrong = field->read(value, read.file); !wrong.empty()) {
            return {{}, fmt::format("field \"{}\" {}", name, wrong)};
        }
    }
    for (const Field& field : kFields) {
        if (field.needed && !json->contains(field.name)) {
            return {{}, fmt::format("it has no field \"{}\"", field.name)};
        }
    }
    return read;
}

std::string hypervisor_file_help() {
    std::string text;
    for (const Field& field : kFields) {
        text += fmt::format("{}{} ({}{})", text.empty() ? "" : ", ", field.name, field.meaning,
                            field.needed ? "" : "; may be left out");
    }
    return fmt::format(
        "{}. In the command stand {} for the guest's image, its parameters, and the "
        "folder of FILE",
        text, placeholders_text());
}

std::string placeholders_text() {
    std::string text;
    for (const Placeholder& one : kPlaceholders) {
        text += fmt::format("{}{}", text.empty() ? "" : ", ", one.word);
    }
    return text;
}

std::vector<std::string> filled_in(std::vector<std::string> words, const CommandPlace& place) {
    for (std::string& word : words) {
        std::string filled;
        std::string_view rest = word;
        while (!rest.empty()) {
            const auto found = std::ranges::find_if(
                kPlaceholders, [rest](const auto& one) { return rest.starts_with(one.word); });
            if (found == kPlaceholders.end()) {
                filled += rest.front();
                rest.remove_prefix(1);
            } else {
                filled += place.*(found->value);
                rest.remove_prefix(found->word.size());
            }
        }
        word = filled;
    }
    return words;
}

}  // namespace hm::host
