// The image of each board on QEMU's model of it, entered in HYP and in Secure state.

#include <gtest/gtest.h>

#include <filesystem>

#include "host/machine/boards.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// The boards that QEMU has a machine for; with `golden`, those that have golden values, but for
/// virt, whose values QuickRun compares.
std::vector<const host::Board*> machines_of_qemu(bool golden) {
    std::vector<const host::Board*> found;
    for (const host::Board* const board : host::boards()) {
        const std::filesystem::path values =
            std::filesystem::path(HYPMETER_SOURCE_DIR "/board") / board->name / "golden.txt";
        if (board->has_qemu() &&
            (!golden || (board->name != "virt" && std::filesystem::exists(values)))) {
            found.push_back(board);
        }
    }
    return found;
}

std::string name_of(const testing::TestParamInfo<const host::Board*>& info) {
    return std::string(info.param->name);
}

class EveryBoard : public testing::TestWithParam<const host::Board*> {
  protected:
    /// Of a run that must succeed, of which nothing may be skipped.
    static json run_on_it(const std::string& words) {
        const ScratchFolder scratch;
        const Finished finished =
            run_tool(scratch / "out", "--board " + std::string(GetParam()->name) + " " + words);
        EXPECT_EQ(finished.status, 0) << finished.output;
        json run = results(scratch / "out");
        EXPECT_EQ(run.at("board"), GetParam()->name);
        EXPECT_TRUE(run.at("skipped").empty()) << run.at("skipped");
        EXPECT_FALSE(run.at("results").empty());
        return run;
    }
};
INSTANTIATE_TEST_SUITE_P(, EveryBoard, testing::ValuesIn(machines_of_qemu(false)), name_of);

TEST_P(EveryBoard, RunsInEitherStateOfEntry) {
    const json hyp = run_on_it("--only hypercall --entry hyp");
    const json secure = run_on_it("--only hypercall --entry secure");
    EXPECT_EQ(hyp.at("machine"), secure.at("machine"));
    // One hypercall takes as long wherever the image came from.
    EXPECT_EQ(row(hyp, "hypercall", "injected", "call", {{"path", "null-fast"}}).at("mean"),
              row(secure, "hypercall", "injected", "call", {{"path", "null-fast"}}).at("mean"));
}

TEST_P(EveryBoard, HasASecondCoreThatLoadsTheMachine) {
    // A machine that always has several cores takes no number of them.
    const std::string cores = GetParam()->qemu.cores == 0 ? "smp=2 " : "";
    run_on_it("--clock wall --only timer --set " + cores + "load=core --set count=20 --entry hyp");
}

class GoldenValues : public testing::TestWithParam<const host::Board*> {};
INSTANTIATE_TEST_SUITE_P(, GoldenValues, testing::ValuesIn(machines_of_qemu(true)), name_of);

TEST_P(GoldenValues, AreThoseOfSuiteQuick) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--board " + std::string(GetParam()->name));
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    const json judged = verdict(run, "golden values");
    if (judged.is_null()) {
        ASSERT_TRUE(run.at("host").contains("golden")) << "neither a verdict nor a reason";
        GTEST_SKIP() << run.at("host").at("golden");
    }
    EXPECT_TRUE(judged.at("ok")) << judged;
}

TEST(OrangePi, TheWayOfEntryGivesTheRouteOfTheHypTimer) {
    // After a Non-secure entry FIQs are the loader's: HYP's timer comes as an IRQ, which takes some
    // instructions to tell from a guest's interrupt, and watches no guest that has IRQs for itself.
    const std::string few =
        "--board orangepi --only timer --set load=idle --set wait=spin --set count=20 --golden "
        "none";
    double injected[2]{};
    for (const bool secure : {false, true}) {
        const ScratchFolder scratch;
        const Finished finished =
            run_tool(scratch / "out", few + (secure ? " --entry secure" : " --entry hyp"));
        ASSERT_EQ(finished.status, 0) << finished.output;
        const json run = results(scratch / "out");
        EXPECT_EQ(run.at("machine"), "QEMU orangepi-pc");
        EXPECT_EQ(run.at("registers").at("MIDR"), 0x410F'C075U);
        EXPECT_FALSE(run.at("registers").contains("L2PFR")) << "that is Cortex-A15's";
        injected[secure ? 1 : 0] =
            row(run, "timer", "injected", "hyp-instructions").at("mean").get<double>();
    }
    EXPECT_GT(injected[0], injected[1]);
}

TEST(OrangePi, AfterASecureEntryTheSecondCoreRunsAndStopsAndRunsAgain) {
    // By CPUCFG: then it waits in the pen in between.
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out",
                 "--board orangepi --clock wall --only timer --set load=core --set count=20 "
                 "--entry secure");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_TRUE(run.at("skipped").empty()) << run.at("skipped");
    EXPECT_FALSE(run.at("results").empty());
}

TEST(OrangePi, ACoreThatWaitsInTheMachineIsNotCounted) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--board orangepi --entry secure --only exits --set exit=ipi-other-core");
    EXPECT_EQ(finished.status, 1) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_TRUE(run.at("results").empty());
    EXPECT_NE(finished.output.find("icount runs the cores in turn"), std::string::npos)
        << finished.output;
}

TEST(OrangePi, WhereNoTlbIsModelledNoneIsRead) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--board orangepi --entry secure --only tlb --set regime=nested");
    EXPECT_EQ(finished.status, 1) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_TRUE(run.at("results").empty());
    EXPECT_FALSE(run.contains("tlb"));
    EXPECT_EQ(run.at("skipped").size(), 10U) << "five kinds of tables, two sizes";
    EXPECT_NE(finished.output.find("this machine models no TLBs: there is nothing to read"),
              std::string::npos)
        << finished.output;
}

TEST(OrangePi, ACoreThatNobodyKnowsIsRefusedInOneLine) {
    const Finished finished =
        run("timeout 5 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu max -nic none "
            "-nographic -monitor none -serial stdio -kernel " +
            image() + " -append suite=quick | head -n 1");
    EXPECT_NE(finished.output.find(": this is none of the cores whose registers and errata are "
                                   "known: Cortex-A15, Cortex-A7"),
              std::string::npos)
        << finished.output;
}

}  // namespace
}  // namespace hm::test
