// How a run ends, and its machine with it.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// A stand-in for QEMU that boots another machine than it is asked for.
std::string qemu_with(const ScratchFolder& scratch, const std::string& asked,
                      const std::string& given) {
    const std::string wrapper = (scratch / "qemu").string();
    std::ofstream(wrapper) << "#!/bin/bash\nexec qemu-system-arm \"${@//" << asked << "/" << given
                           << "}\"\n";
    EXPECT_EQ(run("chmod +x " + wrapper).status, 0);
    return wrapper;
}

TEST(Endings, ARefusalOfTheTargetEndsTheRunAtOnceWithItsWords) {
    // By itself; and on a machine that the target cannot turn off.
    for (const char* const machine : {"", "--entry secure ", "--board vexpress "}) {
        const ScratchFolder scratch;
        const Finished finished =
            run_tool(scratch / "out", machine + std::string("--time-limit 60 --qemu ") +
                                          qemu_with(scratch, "suite=quick", "bogus=1"));
        EXPECT_EQ(finished.status, 1) << finished.output;
        EXPECT_NE(finished.output.find("target: hypmeter: unknown key: bogus=1"), std::string::npos)
            << finished.output;
        EXPECT_EQ(finished.output.find("time limit"), std::string::npos) << finished.output;
        EXPECT_EQ(finished.output.find("nothing more will come"), std::string::npos)
            << "the line is for programs: " << finished.output;
    }
}

TEST(Endings, AFaultInHypEndsARunThatFails) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-fault"));
    EXPECT_EQ(finished.status, 1) << finished.output;
    EXPECT_NE(finished.output.find("target: hypmeter: fault in HYP: data abort"), std::string::npos)
        << finished.output;
    EXPECT_FALSE(verdict(results(scratch / "out"), "machine ended").at("ok").get<bool>());
}

TEST(Endings, EveryMachineIsEndedAfterItsLastRecord) {
    for (const char* const machine :
         {"", "--entry secure", "--board vexpress", "--board vexpress --entry hyp"}) {
        const ScratchFolder scratch;
        const Finished finished =
            run_tool(scratch / "out", std::string("--only hypercall ") + machine);
        EXPECT_EQ(finished.status, 0) << finished.output;
        EXPECT_EQ(verdict(results(scratch / "out"), "machine ended").at("detail"), "exit status 0")
            << machine;
    }
}

TEST(Endings, ATargetThatWouldLingerDoesNotKeepTheHostWaiting) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--only hypercall --set linger=600 --time-limit 120");
    EXPECT_EQ(finished.status, 0) << finished.output;
}

TEST(Endings, QemuRunsInItsSandboxWhereItHasOne) {
    const ScratchFolder scratch;
    ASSERT_EQ(run_tool(scratch / "out", "--only hypercall").status, 0);
    const json host = results(scratch / "out").at("host");
    constexpr const char* kPolicy =
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";
    const bool has_one =
        run("qemu-system-arm -sandbox " + std::string(kPolicy) + " -M help >/dev/null").status == 0;
    const json& command = host.at("command");
    EXPECT_EQ(host.at("qemu").at("sandbox"), has_one);
    EXPECT_EQ(std::count(command.begin(), command.end(), kPolicy), has_one ? 1 : 0);
}

}  // namespace
}  // namespace hm::test
