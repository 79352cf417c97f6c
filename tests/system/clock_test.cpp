// What a run calls its clock, and what it then compares.

#include <gtest/gtest.h>

#include <fstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(WallClock, RunsUnderTheLoadOfASecondCoreAndComparesNothing) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only timer --clock wall --set smp=2 --set load=core --set count=50");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(run.at("clock"), "emulator");
    EXPECT_TRUE(run.at("skipped").empty());
    for (const char* const delivery : {"native", "injected", "injected-soft", "direct"}) {
        const json end_to_end =
            row(run, "timer", delivery, "deadline..application", {{"stamps", 0}});
        EXPECT_EQ(end_to_end.at("count"), 50);
        EXPECT_EQ(end_to_end.at("unit"), "emulator ns");
    }
    EXPECT_TRUE(verdict(run, "budget").is_null()) << "instructions were not counted";
    EXPECT_EQ(finished.output.find("Beside other hypervisors"), std::string::npos);
}

TEST(WallClock, MemoryIsMeasuredInTheEmulatorsOwnTimeAndComparedWithNothing) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--only chase,pagefault,boot,parity --clock wall --set bytes=1M");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(row(run, "chase", "native", "load").at("unit"), "emulator ns/load");
    EXPECT_TRUE(verdict(run, "budget").is_null()) << "instructions were not counted";
    EXPECT_EQ(finished.output.find("273.75"), std::string::npos) << finished.output;
}

TEST(WallClock, BothLoadsAtOnceLoseNoInterrupt) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only timer --clock wall --set smp=2 --set load=all --set shares=20");
    EXPECT_EQ(finished.status, 0) << finished.output;
}

TEST(Clock, WithoutIcountTheRunFailsInsteadOfCallingItInstructions) {
    const ScratchFolder scratch;
    const std::string wrapper = (scratch / "qemu").string();
    std::ofstream(wrapper)
        << "#!/bin/bash\n"
           "args=()\n"
           "while (($#)); do\n"
           "  if [[ $1 == -icount ]]; then shift 2; else args+=(\"$1\"); shift; fi\n"
           "done\n"
           "exec qemu-system-arm \"${args[@]}\"\n";
    ASSERT_EQ(run("chmod +x " + wrapper).status, 0);
    const Finished finished = run_tool(scratch / "out", "--only hypercall --qemu " + wrapper);
    EXPECT_EQ(finished.status, 1) << finished.output;
    EXPECT_NE(finished.output.find("icount"), std::string::npos) << finished.output;
}

}  // namespace
}  // namespace hm::test
