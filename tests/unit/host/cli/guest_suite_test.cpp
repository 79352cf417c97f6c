#include "host/guest/kvm_unit_tests.hpp"
#include "measure/setting.hpp"
#include "tests/unit/host/cli/parsed.hpp"

namespace hm::host {
namespace {

GuestSuiteOptions suite_of(std::vector<std::string> words) {
    words.insert(words.begin(), {"guest", "--suite", "kvm-unit-tests:there"});
    const Options options = parse(std::move(words));
    const auto* suite = std::get_if<GuestSuiteOptions>(&options);
    EXPECT_NE(suite, nullptr);
    return suite == nullptr ? GuestSuiteOptions{} : *suite;
}

TEST(GuestSuiteOptions, ASuiteRunsNativelyAndInTheMonitorWithALimitForEachTest) {
    const GuestSuiteOptions options = suite_of({"--delivery", "injected-soft"});
    EXPECT_EQ(options.suite.folder, "there");
    EXPECT_EQ(options.suite.out, "guest-results");
    EXPECT_EQ(options.suite.host.time_limit.count(), 60);
    EXPECT_EQ(options.suite.host.image, "builds/virt/hypmeter-virt-foreign.elf");
    EXPECT_EQ(options.suite.natively.run.delivery, measure::Delivery::kNative);
    EXPECT_EQ(options.suite.natively.run.mapping, measure::Mapping::kNone);
    ASSERT_TRUE(options.suite.in_monitor.has_value());
    EXPECT_EQ(options.suite.in_monitor->run.delivery, measure::Delivery::kInjectedSoft);
    EXPECT_EQ(options.suite.in_monitor->run.look_for_input, 0U);
    EXPECT_EQ(options.format->name, "text");
}

TEST(GuestSuiteOptions, NativeLeavesTheMonitorOut) {
    const GuestSuiteOptions options =
        suite_of({"--native", "--format", "tap", "--time-limit", "7", "--out", "o"});
    EXPECT_FALSE(options.suite.in_monitor.has_value());
    EXPECT_EQ(options.format->name, "tap");
    EXPECT_EQ(options.suite.host.time_limit.count(), 7);
    EXPECT_EQ(options.suite.out, "o");
}

TEST(GuestSuiteOptions, WhatTheTestsDecideIsRefused) {
    for (const char* const name : {"--kernel", "--initrd", "--append", "--load", "--entry",
                                   "--memory", "--clock", "--input", "--write"}) {
        EXPECT_TRUE(
            has(refusal_of({"guest", "--suite", "kvm-unit-tests:there", name, "x"}).line, name))
            << name;
    }
    EXPECT_TRUE(has(refusal_of({"guest", "--suite", "kvm-unit-tests:there", "--cpus", "2"}).line,
                    "--cpus"));
    EXPECT_TRUE(has(refusal_of({"guest", "--kernel", "k", "--format", "tap"}).line, "--suite"));
}

TEST(GuestSuiteOptions, WhatIsUnknownIsRefusedWithWhatIsValid) {
    for (const char* const name : {"quick", "kvm-unit-tests", "kvm-unit-tests:"}) {
        const UsageError refusal = refusal_of({"guest", "--suite", name});
        EXPECT_EQ(refusal.line, "unknown suite \"" + std::string(name) + "\"");
        EXPECT_EQ(refusal.valid, "suites: kvm-unit-tests:FOLDER\n");
    }
    EXPECT_EQ(refusal_of({"guest", "--suite", "kvm-unit-tests:there", "--format", "html"}).valid,
              "formats: text, tap, junit, json\n");
    EXPECT_EQ(refusal_of({"guest", "--suite", "kvm-unit-tests:there", "--board", "vexpress"}).valid,
              "boards for --suite: virt\n");
    EXPECT_TRUE(
        has(refusal_of({"guest", "--suite", "kvm-unit-tests:there", "--delivery", "shared"}).line,
            "is for one CPU"));
    EXPECT_EQ(refusal_of({"guest"}).line, "no guest is named");
}

}  // namespace
}  // namespace hm::host
