// The second core as a load and for virtual CPUs, on machines with and without one.

#include <gtest/gtest.h>

#include "host/log/log_parser.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// The verdicts whose names begin so, all of which must hold.
std::size_t verdicts(const json& run, const std::string& begin) {
    std::size_t count = 0;
    for (const json& one : run.at("verdicts")) {
        if (one.at("name").get<std::string>().starts_with(begin)) {
            EXPECT_TRUE(one.at("ok").get<bool>()) << one;
            ++count;
        }
    }
    return count;
}

/// The cases with `cores` cores; the target's own words are in its log.
std::string run_cases(int cores) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--set smp=" + std::to_string(cores) +
                                                            " --image " + image("-second-core"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_GE(verdicts(run, "second core:"), 6U);
    EXPECT_GE(verdicts(run, "several CPUs:"), 21U);
    EXPECT_TRUE(read_text(scratch / "out" / "qemu.log").empty()) << "QEMU complained";
    return read_text(scratch / "out" / "uart.log");
}

std::size_t count_of(const std::string& what, const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

TEST(SecondCore, IsStartedStoppedAndStartedAgainWhereThereIsOne) {
    const std::string log = run_cases(2);
    EXPECT_EQ(count_of("several CPUs: ran on two cores", log), 18U);
    EXPECT_EQ(count_of("several CPUs: ran natively on two cores", log), 3U);
    EXPECT_NE(log.find("second core: the device tree names one"), std::string::npos);
    EXPECT_NE(log.find("second core: started and stopped three times"), std::string::npos);
}

TEST(SecondCore, IsNotMissedWhereThereIsNone) {
    const std::string log = run_cases(1);
    EXPECT_NE(log.find("second core: the device tree names none"), std::string::npos);
    EXPECT_EQ(log.find("second core: started"), std::string::npos);
    EXPECT_EQ(log.find("on two cores\n"), std::string::npos);
}

TEST(SecondCore, RunsBesideTheFirstOneWithoutTurns) {
    // Without icount QEMU gives each core a thread of the host. A wrong order of accesses can show
    // here; it cannot where the cores run in turn.
    constexpr int kRuns = 5;
    for (int i = 0; i < kRuns; ++i) {
        const Finished finished =
            run("timeout -k 5 60 qemu-system-arm -M virt,virtualization=on,gic-version=2 "
                "-cpu cortex-a15,cntfrq=1000000000 -smp 2 -nic none -nographic "
                "-d guest_errors,unimp -kernel " +
                image("-second-core") + " </dev/null");
        EXPECT_EQ(finished.status, 0) << finished.output;
        host::LogParser parser;
        parser.feed(finished.output);
        parser.finish();
        EXPECT_EQ(parser.log().faults, std::vector<std::string>());
        EXPECT_EQ(parser.log().end_ok, true) << finished.output;
        EXPECT_NE(finished.output.find("second core: started and stopped three times"),
                  std::string::npos)
            << finished.output;
    }
}

/// What workload exits says of an IPI to another core, on a machine with two.
TEST(SecondCore, AnIpiToItTakesTheSameInstructionsEachTime) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only exits --set exit=ipi-other-core --set smp=2 --set rounds=4");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    const auto instructions = [&run](const std::string& delivery) {
        const json found = row(run, "exits", delivery, "exit");
        EXPECT_EQ(found.at("count"), 200);
        EXPECT_EQ(found.at("min"), found.at("max"));
        EXPECT_EQ(found.at("unit"), "instructions");
        return found.at("max").get<double>();
    };
    const double native = instructions("native");
    const double injected = instructions("injected");
    EXPECT_GT(native, 5);
    // What two cores of the monitor must do at least, and the target (docs/floor.md).
    EXPECT_GT(injected, native + 73);
    EXPECT_LE(injected, 220);
    EXPECT_TRUE(read_text(scratch / "out" / "qemu.log").empty()) << "QEMU complained";
}

TEST(SecondCore, AllExitsAreMeasuredWithIt) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--set smp=2 --only exits");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_NE(finished.output.find("they were made with cores \"1\", and this run has \"2\""),
              std::string::npos)
        << finished.output;
    std::size_t scenarios = 0;
    const json recorded = results(scratch / "out");
    for (const json& row : recorded.at("results")) {
        scenarios += row.at("layer") == "exit" ? 1 : 0;
    }
    EXPECT_EQ(scenarios, 24U) << "all that the plan has";
}

}  // namespace
}  // namespace hm::test
