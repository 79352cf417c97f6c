// The image for Allwinner's H3 on QEMU's model of it, entered in HYP and in Secure state.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

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

TEST(OrangePi, TheSecondCoreRunsAndStopsAndRunsAgainAfterEitherEntry) {
    // By QEMU's PSCI, and by CPUCFG: then it waits in the pen in between.
    for (const char* const entry : {"hyp", "secure"}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(
            scratch / "out", std::string("--board orangepi --clock wall --only timer --set "
                                         "load=core --set count=20 --entry ") +
                                 entry);
        EXPECT_EQ(finished.status, 0) << finished.output;
        const json run = results(scratch / "out");
        EXPECT_TRUE(run.at("skipped").empty()) << run.at("skipped");
        EXPECT_FALSE(run.at("results").empty());
    }
}

TEST(OrangePi, ACoreThatWaitsInTheMachineIsNotCounted) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--board orangepi --entry secure --only exits --set exit=ipi-other-core");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_TRUE(run.at("results").empty());
    EXPECT_NE(finished.output.find("icount runs the cores in turn"), std::string::npos)
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
