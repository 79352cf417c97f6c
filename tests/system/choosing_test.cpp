// Scenarios that are chosen, and runs that are repeated and compared.

#include <gtest/gtest.h>

#include <fstream>

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
    EXPECT_NE(listed.output.find("26 scenarios (hypercall 2, exits 24)"), std::string::npos)
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

/// A results file of the guest alone, whose rows take `value` under `under`.
void write_alone(const std::filesystem::path& file, const std::string& under, int value) {
    json rows = json::array();
    const auto add = [&](const char* workload, const json& params, const char* layer) {
        rows.push_back({{"workload", workload},
                        {"regime", "alone"},
                        {"delivery", "alone"},
                        {"params", params},
                        {"layer", layer},
                        {"unit", "instructions"},
                        {"count", 40},
                        {"min", value},
                        {"mean", value},
                        {"p50", value},
                        {"p95", value},
                        {"max", value},
                        {"histogram", {{value, 40}}}});
    };
    add("exits", {{"exit", "psci-version"}}, "exit");
    add("timer", {{"wait", "wfi"}, {"load", "idle"}, {"stamps", 0}}, "deadline..application");
    const json results{
        {"schema", 1},
        {"version", "0.1.0"},
        {"board", "alone"},
        {"machine", "linux,dummy-virt"},
        {"clock", "instructions"},
        {"models", {{"caches", false}, {"tlb", false}}},
        {"pmu_events", json::array()},
        {"guest_crc32", {{"native", nullptr}, {"guest", nullptr}}},
        {"parameters", {{"suite", "quick"}, {"under", under}, {"clock_register", "CNTVCT"}}},
        {"results", rows},
        {"worst", json::array()},
        {"skipped", json::array()},
        {"verdicts", {{{"name", "log complete"}, {"ok", true}, {"detail", ""}}}},
        {"host", json::object()}};
    std::ofstream(file) << results.dump();
}

TEST(Choosing, HypervisorsThatWereMeasuredElsewhereStandSideBySide) {
    const ScratchFolder scratch;
    std::string command = std::string(HYPMETER_TOOL) + " compare";
    for (const auto& [under, value] :
         {std::pair{"native", 4}, std::pair{"monitor", 30}, std::pair{"my-own", 600}}) {
        const std::filesystem::path file = scratch / (std::string(under) + ".json");
        write_alone(file, under, value);
        command += " " + quoted(file);
    }
    const Finished compared = run(command);
    EXPECT_EQ(compared.status, 0) << compared.output;
    EXPECT_NE(compared.output.find("operation          under    mean  x native  p50  p95  max\n"
                                   "PSCI_VERSION call  native      4      1.00    4    4    4\n"
                                   "                   monitor    30      7.50   30   30   30\n"
                                   "                   my-own    600       150  600  600  600\n"
                                   "timer, from WFI    native      4      1.00    4    4    4\n"),
              std::string::npos)
        << compared.output;
    const Finished csv = run(command + " --format csv");
    EXPECT_EQ(csv.status, 0) << csv.output;
    EXPECT_NE(csv.output.find("PSCI_VERSION call,my-own,instructions,native,600,150,600,600,600\n"),
              std::string::npos)
        << csv.output;
}

}  // namespace
}  // namespace hm::test
