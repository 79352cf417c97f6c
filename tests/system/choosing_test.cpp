// Scenarios that are chosen, and runs that are repeated and compared.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(Choosing, AFilterRunsJustTheScenariosThatADryRunLists) {
    const ScratchFolder scratch;
    const std::string filter = " --filter '^(exits|hypercall path=null)'";
    const Finished listed = run(std::string(HYPMETER_TOOL) + " list --scenarios" + filter);
    EXPECT_EQ(listed.status, 0) << listed.output;
    const Finished finished = run_tool(scratch / "out", filter);
    EXPECT_EQ(finished.status, 0) << finished.output;
    std::size_t scenarios = 0;
    const json recorded = results(scratch / "out");
    for (const json& row : recorded.at("results")) {
        EXPECT_TRUE(row.at("workload") == "exits" || row.at("workload") == "hypercall") << row;
        scenarios += row.at("layer") == "pl-instructions" ? 1 : 0;
    }
    EXPECT_EQ(scenarios, 21U) << "two paths, ten exits of one CPU in one delivery, one in three, "
                                 "and six of them natively";
    EXPECT_NE(listed.output.find("24 scenarios (hypercall 2, exits 22)"), std::string::npos)
        << listed.output;
    // The counts are those of a whole run.
    EXPECT_EQ(
        row(recorded, "hypercall", "injected", "hyp-instructions", json{{"path", "null-fast"}})
            .at("mean"),
        7);
}

TEST(Choosing, RepeatedRunsAreComparedByTheirMeans) {
    const ScratchFolder scratch;
    for (const char* const side : {"a", "b"}) {
        const Finished finished =
            run_tool(scratch / side, "--clock wall --only hypercall --repeat 3");
        ASSERT_EQ(finished.status, 0) << finished.output;
        EXPECT_NE(finished.output.find("Run 3 of 3"), std::string::npos);
    }
    const Finished compared = run(std::string(HYPMETER_TOOL) + " compare " + quoted(scratch / "a") +
                                  " " + quoted(scratch / "b"));
    EXPECT_EQ(compared.status, 0) << compared.output;
    EXPECT_NE(compared.output.find("Welch's t"), std::string::npos) << compared.output;
    EXPECT_NE(compared.output.find("3 runs"), std::string::npos) << compared.output;
}

}  // namespace
}  // namespace hm::test
