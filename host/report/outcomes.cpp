#include "host/report/outcomes.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "host/log/json.hpp"

namespace hm::host {
namespace {

constexpr std::string_view kScenario = "scenario ";
constexpr std::string_view kSkipped = "skipped: ";

}  // namespace

std::map<std::string, double> scenario_seconds_of(const Results& results) {
    // Pairs of a name and a number.
    std::map<std::string, double> seconds;
    const auto host = parse_json(results.host);
    if (!host || !host->contains("scenario_seconds")) {
        return seconds;
    }
    for (const Json& pair : host->at("scenario_seconds")) {
        if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_number()) {
            seconds[pair[0].get<std::string>()] = pair[1].get<double>();
        }
    }
    return seconds;
}

std::vector<TestOutcome> test_outcomes_of(const Results& results) {
    const std::map<std::string, double> seconds = scenario_seconds_of(results);
    std::vector<TestOutcome> outcomes;
    for (const Verdict& verdict : results.verdicts) {
        TestOutcome outcome{"verdicts", verdict.name, verdict.ok, false, verdict.detail, {}};
        if (verdict.name.starts_with(kScenario)) {
            outcome.name = verdict.name.substr(kScenario.size());
            outcome.group = outcome.name.substr(0, outcome.name.find(' '));
            outcome.skipped = verdict.ok && verdict.detail.starts_with(kSkipped);
            if (outcome.skipped) {
                outcome.detail.erase(0, kSkipped.size());
            }
            if (const auto found = seconds.find(outcome.name); found != seconds.end()) {
                outcome.seconds = found->second;
            }
        }
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

}  // namespace hm::host
