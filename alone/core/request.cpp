#include "alone/core/request.hpp"

#include <algorithm>

namespace hm::alone {
namespace {

constexpr std::size_t kMostText = 2048;

bool is_name(std::string_view text) {
    constexpr std::string_view kInNames =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !text.empty() && text.size() <= AloneRequest::kMostName &&
           text.find_first_not_of(kInNames) == std::string_view::npos;
}

/// Takes a word that only this guest knows. False if it is not one; `culprit` if it is wrong.
bool take_own(std::string_view word, AloneRequest& to) {
    constexpr std::string_view kUnder = "under=";
    constexpr std::string_view kClock = "clock=";
    if (word.starts_with(kUnder)) {
        const std::string_view name = word.substr(kUnder.size());
        if (is_name(name)) {
            to.under = {};
            name.copy(to.under.data(), name.size());
        } else {
            to.culprit = word;
        }
        return true;
    }
    if (word.starts_with(kClock)) {
        const std::string_view name = word.substr(kClock.size());
        to.clock = name == "pmu" ? ClockChoice::kPerformanceMonitor : ClockChoice::kCounter;
        if (name != "pmu" && name != "counter") {
            to.culprit = word;
        }
        return true;
    }
    return false;
}

}  // namespace

AloneRequest parse_alone_request(std::string_view text) {
    AloneRequest parsed;
    std::string_view("unknown").copy(parsed.under.data(), AloneRequest::kMostName);
    // Not on the stack, and the culprit that is returned may point into it.
    static std::array<char, kMostText> rest;
    std::size_t used = 0;
    while (!text.empty() && parsed.culprit.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (word.empty() || take_own(word, parsed)) {
            continue;
        }
        if (word.size() + 1 > rest.size() - used) {
            parsed.culprit = word;
            break;
        }
        word.copy(rest.data() + used, word.size());
        used += word.size();
        rest[used++] = ' ';
    }
    if (!parsed.culprit.empty()) {
        return parsed;
    }
    const auto others = measure::parse_request({rest.data(), used});
    parsed.request = others.request;
    if (others.refusal) {
        parsed.culprit = others.culprit;
    }
    return parsed;
}

}  // namespace hm::alone
