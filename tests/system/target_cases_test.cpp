// The cases that run in the monitor.

#include <gtest/gtest.h>

#include <sstream>

#include "host/log/log_parser.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

/// Lines of the log that have `words` in them, without their line ends.
std::vector<std::string> lines_with(const std::string& log, const std::string& words) {
    std::vector<std::string> found;
    std::istringstream all(log);
    for (std::string line; std::getline(all, line);) {
        if (line.find(words) != std::string::npos) {
            found.push_back(line.substr(0, line.find('\r')));
        }
    }
    return found;
}

/// What the guests of tests/target/uart_cases.cpp print, in the order of the cases.
std::vector<std::string> guests_lines() {
    std::vector<std::string> lines{
        "uart case: Hello from the guest",
        "uart case: ",
        "uart case: and again",
        "uart case: a line that never ends",
        R"(uart case: @hypmeter {"record":"end","seq":1,"ok":true,"records":1} crc=01779bd3)",
        R"(uart case: {"record":"end"})",
        "uart case: hypmeter: nothing more will come",
        "uart case: x@hypmeter {}",
        R"(uart case: \x1b[2J\x1b]0;title\x07\x08\xc2\xa4)"};
    lines.insert(lines.end(), 100, "uart case: " + std::string(100, 'x'));
    lines.emplace_back("uart case: bytes");
    for (const char* line : {"Hello from the guest", "", "and again"}) {
        lines.push_back(std::string("uart case: ") + line);
    }
    return lines;
}

TEST(TargetCases, AllHold) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-cases"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    EXPECT_FALSE(verdict(run, "translation: the CPU agrees").is_null());
    EXPECT_GE(run.at("verdicts").size(), 15U);
    const std::string log = read_text(scratch / "out" / "uart.log");
    EXPECT_EQ(lines_with(log, "uart case"), guests_lines());
    EXPECT_NE(log.find("ThumbEE: the core has it"), std::string::npos);
    EXPECT_EQ(log.find("passed device: this machine has none"), std::string::npos);
}

TEST(TargetCases, AGuestHearsWhatIsTyped) {
    const Finished finished =
        run("while sleep 0.1; do printf z || break; done | timeout -k 5 60 qemu-system-arm "
            "-M virt,virtualization=on,gic-version=2 -cpu cortex-a15,cntfrq=1000000000 "
            "-icount shift=0,sleep=off -m 1024 -nic none -nographic -kernel " +
            image("-cases"));
    EXPECT_EQ(lines_with(finished.output, "uart: the guest heard"),
              std::vector<std::string>{"uart: the guest heard z"})
        << finished.output;
}

// Other cases need a Cortex-A15. This one takes a core of QEMU's that has no ThumbEE, and lets it
// say that it is one: a core that nobody knows is refused.
TEST(TargetCases, ThumbEeIsUndefinedWhereTheCoreHasNone) {
    const Finished finished =
        run("timeout -k 5 60 qemu-system-arm -M virt,virtualization=on,gic-version=2 "
            "-cpu max,midr=0x412fc0f1,cntfrq=1000000000 -icount shift=0,sleep=off -m 1024 "
            "-nic none -nographic -kernel " +
            image("-cases") + " </dev/null");
    host::LogParser parser;
    parser.feed(finished.output);
    parser.finish();
    EXPECT_NE(finished.output.find("ThumbEE: the core has none"), std::string::npos)
        << finished.output;
    std::size_t held = 0;
    for (const auto& verdict : parser.log().verdicts) {
        if (verdict.name.starts_with("ThumbEE:")) {
            EXPECT_TRUE(verdict.ok) << verdict.name;
            ++held;
        }
    }
    EXPECT_EQ(held, 7U);
    EXPECT_TRUE(parser.log().end_ok) << finished.output;
}

TEST(TargetCases, AllHoldForGuestsThatWreckWhatTheyCanReach) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--image " + image("-wrecking"));
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_GE(results(scratch / "out").at("verdicts").size(), 12U);
}

TEST(TargetCasesOfGigabytes, AllHoldWhereBlocksOfOneGigabyteCanBeToo) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out", "--set memory=3G --image " + image("-cases"));
    EXPECT_EQ(finished.status, 0) << finished.output;
}

}  // namespace
}  // namespace hm::test
