// What the tool makes of `guest ..` and of `run --only linux-..`.

#include <gtest/gtest.h>

#include "host/guest/guest_layout.hpp"
#include "tests/unit/host/cli/parsed.hpp"

namespace hm::host {
namespace {

GuestOptions guest_of(std::vector<std::string> more) {
    std::vector<std::string> words{"guest", "--kernel", "zImage"};
    words.insert(words.end(), more.begin(), more.end());
    const Options options = parse(words);
    const auto* const guest = std::get_if<GuestOptions>(&options);
    EXPECT_NE(guest, nullptr);
    return guest == nullptr ? GuestOptions{} : *guest;
}

std::string guest_refusal(std::vector<std::string> more) {
    std::vector<std::string> words{"guest", "--kernel", "zImage"};
    words.insert(words.end(), more.begin(), more.end());
    return refusal_of(words).line;
}

LinuxOptions linux_of(const std::vector<std::string>& words) {
    const Options options = parse(words);
    const auto* const found = std::get_if<LinuxOptions>(&options);
    EXPECT_NE(found, nullptr);
    return found == nullptr ? LinuxOptions{} : *found;
}

TEST(GuestWords, AKernelAloneRunsInTheMonitorWithOneCpu) {
    const GuestOptions guest = guest_of({});
    EXPECT_EQ(guest.host.image, "builds/virt/hypmeter-virt-foreign.elf");
    EXPECT_EQ(guest.host.shift, 0U);
    EXPECT_EQ(guest.host.cores, 1U);
    EXPECT_EQ(guest.host.time_limit, kNoTimeLimit);
    EXPECT_EQ(guest.machine.memory_base, 0x4000'0000U);
    EXPECT_EQ(guest.machine.memory_bytes, 256U << 20);
    EXPECT_EQ(guest.run.delivery, measure::Delivery::kInjected);
    EXPECT_EQ(guest.run.mapping, measure::Mapping::kPremapped2M);
    EXPECT_TRUE(guest.run.exits_are_counted);
    EXPECT_EQ(guest.out, "guest-results");
}

TEST(GuestWords, TwoCpusRunByThisComputersTime) {
    const GuestOptions guest = guest_of({"--cpus", "2"});
    EXPECT_EQ(guest.machine.cpus, 2U);
    EXPECT_EQ(guest.host.cores, 2U);
    EXPECT_FALSE(guest.host.shift);
    EXPECT_EQ(guest_of({"--cpus", "2", "--clock", "shift=8"}).host.shift, 8U);
    EXPECT_FALSE(guest_of({"--clock", "wall"}).host.shift);
}

TEST(GuestWords, ANativeGuestFindsTheBoardsDevices) {
    const GuestOptions guest = guest_of({"--native", "--board", "vexpress"});
    EXPECT_TRUE(guest.native);
    EXPECT_EQ(guest.run.delivery, measure::Delivery::kNative);
    EXPECT_EQ(guest.machine.memory_base, 0x8000'0000U);
    EXPECT_EQ(guest.machine.uart, 0x1c09'0000U);
    // SPI 5 (ARM DUI 0447, "Interrupts").
    EXPECT_EQ(guest.machine.uart_interrupt, 37U);
    EXPECT_EQ(guest_of({"--board", "vexpress"}).machine.memory_base, 0x4000'0000U);
}

TEST(GuestWords, AFileIsItsInputAndIsLookedFor) {
    const GuestOptions guest = guest_of({"--input", "typed"});
    EXPECT_EQ(guest.input, "typed");
    EXPECT_NE(guest.run.look_for_input, 0U);
    EXPECT_EQ(guest_of({"--delivery", "shared"}).run.look_for_input, 0U);
}

TEST(GuestWords, WhatCannotBeHadIsRefusedWithWhatIsValid) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"--memory", "100"},
             {"--memory", "2G"},
             {"--memory", "33M"},
             {"--delivery", "direct"},
             {"--delivery", "native"},
             {"--delivery", "dance"},
             {"--mapping", "none"},
             {"--mapping", "dance"},
             {"--clock", "shift=11"},
             {"--clock", "shift="},
             {"--clock", "dance"},
             {"--load", "here"},
             {"--entry", "0x100000000"},
             {"--cpus", "3"},
             {"--board", "arndale"},
             {"--board", "dance"},
             {"--native", "--delivery", "injected"},
             {"--cpus", "2", "--delivery", "shared"},
             {"--cpus", "2", "--mapping", "demand-4K"},
             {"--delivery", "shared", "--input", "typed"},
         }) {
        EXPECT_NE(guest_refusal(words), "") << words[1];
    }
    EXPECT_NE(refusal_of({"guest"}).line, "") << "without a kernel";
}

TEST(LinuxWords, ASelectionOfLinuxIsNoOtherRun) {
    const LinuxOptions found =
        linux_of({"run", "--only", "linux-cyclictest,linux-boot", "--out", "there"});
    ASSERT_EQ(found.workloads.size(), 2U);
    EXPECT_EQ(found.workloads[0]->name, "linux-cyclictest");
    EXPECT_EQ(found.folder, "builds/linux");
    EXPECT_EQ(found.out, "there");
    EXPECT_EQ(found.count, 200U);
    EXPECT_EQ(found.period_us, 30'000U);
}

// Table 1 of the paper: 120,000 wake-ups, 30 ms apart.
TEST(LinuxWords, SuitePaperHasThePapersNumbers) {
    const LinuxOptions paper = linux_of({"run", "--only", "linux-cyclictest", "--suite", "paper"});
    EXPECT_EQ(paper.count, 120'000U);
    EXPECT_EQ(paper.period_us, 30'000U);
    const LinuxOptions set =
        linux_of({"run", "--only", "linux-cyclictest", "--set", "count=7", "period=1000"});
    EXPECT_EQ(set.count, 7U);
    EXPECT_EQ(set.period_us, 1000U);
}

TEST(LinuxWords, WhatHasNoEffectIsRefused) {
    EXPECT_TRUE(has(refusal_of({"run", "--only", "linux-boot,timer"}).line, "timer"));
    EXPECT_TRUE(has(refusal_of({"run", "--only", "linux-boot", "--filter", "x"}).line, "--filter"));
    EXPECT_TRUE(
        has(refusal_of({"run", "--only", "linux-boot", "--set", "bytes=1M"}).line, "bytes"));
    EXPECT_TRUE(has(refusal_of({"run", "--only", "linux-lmbench"}).line, "--lmbench"));
    EXPECT_TRUE(has(refusal_of({"run", "--lmbench", "x"}).line, "--lmbench"));
    EXPECT_NE(refusal_of({"run", "--only", "linux-dance"}).line, "");
    EXPECT_NE(refusal_of({"run", "--only", "linux-boot", "--board", "vexpress"}).line, "");
}

}  // namespace
}  // namespace hm::host
