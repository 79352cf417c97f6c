#include "host/machine/parts.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "host/machine/machines.hpp"
#include "host/machine/planned.hpp"

namespace hm::host {
namespace {

/// Places of a plan of `count` scenarios, as pick_text() writes them; all if `pick` is empty.
std::vector<std::size_t> picked_places(std::string_view pick, std::size_t count) {
    constexpr std::size_t kBitsPerDigit = 4;
    constexpr int kBase = 16;
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < count; ++place) {
        const std::string_view digit = pick.substr(std::min(place / kBitsPerDigit, pick.size()), 1);
        unsigned bits = 0;
        std::from_chars(digit.data(), digit.data() + digit.size(), bits, kBase);
        if (pick.empty() || ((bits >> place % kBitsPerDigit) & 1) != 0) {
            places.push_back(place);
        }
    }
    return places;
}

/// A machine starts within a second; a part that takes less than this is not worth one.
constexpr double kLeastSeconds = 2;

}  // namespace

bool can_run_side_by_side(const RunOptions& options) {
    return options.machine.kind->goes_on && options.clock == ClockSource::kInstructions &&
           options.get(measure::Key::kSmp) == 1 && options.get(measure::Key::kFrom) == 0;
}

std::vector<Part> parts_of(const RunOptions& options) {
    const std::vector<PlannedScenario> all = planned(options);
    const std::vector<std::size_t> places = picked_places(options.pick, all.size());
    double left = 0;
    for (const std::size_t place : places) {
        left += all[place].seconds;
    }
    std::vector<Part> parts;
    for (auto next = places.begin(); next != places.end();) {
        const double most = std::max(left / (2.0 * options.machines), kLeastSeconds);
        std::vector<std::size_t> chosen;
        Part part;
        for (double seconds = 0; next != places.end() && seconds < most; ++next) {
            seconds += all[*next].seconds;
            left -= all[*next].seconds;
            chosen.push_back(*next);
            part.names.push_back(all[*next].name);
        }
        part.pick = pick_text(chosen, all.size());
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace hm::host
