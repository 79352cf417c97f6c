#include "host/report/junit_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/report/machine_name.hpp"

namespace hm::host {
namespace {

/// As the value of an attribute (Extensible Markup Language 1.0, 2.3).
std::string escaped(std::string_view text) {
    std::string clean;
    for (const char c : text) {
        clean += c == '&'   ? "&amp;"
                 : c == '<' ? "&lt;"
                 : c == '>' ? "&gt;"
                 : c == '"' ? "&quot;"
                            : std::string(1, c);
    }
    return clean;
}

std::string case_text(const TestOutcome& one) {
    const std::string start = fmt::format(
        "    <testcase classname=\"hypmeter.{}\" name=\"{}\" "
        "time=\"{:.3f}\"",
        escaped(one.group), escaped(one.name), one.seconds.value_or(0));
    if (one.skipped) {
        return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", start,
                           escaped(one.detail));
    }
    if (!one.ok) {
        return fmt::format(
            "{}>\n      <failure message=\"{}\" type=\"verdict\"/>\n    "
            "</testcase>\n",
            start, escaped(one.detail));
    }
    return start + "/>\n";
}

struct Tally {
    std::ptrdiff_t tests, failures, skipped;
    double seconds;
};

Tally tally_of(const std::vector<TestOutcome>& outcomes) {
    return {static_cast<std::ptrdiff_t>(outcomes.size()),
            std::ranges::count(outcomes, false, &TestOutcome::ok),
            std::ranges::count(outcomes, true, &TestOutcome::skipped),
            std::accumulate(
                outcomes.begin(), outcomes.end(), 0.0,
                [](double sum, const TestOutcome& one) { return sum + one.seconds.value_or(0); })};
}

/// One group of outcomes, with what they were measured on.
std::string suite_text(const JunitRun& run, const std::vector<TestOutcome>& outcomes) {
    const Tally counts = tally_of(outcomes);
    std::string text = fmt::format(
        "  <testsuite name=\"hypmeter.{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
        "skipped=\"{}\" time=\"{:.3f}\" timestamp=\"{}\">\n    <properties>\n",
        escaped(outcomes.front().group), counts.tests, counts.failures, counts.skipped,
        counts.seconds, escaped(run.started.substr(0, run.started.find('Z'))));
    for (const auto& [name, value] : run.properties) {
        text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escaped(value));
    }
    text += "    </properties>\n";
    for (const TestOutcome& one : outcomes) {
        text += case_text(one);
    }
    return text + "  </testsuite>\n";
}

}  // namespace

std::string junit_of(const JunitRun& run, const std::vector<TestOutcome>& outcomes) {
    if (outcomes.empty()) {
        return {};
    }
    std::vector<std::vector<TestOutcome>> groups;
    for (const TestOutcome& one : outcomes) {
        const auto known = std::ranges::find_if(
            groups, [&one](const auto& group) { return group.front().group == one.group; });
        if (known == groups.end()) {
            groups.push_back({one});
        } else {
            known->push_back(one);
        }
    }
    const Tally counts = tally_of(outcomes);
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"hypmeter\" tests=\"{}\" "
        "failures=\"{}\" errors=\"0\" time=\"{:.3f}\">\n",
        counts.tests, counts.failures, counts.seconds);
    for (const auto& group : groups) {
        text += suite_text(run, group);
    }
    return text + "</testsuites>\n";
}

std::string junit_text(const GroupedResults& run, std::size_t) {
    const Results& results = run.results;
    return junit_of({.started = host_text(results, "/started"),
                     .properties = {{"version", results.version},
                                    {"board", results.board},
                                    {"machine", machine_name(results)},
                                    {"clock", results.clock}}},
                    test_outcomes_of(results));
}

}  // namespace hm::host
