#pragma once
// One run as it is asked for, and how the target reads it from its command line: "suite=quick
// only=timer,chase period=500".

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "measure/keys.hpp"

namespace hm::measure {

/// One run, as asked for: each key has a value, given or by default of the suite.
struct Request {
    Suite suite = Suite::kQuick;
    std::array<bool, kWorkloads.size()> wanted{};
    std::array<std::uint32_t, kKeys.size()> values{};

    [[nodiscard]] constexpr std::uint32_t get(Key key) const {
        return values[static_cast<std::size_t>(key)];
    }
    [[nodiscard]] constexpr bool wants(Workload workload) const {
        return wanted[static_cast<std::size_t>(workload)];
    }
    /// Whether a key of words leaves `word` in.
    [[nodiscard]] constexpr bool wants(Key key, const char* word) const {
        return get(key) == 0 || std::string_view(word_of(info(key).words, get(key))) == word;
    }
};

/// Everything that `suite` holds, with its defaults.
[[nodiscard]] constexpr Request default_request(Suite suite) {
    Request request;
    request.suite = suite;
    request.wanted.fill(true);
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        request.values[i] = kKeys[i].by_default(suite);
    }
    return request;
}

enum class Refusal : std::uint8_t { kUnknownKey, kUnknownSuite, kUnknownWorkload, kBadValue };

/// The request that a command line makes, or why it is refused and the word to blame.
struct ParsedRequest {
    Request request{};
    std::optional<Refusal> refusal{};
    std::string_view culprit{};
};

namespace detail {

/// Cuts `text` at the first `separator` and returns the part before it.
constexpr std::string_view take(std::string_view& text, char separator) {
    const std::size_t cut = text.find(separator);
    std::string_view head = text;
    if (cut == std::string_view::npos) {
        text = {};
    } else {
        head.remove_suffix(text.size() - cut);
        text.remove_prefix(cut + 1);
    }
    return head;
}

/// The first workload of the list "a,b" that does not exist, or nothing.
constexpr std::optional<std::string_view> select_workloads(Request& request,
                                                           std::string_view list) {
    request.wanted.fill(false);
    do {
        const std::string_view name = take(list, ',');
        const auto index = index_of(kWorkloads, name);
        if (!index) {
            return name;
        }
        request.wanted[*index] = true;
    } while (!list.empty());
    return std::nullopt;
}

constexpr ParsedRequest refuse(Refusal refusal, std::string_view culprit) {
    return {.request = {}, .refusal = refusal, .culprit = culprit};
}

}  // namespace detail

/// Reads words "suite=NAME", "only=WORKLOAD,..", "KEY=VALUE" in any order, with spaces between;
/// the keys of User::kTarget alone. Later words win. `culprit` points into `text`.
[[nodiscard]] constexpr ParsedRequest parse_request(std::string_view text) {
    // The suite gives the defaults, so it is looked for before anything else.
    Suite suite = Suite::kQuick;
    for (std::string_view rest = text; !rest.empty();) {
        std::string_view value = detail::take(rest, ' ');
        if (detail::take(value, '=') == "suite") {
            const auto index = index_of(kSuites, value);
            if (!index) {
                return detail::refuse(Refusal::kUnknownSuite, value);
            }
            suite = static_cast<Suite>(*index);
        }
    }
    ParsedRequest parsed{.request = default_request(suite), .refusal = {}, .culprit = {}};
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = detail::take(rest, ' ');
        std::string_view value = word;
        const std::string_view name = detail::take(value, '=');
        if (word.empty() || name == "suite") {
            continue;
        }
        if (name == "only") {
            if (const auto unknown = detail::select_workloads(parsed.request, value)) {
                return detail::refuse(Refusal::kUnknownWorkload, *unknown);
            }
            continue;
        }
        const auto index = index_of(kKeys, name);
        if (!index || kKeys[*index].user != User::kTarget) {
            return detail::refuse(Refusal::kUnknownKey, word);
        }
        const auto number = parse_value(kKeys[*index], value);
        if (!number) {
            return detail::refuse(Refusal::kBadValue, word);
        }
        parsed.request.values[*index] = *number;
    }
    return parsed;
}

static_assert(!parse_request("suite=paper count=10").refusal);

}  // namespace hm::measure
