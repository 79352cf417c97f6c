#include "host/machine/parts.hpp"

#include <gtest/gtest.h>

#include "host/machine/planned.hpp"
#include "host/machine/qemu.hpp"

namespace hm::host {
namespace {

RunOptions options_of(measure::Suite suite) {
    RunOptions options;
    options.board = boards().front();
    options.machine.kind = &kQemu;
    options.suite = suite;
    options.machines = 2;
    return options;
}

std::vector<std::string> names_of_parts(const RunOptions& options) {
    std::vector<std::string> names;
    for (const Part& part : parts_of(options)) {
        names.insert(names.end(), part.names.begin(), part.names.end());
    }
    return names;
}

TEST(HostPlanInParts, HasEachScenarioOnceAndInItsOrder) {
    const RunOptions options = options_of(measure::Suite::kPaper);
    std::vector<std::string> wanted;
    for (const PlannedScenario& scenario : planned(options)) {
        wanted.push_back(scenario.name);
    }
    EXPECT_EQ(names_of_parts(options), wanted);
    EXPECT_GT(parts_of(options).size(), 4U);
}

TEST(HostPlanInParts, KeepsToWhatWasPicked) {
    RunOptions options = options_of(measure::Suite::kPaper);
    const auto all = planned(options);
    options.pick = {3, 40, all.size() - 1};
    const std::vector<std::string> wanted{all[3].name, all[40].name, all.back().name};
    EXPECT_EQ(names_of_parts(options), wanted);
}

TEST(HostPlanInParts, IsForExactClocksOnly) {
    RunOptions options = options_of(measure::Suite::kPaper);
    EXPECT_TRUE(can_run_side_by_side(options));
    options.clock = ClockSource::kWall;
    EXPECT_FALSE(can_run_side_by_side(options));
}

TEST(Parts, OnlyALongPlanWhoseClockCountsGetsSeveralMachines) {
    EXPECT_EQ(machines_for(options_of(measure::Suite::kPaper), 2), 2U);
    EXPECT_EQ(machines_for(options_of(measure::Suite::kPaper), 64), 4U);
    EXPECT_EQ(machines_for(options_of(measure::Suite::kPaper), 1), 1U);
    EXPECT_EQ(machines_for(options_of(measure::Suite::kPaper), 0), 1U) << "the number is not known";
    EXPECT_EQ(machines_for(options_of(measure::Suite::kQuick), 4), 1U);
    RunOptions few = options_of(measure::Suite::kPaper);
    few.pick = {0, 1};
    EXPECT_EQ(machines_for(few, 4), 1U);
    RunOptions time = options_of(measure::Suite::kPaper);
    time.clock = ClockSource::kWall;
    EXPECT_EQ(machines_for(time, 4), 1U);
}

}  // namespace
}  // namespace hm::host
