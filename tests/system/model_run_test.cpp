// Suites model and time, which are for machines that take long for each instruction.

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

#include "measure/workload/table.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(ModelRun, TakesNoMoreThanTwentyMillionInstructions) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--suite model");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    // Start-up, guests' loading and all printing among them; waits in WFI are none.
    const auto instructions = run.at("host").at("instructions").get<std::uint64_t>();
    EXPECT_LE(instructions, 20'000'000U);
    EXPECT_GT(instructions, 10'000'000U) << "what was counted is not the whole run";
    std::set<std::string> workloads;
    for (const json& one : run.at("results")) {
        workloads.insert(one.at("workload"));
    }
    EXPECT_GE(workloads.size(), 6U);
    for (const measure::Workload* const workload : measure::kWorkloads) {
        if (workload->meaning != nullptr && !workload->on_request) {
            EXPECT_TRUE(workloads.contains(workload->name)) << workload->name << " is left out";
        }
    }
}

TEST(ModelRun, SuitesOfModelsThatHaveTimeTakeNoMoreThanTheySay) {
    for (const auto& [suite, most] : {std::pair{"time", 100'000'000U}, {"tables", 250'000'000U}}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(scratch / "out", std::string("--suite ") + suite);
        EXPECT_EQ(finished.status, 0) << finished.output;
        const auto instructions =
            results(scratch / "out").at("host").at("instructions").get<std::uint64_t>();
        EXPECT_LE(instructions, most) << suite;
        EXPECT_GT(instructions, most / 2) << suite << ": what was counted is not the whole run";
    }
}

}  // namespace
}  // namespace hm::test
