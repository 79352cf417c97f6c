#include "host/judge/golden.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "measure/crc32.hpp"
#include "measure/keys.hpp"

namespace hm::host {
namespace {

constexpr char kColumn = '\t';

/// Whether the parameter only chooses among the scenarios.
bool is_filter(std::string_view name) {
    const auto key = measure::index_of(measure::kKeys, name);
    return key && (measure::kKeys[*key].kind == measure::Kind::kWord ||
                   measure::kKeys[*key].key == measure::Key::kFrom);
}

std::string parameters_of(const Results& results) {
    std::string text;
    for (const auto& [name, value] : results.parameters) {
        if (!is_filter(name)) {
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, text_of(value));
        }
    }
    return text;
}

/// "QEMU emulator version 7.2.15 (Debian ..)" without the last number and what follows: that only
/// counts repairs.
std::string emulator_of(const Results& results) {
    const std::string version = host_text(results, "/qemu/version");
    const std::size_t first = version.find('.');
    const std::size_t second = first == std::string::npos ? first : version.find('.', first + 1);
    return version.substr(0, second);
}

/// A machine with two has more rows.
std::string cores_of(const Results& results) {
    const std::optional<Json> host = parse_json(results.host);
    const Json::json_pointer at("/qemu/cores");
    return host && host->contains(at) ? host->at(at).dump() : std::string();
}

struct Condition {
    std::string_view name;
    std::string (*value)(const Results&);
};
constexpr std::array<Condition, 6> kConditions{
    {{"board", [](const Results& results) { return results.board; }},
     {"machine", [](const Results& results) { return results.machine; }},
     {"compiler", [](const Results& results) { return results.compiler; }},
     {"emulator", emulator_of},
     {"cores", cores_of},
     {"parameters", parameters_of}}};

std::string name_of(const Row& row) {
    std::string name = row.workload + " " + row.setting();
    for (const auto& [key, value] : row.params) {
        name += fmt::format(" {}={}", key, text_of(value));
    }
    return name + " " + row.layer;
}

std::string histogram_text(const Row& row) {
    std::string text;
    for (const auto& [low, count] : row.histogram) {
        text += fmt::format("{}:{} ", number_text(low), count);
    }
    return text;
}

std::string value_of(const Row& row) {
    measure::Crc32 crc;
    const std::string histogram = histogram_text(row);
    crc.add(std::as_bytes(std::span(histogram)));
    return fmt::format("{}\t{}\t{}\t{}\t{:08x}", row.count, number_text(row.min),
                       number_text(row.mean), number_text(row.max), crc.value());
}

/// The columns of a value in words.
std::string words_of(std::string value) {
    std::replace(value.begin(), value.end(), kColumn, ' ');
    return value;
}

/// What the file says: conditions and rows, each a name and the rest of its line.
using Lines = std::map<std::string, std::string, std::less<>>;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const std::size_t cut = line.find(kColumn);
        if (!line.starts_with('#') && cut != std::string_view::npos) {
            lines.emplace(line.substr(0, cut), line.substr(cut + 1));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// The first word of `text`, which loses it and the space after it.
std::string_view take_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

/// How two conditions differ. Of many parameters the first that differs is enough.
std::string difference(std::string_view name, std::string_view then, std::string_view now) {
    while (name == "parameters" && !then.empty() && !now.empty()) {
        std::string_view rest_then = then;
        std::string_view rest_now = now;
        const std::string_view one = take_word(rest_then);
        const std::string_view other = take_word(rest_now);
        if (one != other) {
            return fmt::format("they were made with {}, and this run has {}", one, other);
        }
        then = rest_then;
        now = rest_now;
    }
    return fmt::format("they were made with {} \"{}\", and this run has \"{}\"", name, then, now);
}

/// The first condition of the file that does not hold for the run; empty if all hold.
std::string broken_condition(const Results& results, Lines& golden) {
    for (const Condition& condition : kConditions) {
        const auto line = golden.extract(std::string(condition.name));
        const std::string here = condition.value(results);
        if (line.empty() || line.mapped() != here) {
            return difference(condition.name, line.empty() ? std::string() : line.mapped(), here);
        }
    }
    return {};
}

}  // namespace

std::string golden_text(const Results& results) {
    std::string text =
        "# Golden values: every row of suite quick, exactly. `./hypmeter golden` writes this "
        "file.\n"
        "# Columns: row, count, least value, mean, greatest value, CRC-32 of the histogram.\n";
    for (const Condition& condition : kConditions) {
        text += fmt::format("{}{}{}\n", condition.name, kColumn, condition.value(results));
    }
    for (const Row& row : results.rows) {
        text += fmt::format("{}{}{}\n", name_of(row), kColumn, value_of(row));
    }
    return text;
}

GoldenCheck judge_golden(const Results& results, std::string_view golden, bool whole) {
    if (results.stamps_without_isb()) {
        return {{}, "The golden values were not compared: the stamps of this image have no ISB."};
    }
    Lines expected = lines_of(golden);
    if (const std::string broken = broken_condition(results, expected); !broken.empty()) {
        return {{}, "The golden values were not compared: " + broken + "."};
    }
    std::size_t equal = 0;
    std::vector<std::string> differences;
    for (const Row& row : results.rows) {
        const std::string name = name_of(row);
        const auto line = expected.extract(name);
        const std::string here = value_of(row);
        if (line.empty()) {
            differences.push_back(fmt::format("{} has no golden value", name));
        } else if (line.mapped() != here) {
            differences.push_back(
                fmt::format("{} was {} and is {}", name, words_of(line.mapped()), words_of(here)));
        } else {
            ++equal;
        }
    }
    if (whole) {
        for (const auto& [name, value] : expected) {
            differences.push_back(fmt::format("{} did not come", name));
        }
    }
    constexpr const char* kName = "golden values";
    if (!differences.empty()) {
        return {Verdict{kName, false,
                        fmt::format("{} rows differ, the first: {}; `./hypmeter golden` takes what "
                                    "is measured now",
                                    differences.size(), differences.front())},
                {}};
    }
    if (equal == 0) {
        return {{}, "The golden values were not compared: this run has no rows."};
    }
    return {Verdict{kName, true, fmt::format("{} rows are exactly as before", equal)}, {}};
}

}  // namespace hm::host
