#include "host/machine/parts.hpp"

#include <algorithm>
#include <numeric>

#include "host/machine/machines.hpp"
#include "host/machine/planned.hpp"

namespace hm::host {
namespace {

/// A machine starts within a second; a part that takes less than this is not worth one.
constexpr double kLeastSeconds = 2;
/// A plan that takes less than this runs on one machine, whose log is the easiest to read.
constexpr double kLongSeconds = 60;
constexpr unsigned kMostByDefault = 4;

/// The scenarios that are to run, by their places in `all`.
std::vector<std::size_t> places_of(const RunOptions& options,
                                   const std::vector<PlannedScenario>& all) {
    std::vector<std::size_t> places = options.pick;
    if (places.empty()) {
        places.resize(all.size());
        std::iota(places.begin(), places.end(), 0);
    }
    return places;
}

double seconds_of(const std::vector<std::size_t>& places, const std::vector<PlannedScenario>& all) {
    return std::accumulate(places.begin(), places.end(), 0.0,
                           [&all](double sum, std::size_t at) { return sum + all[at].seconds; });
}

}  // namespace

bool can_run_side_by_side(const RunOptions& options) {
    return options.machine.kind->goes_on && options.clock == ClockSource::kInstructions &&
           options.get(measure::Key::kSmp) == 1 && options.get(measure::Key::kFrom) == 0;
}

unsigned machines_for(const RunOptions& options, unsigned processors) {
    const std::vector<PlannedScenario> all = planned(options);
    const bool is_long = seconds_of(places_of(options, all), all) > kLongSeconds;
    return is_long && can_run_side_by_side(options) ? std::clamp(processors, 1U, kMostByDefault)
                                                    : 1;
}

std::vector<Part> parts_of(const RunOptions& options) {
    const std::vector<PlannedScenario> all = planned(options);
    const std::vector<std::size_t> places = places_of(options, all);
    double left = seconds_of(places, all);
    std::vector<Part> parts;
    for (auto next = places.begin(); next != places.end();) {
        const double most = std::max(left / (2.0 * options.machines), kLeastSeconds);
        Part part;
        for (double seconds = 0; next != places.end() && seconds < most; ++next) {
            seconds += all[*next].seconds;
            left -= all[*next].seconds;
            part.pick.push_back(*next);
            part.names.push_back(all[*next].name);
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace hm::host
