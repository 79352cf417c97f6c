// Guests and monitors that hang, stray or die: what they cost, and what is said of them.

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(Misbehaviour, AGuestThatHangsIsEndedAndTheOthersAreStillMeasured) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out",
                 "--only timer,hypercall --set load=idle --set hang=1 --set watchdog=50000000");
    EXPECT_EQ(finished.status, 1);
    EXPECT_NE(finished.output.find("watchdog"), std::string::npos) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(row(run, "timer", "native", "deadline..application").at("count"), 1000);
    EXPECT_EQ(row(run, "timer", "injected", "deadline..application").at("count"), 1000);
    EXPECT_EQ(row(run, "hypercall", "injected", "call").at("count"), 1000);
}

TEST(Misbehaviour, AGuestThatNoInterruptEndsIsNoticedAndCostsOneScenario) {
    const ScratchFolder scratch;
    ASSERT_EQ(run_tool(scratch / "clean", "--only hypercall").status, 0);
    const Finished finished = run_tool(scratch / "out", "--only hypercall --set freeze=1");
    EXPECT_EQ(finished.status, 1);
    const json clean = results(scratch / "clean");
    const json run = results(scratch / "out");
    // What ran in a new machine is to the byte what it is otherwise.
    EXPECT_EQ(run.at("results"), clean.at("results"));
    EXPECT_EQ(run.at("host").at("new_machines"), 2);
    for (const char* const setting : {"native/native", "nested/injected"}) {
        const json lost = verdict(run, std::string("scenario freeze ") + setting);
        ASSERT_FALSE(lost.is_null());
        EXPECT_FALSE(lost.at("ok").get<bool>());
        EXPECT_NE(lost.at("detail").get<std::string>().find("its machine hung"), std::string::npos)
            << lost;
    }
    EXPECT_TRUE(verdict(run, "log complete").at("ok").get<bool>());
}

TEST(Misbehaviour, AGuestThatStraysIsStoppedWithItsSyndromeInWords) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--only hypercall --set stray=1");
    EXPECT_EQ(finished.status, 1);
    EXPECT_NE(finished.output.find("translation fault"), std::string::npos) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_EQ(row(run, "hypercall", "injected", "call").at("count"), 1000);
}

TEST(Misbehaviour, AMonitorKilledMidRunSaysWhereItStopped) {
    const ScratchFolder scratch;
    const std::string wrapper = (scratch / "qemu").string();
    std::ofstream(wrapper) << "#!/bin/sh\n"
                              "case \"$*\" in *from=*) exec qemu-system-arm \"$@\";; esac\n"
                              "qemu-system-arm \"$@\" &\n"
                              "child=$!\n"
                              "sleep 4\n"
                              "kill -9 $child\n"
                              "wait $child\n";
    ASSERT_EQ(run("chmod +x " + wrapper).status, 0);
    const Finished finished = run_tool(
        scratch / "out", "--suite paper --only chase,timer --time-limit 12 --qemu " + wrapper);
    EXPECT_EQ(finished.status, 1);
    // Which one depends on how fast the computer is.
    EXPECT_TRUE(std::regex_search(finished.output, std::regex("in scenario\\s+\"chase stage1=")))
        << "it does not name a scenario: " << finished.output;
    const json run = results(scratch / "out");
    const json log = verdict(run, "log complete");
    ASSERT_FALSE(log.is_null());
    EXPECT_FALSE(log.at("ok").get<bool>());
    // It costs the scenario that ran; a new machine went on until the time limit.
    EXPECT_EQ(run.at("host").at("new_machines"), 1);
    EXPECT_TRUE(std::regex_search(finished.output,
                                  std::regex("scenario \"chase stage1=.*\": its machine ended: "
                                             "exit status 137; the rest of the plan went")))
        << finished.output;
}

TEST(Misbehaviour, AFaultInHypPrintsItsRegistersAndFails) {
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu cortex-a15 "
            "-nic none -nographic -kernel " +
            image("-fault") + " </dev/null");
    EXPECT_EQ(finished.status, 0) << "it has not turned the machine off: " << finished.output;
    EXPECT_EQ(finished.output.find(R"("record":"end")"), std::string::npos) << finished.output;
    EXPECT_NE(finished.output.find("fault in HYP: data abort"), std::string::npos);
    EXPECT_NE(finished.output.find("translation fault, level 3, write of 4 bytes"),
              std::string::npos)
        << finished.output;
    EXPECT_NE(finished.output.find("HDFAR"), std::string::npos);
}

}  // namespace
}  // namespace hm::test
