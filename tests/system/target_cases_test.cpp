// The cases that run in the monitor.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(TargetCases, AllHold) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-cases"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_FALSE(verdict(run, "translation: the CPU agrees").is_null());
    EXPECT_GE(run.at("verdicts").size(), 15U);
}

TEST(TargetCases, AllHoldForGuestsThatWreckWhatTheyCanReach) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-wrecking"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_GE(results(scratch / "out").at("verdicts").size(), 12U);
}

TEST(TargetCasesOfGigabytes, AllHoldWhereBlocksOfOneGigabyteCanBeToo) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--set memory=3G --image " + image("-cases"));
    EXPECT_EQ(finished.status, 0) << finished.output;
}

}  // namespace
}  // namespace hm::test
