#include "host/rows/timer_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

/// Puts a row of `run` into its place.
void take(TimerRun& run, const Row& row) {
    const bool stamped = row.param("stamps") == "1";
    if (row.layer == kEndToEnd) {
        (stamped ? run.stamped : run.plain) = &row;
    } else if (run.shares_core() && row.layer == kSwitchedIn) {
        run.switched_in = &row;
    } else if (row.layer.find("..") != std::string::npos) {
        run.layers.push_back(&row);
    } else if (row.layer == "missed-periods") {
        run.missed += row.mean * static_cast<double>(row.count);
    } else if (row.layer == "unattributed") {
        run.unattributed = &row;
    } else if (row.layer == "other-work" && (run.other_work == nullptr || !stamped)) {
        run.other_work = &row;
    }
}

}  // namespace

bool TimerRun::shares_core() const {
    return first->delivery == "shared" || first->delivery == "boosted";
}

double TimerRun::slice_us() const { return std::strtod(param("slice_us").c_str(), nullptr); }

std::string TimerRun::delivery() const { return delivery_text(first->delivery, param("slice_us")); }

std::string TimerRun::name() const {
    return fmt::format("{} {} {}", param("wait"), param("load"), delivery());
}

Json conditions_of(const Json& params) {
    Json conditions = params;
    conditions.erase("stamps");
    return conditions;
}

std::string conditions_text(const TimerRuns& runs) {
    const TimerRun& first = runs.front();
    const Json conditions = conditions_of(first.first->params);
    std::string text;
    for (const auto& [key, value] : conditions.items()) {
        const char* name = key.c_str();
        const std::string said = first.param(name);
        if (std::all_of(runs.begin(), runs.end(),
                        [&](const TimerRun& run) { return run.param(name) == said; })) {
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, said);
        }
    }
    return fmt::format("{}, in {}", text,
                       first.stamped != nullptr ? first.stamped->unit : first.first->unit);
}

TimerRuns timer_runs(const std::vector<Row>& rows) {
    TimerRuns runs;
    for (const Row& row : rows) {
        if (row.workload != "timer") {
            continue;
        }
        auto run = std::find_if(runs.begin(), runs.end(), [&row](const TimerRun& known) {
            return known.first->setting() == row.setting() &&
                   conditions_of(known.first->params) == conditions_of(row.params);
        });
        if (run == runs.end()) {
            run = runs.insert(runs.end(), TimerRun{});
            run->first = &row;
        }
        take(*run, row);
    }
    return runs;
}

std::string delivery_text(const std::string& delivery, const std::string& slice_us) {
    constexpr double kMicrosecondsPerMillisecond = 1000;
    return slice_us.empty() ? delivery
                            : fmt::format("{} {} ms", delivery,
                                          number_text(std::strtod(slice_us.c_str(), nullptr) /
                                                      kMicrosecondsPerMillisecond));
}

const TimerRun* native_of(const TimerRuns& runs, const TimerRun& run) {
    const auto find = [&runs](auto fits) -> const TimerRun* {
        const auto found = std::find_if(runs.begin(), runs.end(), [&](const TimerRun& other) {
            return other.native() && fits(other);
        });
        return found == runs.end() ? nullptr : &*found;
    };
    const auto idle = [](const TimerRun& other, const std::string& wait) {
        return other.param("load") == "idle" && other.param("wait") == wait;
    };
    if (const TimerRun* same = find([&](const TimerRun& other) {
            return conditions_of(other.first->params) == conditions_of(run.first->params);
        })) {
        return same;
    }
    if (const TimerRun* alike =
            find([&](const TimerRun& other) { return idle(other, run.param("wait")); })) {
        return alike;
    }
    return find([&](const TimerRun& other) { return idle(other, "wfi"); });
}

}  // namespace hm::host
