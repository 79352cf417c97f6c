#include "host/log/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "measure/record.hpp"
#include "measure/setting.hpp"
#include "measure/suites.hpp"
#include "measure/translation.hpp"

namespace hm::host {
namespace {

struct Range {
    std::uint64_t low;
    std::uint64_t high;
};

struct WordParam {
    std::string_view name;
    std::span<const char* const> words;
};
constexpr std::array<WordParam, 9> kWordParams{{
    {"faults", measure::kFaultsNames},
    {"stage1", measure::kStage1Names},
    {"order", measure::detail::kOrderNames},
    {"tlb", measure::kTlbNames},
    {"placement", measure::kPlacementNames},
    {"wait", measure::kWaitNames},
    {"load", measure::kLoadNames},
    {"loop", measure::kParityNames},
    {"mapping", measure::kMappingNames},
}};

struct NumberParam {
    std::string_view name;
    Range range;
};
constexpr Range kAny{0, kMostMemory};
constexpr Range kSome{1, kMostMemory};
constexpr std::array<NumberParam, 14> kNumberParams{{{"batch", kSome},
                                                     {"pages", kSome},
                                                     {"rounds", kSome},
                                                     {"stride", kAny},
                                                     {"bytes", kSome},
                                                     {"laps", kSome},
                                                     {"working_set", kSome},
                                                     {"memory", kAny},
                                                     {"period_us", kSome},
                                                     {"dither_us", kAny},
                                                     {"slice_us", kSome},
                                                     {"count", kSome},
                                                     {"warm_up", kAny},
                                                     {"stamps", {0, 1}}}};

constexpr std::array<NumberParam, 3> kOfRun{{{"memory_bytes", {1, kMostMemory}},
                                             {"counter_hz", {1, kMostHz}},
                                             {measure::kStampIsbsName, {0, 0}}}};

/// The characters of words, each at its code.
constexpr auto kInWords = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789 .,:_/+-()")) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}();

bool is_in(std::span<const char* const> words, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && std::find(words.begin(), words.end(), *text) != words.end();
}

bool is_in(Range range, const Value& value) {
    const auto* number = std::get_if<std::uint64_t>(&value);
    return number != nullptr && *number >= range.low && *number <= range.high;
}

template <class Table>
auto find(const Table& table, std::string_view name) {
    return std::find_if(table.begin(), table.end(),
                        [name](const auto& row) { return row.name == name; });
}

/// What may stand for a parameter that is not known here.
bool can_be(const Params::Entry& param) {
    const auto& [name, value] = param;
    if (const auto* text = std::get_if<std::string>(&value)) {
        return is_word(name) && is_word(*text);
    }
    const auto* whole = std::get_if<std::uint64_t>(&value);
    const auto* number = std::get_if<double>(&value);
    const double size = whole != nullptr    ? static_cast<double>(*whole)
                        : number != nullptr ? *number
                                            : 0;
    return is_word(name) && size >= 0 && size < kLimit;
}

bool can_be_of_key(const measure::KeyInfo& key, const Value& value) {
    return key.kind == measure::Kind::kWord
               ? is_in(key.words, value) || value == Value(std::string(measure::kAnyWord))
               : is_in(Range{key.low, key.high}, value);
}

}  // namespace

bool is_word(std::string_view text) {
    constexpr std::size_t kLongest = 128;
    return !text.empty() && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return kInWords[static_cast<unsigned char>(c)]; });
}

bool names_steps(std::string_view text) {
    return text.empty() || (is_word(text) && text.front() == '(' && text.back() == ')');
}

bool names_clock(std::string_view text) {
    using measure::Clock;
    constexpr std::array kClocks{Clock::kInstructions, Clock::kCycles, Clock::kEmulator,
                                 Clock::kCounter};
    return text.empty() || std::any_of(kClocks.begin(), kClocks.end(),
                                       [text](Clock clock) { return text == name_of(clock); });
}

bool can_be_of_row(const Params::Entry& param) {
    if (const auto words = find(kWordParams, param.first); words != kWordParams.end()) {
        return is_in(words->words, param.second);
    }
    const auto number = find(kNumberParams, param.first);
    return number != kNumberParams.end() ? is_in(number->range, param.second) : can_be(param);
}

bool can_be_of_run(const Params::Entry& parameter) {
    const auto& [name, value] = parameter;
    if (const auto key = measure::index_of(measure::kKeys, name)) {
        return can_be_of_key(measure::kKeys[*key], value);
    }
    if (name == "suite") {
        const auto* suite = std::get_if<std::string>(&value);
        return suite != nullptr && measure::index_of(measure::kSuites, *suite).has_value();
    }
    const auto of_run = find(kOfRun, name);
    return of_run != kOfRun.end() ? is_in(of_run->range, value) : can_be(parameter);
}

bool can_be_register(const Params::Entry& named) {
    const auto* text = std::get_if<std::string>(&named.second);
    return is_word(named.first) &&
           (text != nullptr ? is_word(*text) : std::holds_alternative<std::uint64_t>(named.second));
}

}  // namespace hm::host
