// What the project gives to farms of boards, under the engines of such farms.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"
#include "tests/system/uboot_machine.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

const std::string kFarm = std::string(HYPMETER_SOURCE_DIR) + "/lab/";

TEST(Farm, JobsForLavaHaveItsFormAndFindEveryScenario) {
    const ScratchFolder scratch;
    const Finished measured = run_tool(scratch / "out", "--only hypercall,parity");
    ASSERT_EQ(measured.status, 0) << measured.output;
    const Finished finished =
        run(std::string(HYPMETER_SOURCE_DIR) + "/tests/lab/jobs.py " +
            (scratch / "out" / "uart.log").string() + " " + kFarm + "lava/*.yaml");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_NE(finished.output.find("2 jobs find "), std::string::npos) << finished.output;
}

TEST(Farm, LabgridBootsATargetAndTheToolReadsWhatItSays) {
    const ScratchFolder scratch;
    make_disk(scratch / "");
    const std::string out = scratch / "out";
    const Finished finished =
        run("cd " + (scratch / "").string() + " && " + kFarm + "labgrid/run.py " + kFarm +
            "labgrid/qemu.yaml suite=quick only=hypercall | " + HYPMETER_TOOL +
            " run --board virt --machine log:- --out " + out);
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(out);
    EXPECT_EQ(run.at("clock"), "instructions");
    EXPECT_FALSE(run.at("results").empty());
    for (const json& one : run.at("results")) {
        EXPECT_EQ(one.at("workload"), "hypercall");
    }
}

}  // namespace
}  // namespace hm::test
