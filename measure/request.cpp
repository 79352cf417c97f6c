#include "measure/request.hpp"

#include "measure/workload/table.hpp"

namespace hm::measure {

static_assert(kWorkloads.size() <= Request::kMostWorkloads);

namespace {

/// Cuts `text` at the first `separator` and returns the part before it.
std::string_view take(std::string_view& text, char separator) {
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

/// Asks for those workloads that `name` of --only means. False if there are none.
bool select(Request& request, std::string_view name) {
    bool found = false;
    for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
        const char* const only = kWorkloads[i]->only;
        if (only != nullptr && only == name) {
            request.wanted.set(i);
            found = true;
        }
    }
    return found;
}

/// The first name of the list "a,b" that no workload has, or nothing.
std::optional<std::string_view> select_listed(Request& request, std::string_view list) {
    for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
        request.wanted.set(i, kWorkloads[i]->only == nullptr);
    }
    do {
        const std::string_view name = take(list, ',');
        if (!select(request, name)) {
            return name;
        }
    } while (!list.empty());
    return std::nullopt;
}

constexpr std::size_t kBitsPerDigit = 4;

/// What a digit of base 16 is worth, or nothing.
std::optional<unsigned> digit_of(char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t place = kDigits.find(c);
    return place == std::string_view::npos ? std::nullopt
                                           : std::optional(static_cast<unsigned>(place));
}

/// Leaves out the scenarios that `digits` do not pick. False if they are none, too many, or no
/// digits.
bool pick(Request& request, std::string_view digits) {
    if (digits.empty() || digits.size() > kMostScenarios / kBitsPerDigit) {
        return false;
    }
    request.left_out.set();
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto digit = digit_of(digits[i]);
        if (!digit) {
            return false;
        }
        for (std::size_t bit = 0; bit < kBitsPerDigit; ++bit) {
            request.left_out.set(i * kBitsPerDigit + bit, (*digit >> bit & 1U) == 0);
        }
    }
    return true;
}

ParsedRequest refuse(Refusal refusal, std::string_view culprit) {
    return {.request = {}, .refusal = refusal, .culprit = culprit};
}

}  // namespace

Request default_request(Suite suite) {
    Request request;
    request.suite = suite;
    request.wanted.set();
    const char* const only = info(suite).only;
    for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
        const Workload& workload = *kWorkloads[i];
        request.wanted.set(i,
                           !workload.on_request && (only == nullptr || workload.only == nullptr ||
                                                    std::string_view(workload.only) == only));
    }
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        request.values[i] = default_of(suite, kKeys[i].key);
    }
    return request;
}

ParsedRequest parse_request(std::string_view text) {
    // The suite gives the defaults, so it is looked for first.
    Suite suite = Suite::kQuick;
    for (std::string_view rest = text; !rest.empty();) {
        std::string_view value = take(rest, ' ');
        if (take(value, '=') == "suite") {
            const auto index = index_of(kSuites, value);
            if (!index) {
                return refuse(Refusal::kUnknownSuite, value);
            }
            suite = static_cast<Suite>(*index);
        }
    }
    ParsedRequest parsed{.request = default_request(suite), .refusal = {}, .culprit = {}};
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = take(rest, ' ');
        std::string_view value = word;
        const std::string_view name = take(value, '=');
        if (word.empty() || name == "suite") {
            continue;
        }
        if (name == "only") {
            if (const auto unknown = select_listed(parsed.request, value)) {
                return refuse(Refusal::kUnknownWorkload, *unknown);
            }
            continue;
        }
        if (name == "pick") {
            if (!pick(parsed.request, value)) {
                return refuse(Refusal::kBadValue, word);
            }
            continue;
        }
        const auto index = index_of(kKeys, name);
        if (!index || kKeys[*index].user != User::kTarget) {
            return refuse(Refusal::kUnknownKey, word);
        }
        const auto number = parse_value(kKeys[*index], value);
        if (!number) {
            return refuse(Refusal::kBadValue, word);
        }
        parsed.request.values[*index] = *number;
    }
    return parsed;
}

}  // namespace hm::measure
