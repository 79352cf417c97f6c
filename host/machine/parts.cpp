#include "host/machine/parts.hpp"

#include <algorithm>
#include <numeric>

#include "host/machine/machines.hpp"
#include "host/machine/planned.hpp"

namespace hm::host {
namespace {

/// A machine starts within a second; a part that takes less than this is not worth one.
constexpr double kLeastSeconds = 2;

}  // namespace

bool can_run_side_by_side(const RunOptions& options) {
    return options.machine.kind->goes_on && options.clock == ClockSource::kInstructions &&
           options.get(measure::Key::kSmp) == 1 && options.get(measure::Key::kFrom) == 0;
}

std::vector<Part> parts_of(const RunOptions& options) {
    const std::vector<PlannedScenario> all = planned(options);
    std::vector<std::size_t> places = options.pick;
    if (places.empty()) {
        places.resize(all.size());
        std::iota(places.begin(), places.end(), 0);
    }
    double left = 0;
    for (const std::size_t place : places) {
        left += all[place].seconds;
    }
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
