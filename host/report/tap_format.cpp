#include "host/report/tap_format.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "host/log/json.hpp"

namespace hm::host {
namespace {

/// Without what would begin a directive.
std::string without_directives(std::string_view text) {
    std::string clean;
    for (const char c : text) {
        clean += c == '#' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    }
    return clean;
}

/// A block of YAML; a text of JSON is one of YAML too.
std::string details_text(const TestOutcome& one) {
    std::string text;
    if (!one.ok) {
        text += fmt::format("  message: {}\n", dump(Json(one.detail)));
    }
    if (one.seconds) {
        text += fmt::format("  duration_ms: {:.0f}\n", *one.seconds * 1000);
    }
    return text.empty() ? text : "  ---\n" + text + "  ...\n";
}

}  // namespace

std::string tap_of(const std::vector<TestOutcome>& outcomes) {
    if (outcomes.empty()) {
        return {};
    }
    std::string text = fmt::format("TAP version 13\n1..{}\n", outcomes.size());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const TestOutcome& one = outcomes[i];
        text += fmt::format(
            "{} {} - {}{}\n{}", one.ok ? "ok" : "not ok", i + 1, without_directives(one.name),
            one.skipped ? " # SKIP " + without_directives(one.detail) : "", details_text(one));
    }
    return text;
}

std::string tap_text(const GroupedResults& run, std::size_t) {
    std::vector<TestOutcome> outcomes = test_outcomes_of(run.results);
    for (TestOutcome& one : outcomes) {
        one.name.insert(0, one.group == "verdicts" ? "" : "scenario ");
    }
    return tap_of(outcomes);
}

}  // namespace hm::host
