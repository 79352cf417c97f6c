// `hypmeter guest --suite`: with a program of our own in the place of the tests
// (tests/foreign/stand_in.cpp), and with the tests themselves where a user has them.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;

/// Links the stand-in's files of these names into `folder`.
void provide(const fs::path& folder, std::initializer_list<const char*> names) {
    fs::create_directories(folder);
    for (const char* const name : names) {
        fs::copy_file(fs::path(HYPMETER_IMAGES_DIR) / "stand-in" / name, folder / name);
    }
}

Finished run_suite(const fs::path& tests, const fs::path& out, const std::string& arguments) {
    return run("env -u CI " HYPMETER_TOOL " guest --suite kvm-unit-tests:" + quoted(tests) +
               " --out " + quoted(out) + " " + arguments);
}

nlohmann::json suite_results(const fs::path& out) {
    return nlohmann::json::parse(read_text(out / "suite.json"), nullptr, false);
}

const nlohmann::json& test_of(const nlohmann::json& results, const std::string& name) {
    static const nlohmann::json none;
    for (const auto& test : results.at("tests")) {
        if (test.at("name") == name) {
            return test;
        }
    }
    ADD_FAILURE() << "no test " << name;
    return none;
}

bool contains(const Finished& finished, const std::string& text) {
    return finished.output.find(text) != std::string::npos;
}

TEST(ForeignSuite, TestsThatPassOrSkipMakeARunThatIsWellAndMissingFilesAreShown) {
    const ScratchFolder scratch;
    provide(scratch / "tests", {"selftest.flat", "psci.flat", "pmu.flat"});
    const Finished finished = run_suite(scratch / "tests", scratch / "out", "");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_TRUE(contains(finished, "[1/12] setup: natively 2 of 2, in the monitor 2 of 2 ("))
        << finished.output;
    EXPECT_TRUE(contains(finished, "gic-mmio: skipped: no file gic.flat")) << finished.output;
    EXPECT_TRUE(contains(finished, "pmu, in the monitor: it skipped all of its checks"))
        << finished.output;
    EXPECT_TRUE(contains(finished, "ok: 5 tests passed in the monitor, 7 skipped."))
        << finished.output;
    const auto results = suite_results(scratch / "out");
    EXPECT_EQ(results.at("ok"), true);
    for (const char* const side : {"natively", "monitor"}) {
        EXPECT_EQ(test_of(results, "setup").at(side).at("passed"), 2);
        EXPECT_EQ(test_of(results, "psci").at(side).at("skipped"), 1);
        EXPECT_EQ(test_of(results, "pmu").at(side).at("status"), 77);
    }
    EXPECT_EQ(read_text(scratch / "out" / "psci-monitor.txt"),
              "PASS: stand-in: first\nSKIP: stand-in: second\n"
              "SUMMARY: 2 tests, 1 skipped\n\nEXIT: STATUS=1\n");
}

TEST(ForeignSuite, AFailureAndATestThatNeverEndsFailTheRunButNotWhereOnlyTheMachineFails) {
    const ScratchFolder scratch;
    provide(scratch / "tests", {"gic.flat"});
    const Finished finished =
        run_suite(scratch / "tests", scratch / "out", "--time-limit 10 --format tap");
    EXPECT_EQ(finished.status, 1) << finished.output;
    const auto results = suite_results(scratch / "out");
    // QEMU's machine with one core fails where the monitor does not.
    EXPECT_EQ(test_of(results, "gic-mmio").at("natively").at("ok"), false);
    EXPECT_EQ(test_of(results, "gic-mmio").at("monitor").at("ok"), true);
    const auto& endless = test_of(results, "gic-ipi").at("monitor");
    EXPECT_EQ(endless.at("ended"), false);
    EXPECT_EQ(endless.at("passed"), 1);
    EXPECT_EQ(endless.at("problem"), "the guest did not end within the time limit (--time-limit)");
    EXPECT_EQ(test_of(results, "gic-active").at("monitor").at("failed"),
              nlohmann::json::array({"stand-in: second <of two>"}));
    EXPECT_EQ(results.at("outcome"), "FAILED: 3 tests failed in the monitor.");
    EXPECT_TRUE(contains(finished, "TAP version 13\n1..24\n")) << finished.output;
    EXPECT_TRUE(contains(finished, "ok 5 - gic-mmio (mmio, 1 CPU) natively # SKIP failed: "))
        << finished.output;
    EXPECT_TRUE(contains(finished, "\nok 17 - gic-mmio (mmio, 1 CPU) in the monitor\n"))
        << finished.output;
    EXPECT_TRUE(contains(finished, "\nnot ok 20 - gic-active (active, 1 CPU) in the monitor\n"))
        << finished.output;
}

TEST(ForeignSuite, NativelyAloneAsJunit) {
    const ScratchFolder scratch;
    provide(scratch / "tests", {"selftest.flat"});
    const Finished finished =
        run_suite(scratch / "tests", scratch / "out", "--native --quiet --format junit");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_TRUE(finished.output.starts_with("<?xml ")) << finished.output;
    EXPECT_TRUE(contains(finished,
                         "<testsuite name=\"hypmeter.natively\" tests=\"12\" "
                         "failures=\"0\" errors=\"0\" skipped=\"8\""))
        << finished.output;
    EXPECT_FALSE(contains(finished, "hypmeter.monitor")) << finished.output;
    EXPECT_FALSE(fs::exists(scratch / "out" / "setup-monitor.txt"));
}

TEST(ForeignSuite, AFolderWithoutAnyOfTheTestsIsRefused) {
    const ScratchFolder scratch;
    const Finished absent = run_suite(scratch / "tests", scratch / "out", "");
    EXPECT_EQ(absent.status, 2);
    EXPECT_TRUE(contains(absent, "hypmeter: there is no folder \"")) << absent.output;
    provide(scratch / "tests", {});
    const Finished empty = run_suite(scratch / "tests", scratch / "out", "");
    EXPECT_EQ(empty.status, 2);
    EXPECT_TRUE(contains(empty, "\" has none of the tests (selftest.flat, ..)")) << empty.output;
    EXPECT_FALSE(fs::exists(scratch / "out"));
}

TEST(ForeignSuite, AFileThatIsNoTestFailsTheRun) {
    const ScratchFolder scratch;
    provide(scratch / "tests", {"psci.flat"});
    fs::resize_file(scratch / "tests" / "psci.flat", 0);
    const Finished finished = run_suite(scratch / "tests", scratch / "out", "");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(contains(finished, "FAILED: 1 test failed in the monitor.")) << finished.output;
}

TEST(KvmUnitTests, EachPassesInTheMonitor) {
    const char* const folder = std::getenv("HYPMETER_KVM_UNIT_TESTS");
    if (folder == nullptr || *folder == '\0') {
        // Under CI too: they belong to others, and a user brings them.
        GTEST_SKIP() << "HYPMETER_KVM_UNIT_TESTS names no folder with kvm-unit-tests";
    }
    const ScratchFolder scratch;
    const Finished finished = run_suite(folder, scratch / "out", "--time-limit 300");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_TRUE(contains(finished, "ok: 12 tests passed in the monitor.")) << finished.output;
}

}  // namespace
}  // namespace hm::test
