// Linux of Debian in the monitor, where its packages can be had.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;

/// Makes build/linux, or says why that cannot be done here.
const std::string& why_no_linux() {
    static const std::string why = [] {
        const Finished fetched = run(quoted(HYPMETER_SOURCE_DIR "/toolchain/linux/fetch.py"));
        return fetched.status == 0 ? std::string() : fetched.output;
    }();
    return why;
}

/// What `workload` leaves in `out`.
nlohmann::json linux_rows(const fs::path& out, const std::string& workload,
                          const std::string& more) {
    const Finished finished = run_tool(out, "--only " + workload + more);
    EXPECT_EQ(finished.status, 0) << finished.output;
    return nlohmann::json::parse(read_text(out / (workload + ".json"))).at("rows");
}

/// The row of that name.
nlohmann::json named(const nlohmann::json& rows, const std::string& name) {
    for (const auto& one : rows) {
        if (one.at("name") == name) {
            return one;
        }
    }
    ADD_FAILURE() << "no row " << name;
    return {};
}

TEST(LinuxGuest, ABootTakesAsManyInstructionsAsNatively) {
    if (!why_no_linux().empty()) {
        GTEST_SKIP() << why_no_linux();
    }
    const ScratchFolder folder;
    const auto boots = linux_rows(folder / "out", "linux-boot", "");
    EXPECT_EQ(boots.size(), 8U);
    const auto& native = named(boots, "native");
    const auto instructions = [](const nlohmann::json& row) {
        return row.at("guest").at("costs").at("instructions").get<double>();
    };
    const auto userland = [](const nlohmann::json& row) {
        return row.at("userland").at("now_ns").get<double>();
    };
    for (const auto& one : boots) {
        EXPECT_EQ(one.at("why_failed"), "") << one.at("name");
        EXPECT_NEAR(instructions(one) / instructions(native), 1, 0.01) << one.at("name");
        EXPECT_NEAR(userland(one) / userland(native), 1, 0.01) << one.at("name");
    }
    const auto faults = [&boots](const std::string& name) {
        return named(boots, name).at("guest").at("costs").at("demand_faults").get<int>();
    };
    EXPECT_EQ(faults("premapped-4K"), 0);
    EXPECT_GT(faults("demand-4K"), 1000);
    EXPECT_GT(faults("demand-4K"), 3 * faults("around-4"));
    EXPECT_GT(faults("demand-2M"), 0);
}

TEST(LinuxGuest, AnInjectionAddsToTheResponseWhatItTakesInHyp) {
    if (!why_no_linux().empty()) {
        GTEST_SKIP() << why_no_linux();
    }
    const ScratchFolder folder;
    const auto runs = linux_rows(folder / "out", "linux-cyclictest", " --set count=100");
    const auto part = [&runs](const std::string& name, const char* of) {
        return named(runs, name).at("cyclictest").at(of).get<int>();
    };
    for (const auto& one : runs) {
        EXPECT_EQ(one.at("why_failed"), "") << one.at("name");
    }
    const int added = part("injected", "min") - part("native", "min");
    EXPECT_GT(added, 0);
    EXPECT_LE(added, 100);
    EXPECT_GT(part("injected-soft", "min"), part("injected", "min"));
    // It waits for its turn of 10 ms there.
    EXPECT_GT(part("shared", "max"), 100'000);
    EXPECT_LT(part("boosted", "max"), 100'000);
}

TEST(LinuxGuest, TwoCpusComeUpAndTheConsoleTakesInput) {
    if (!why_no_linux().empty()) {
        GTEST_SKIP() << why_no_linux();
    }
    const ScratchFolder folder;
    const std::string command =
        quoted(HYPMETER_TOOL) + " guest --kernel " +
        quoted(HYPMETER_SOURCE_DIR "/build/linux/zImage") + " --initrd " +
        quoted(HYPMETER_SOURCE_DIR "/build/linux/initrd.gz") +
        " --append 'console=ttyAMA0 loglevel=1' --cpus 2 --time-limit 240 --input - --out " +
        quoted(folder / "out");
    // A shell takes what is typed once it runs, and nothing before.
    const Finished finished =
        run("(sleep 25; for i in $(seq 30); do sleep 5; echo; echo nproc; echo 'poweroff -f'; "
            "done) | " +
            command);
    EXPECT_EQ(finished.status, 0) << finished.output;
    const std::string console = read_text(folder / "out/console.txt");
    EXPECT_NE(console.find("nproc\n2\n"), std::string::npos) << console;
    const auto results = nlohmann::json::parse(read_text(folder / "out/guest.json"));
    EXPECT_EQ(results.at("ok"), true);
    EXPECT_EQ(results.at("parameters").at("cpus"), 2);
}

}  // namespace
}  // namespace hm::test
