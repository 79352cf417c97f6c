// The guest that comes alone: natively, in our monitor, under Xen where that can be had, and from a
// console that a user's file plays.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A run of everything that suite quick has, once for each.
struct Measured {
    ScratchFolder folder;
    Finished finished{};
    json all;

    explicit Measured(const std::string& under) {
        finished = run_tool(folder / "out", "--under " + under);
        all = results(folder / "out");
    }
    [[nodiscard]] json exit(const std::string& name) const {
        return row(all, "exits", "alone", "exit", json{{"exit", name}});
    }
    [[nodiscard]] json timer(const std::string& wait) const {
        return row(all, "timer", "alone", "deadline..application",
                   json{{"wait", wait}, {"stamps", 0}});
    }
    [[nodiscard]] std::string log() const { return read_text(folder / "out/uart.log"); }
};

const Measured& natively() {
    static const Measured measured("native");
    return measured;
}
const Measured& in_monitor() {
    static const Measured measured("monitor");
    return measured;
}

/// What names the rows of a run, in their order.
std::vector<std::string> names_of(const json& all) {
    std::vector<std::string> names;
    for (const json& one : all.at("results")) {
        names.push_back(one.at("workload").get<std::string>() + one.at("params").dump() +
                        one.at("layer").get<std::string>() + one.at("regime").get<std::string>());
    }
    return names;
}

/// Loops that never trap, and so cost the same whatever is below; but a hypervisor may take an
/// interrupt of its own in one of their laps.
void expect_equal_loops(const json& one, const json& other) {
    std::size_t compared = 0;
    for (std::size_t i = 0; i < one.at("results").size(); ++i) {
        const json& left = one.at("results")[i];
        const json& right = other.at("results")[i];
        const std::string workload = left.at("workload");
        if (workload == "parity" || (workload == "chase" && left.at("layer") == "load")) {
            EXPECT_EQ(left.at("params"), right.at("params"));
            EXPECT_EQ(left.at("min"), right.at("min")) << left;
            ++compared;
        }
    }
    EXPECT_GT(compared, 10U);
}

TEST(Under, TheGuestMeasuresItselfNatively) {
    const Measured& native = natively();
    ASSERT_EQ(native.finished.status, 0) << native.finished.output;
    EXPECT_EQ(native.all.at("parameters").at("under"), "native");
    EXPECT_EQ(native.all.at("board"), "alone");
    EXPECT_EQ(native.all.at("clock"), "instructions");
    // An instruction that reads a register or a device, and nothing that traps it.
    for (const char* const exit : {"actlr-read", "gicd-ctlr-read", "pl011-read"}) {
        EXPECT_EQ(native.exit(exit).at("max"), 1) << exit;
    }
}

TEST(Under, OurMonitorAddsWhatItsTrapsTake) {
    const Measured& monitor = in_monitor();
    ASSERT_EQ(monitor.finished.status, 0) << monitor.finished.output;
    EXPECT_EQ(names_of(natively().all), names_of(monitor.all));
    expect_equal_loops(natively().all, monitor.all);
    EXPECT_EQ(verdict(monitor.all, "the monitor ran the guest to its end").at("ok"), true);
    for (const char* const wait : {"wfi", "spin"}) {
        const double added = monitor.timer(wait).at("mean").get<double>() -
                             natively().timer(wait).at("mean").get<double>();
        // The budget of an injection (docs/floor.md).
        EXPECT_GE(added, 20) << wait;
        EXPECT_LE(added, 45) << wait;
    }
    EXPECT_GT(monitor.exit("gicd-ctlr-read").at("min"), 20);
}

TEST(Under, TwoRunsAreEqual) {
    const ScratchFolder folder;
    const Finished finished =
        run_tool(folder / "out", "--under native --only timer,exits --repeat 2");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_NE(finished.output.find("The 2 runs are equal in each of "), std::string::npos)
        << finished.output;
}

TEST(Under, AFilterPicksOfThePlanThatTheGuestMakes) {
    const ScratchFolder folder;
    const Finished finished =
        run_tool(folder / "out", "--under native --filter 'exit=(actlr-read|wfi) '");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json all = results(folder / "out");
    ASSERT_EQ(all.at("results").size(), 2U);
    EXPECT_EQ(all.at("results")[0].at("params").at("exit"), "actlr-read");
    EXPECT_EQ(all.at("results")[1].at("params").at("exit"), "wfi");
}

/// A run of which `cat` plays the console that is `text`.
Finished play(const ScratchFolder& folder, const std::string& text) {
    std::ofstream(folder / "console") << text;
    std::ofstream(folder / "played.json") << R"({
        "name": "native", "command": ["cat", "{folder}/console"], "prefix": "guest: "})";
    return run_tool(folder / "out", "--under qemu-args:" + quoted(folder / "played.json"));
}

std::string with_prefix(const std::string& text) {
    std::string all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        all += "guest: " + line + "\n";
    }
    return all;
}

TEST(Under, AConsoleThatGarblesAPieceIsNoticed) {
    ASSERT_EQ(natively().finished.status, 0);
    const std::string log = with_prefix(natively().log());
    const ScratchFolder folder;
    const Finished good = play(folder, log);
    EXPECT_EQ(good.status, 0) << good.output;
    EXPECT_EQ(results(folder / "out").at("results"), natively().all.at("results"));
    // In the middle of a record, one digit is another.
    std::string garbled = log;
    std::size_t at = garbled.find("\nguest: @+", garbled.size() / 2);
    at = garbled.find_first_of("0123456789", at + 10);
    ASSERT_NE(at, std::string::npos);
    garbled[at] = garbled[at] == '7' ? '8' : '7';
    const Finished bad = play(folder, garbled);
    EXPECT_EQ(bad.status, 1) << bad.output;
    EXPECT_NE(bad.output.find("is damaged (form or CRC)"), std::string::npos) << bad.output;
    // And a piece that is lost.
    std::string lost = log;
    at = lost.find("\nguest: @+", lost.size() / 2);
    lost.erase(at, lost.find('\n', at + 1) - at);
    EXPECT_EQ(play(folder, lost).status, 1);
}

/// Makes build/xen, or says why that cannot be done here.
const std::string& why_no_xen() {
    static const std::string why = [] {
        const Finished fetched = run(quoted(HYPMETER_SOURCE_DIR "/toolchain/xen/fetch.py"));
        return fetched.status == 0 ? std::string() : fetched.output;
    }();
    return why;
}

TEST(UnderXen, TheGuestMeasuresWhatXenAdds) {
    if (!why_no_xen().empty()) {
        GTEST_SKIP() << why_no_xen();
    }
    const Measured xen("xen");
    ASSERT_EQ(xen.finished.status, 0) << xen.finished.output;
    EXPECT_EQ(xen.all.at("parameters").at("under"), "xen");
    EXPECT_EQ(names_of(natively().all), names_of(xen.all));
    expect_equal_loops(natively().all, xen.all);
    EXPECT_NE(xen.all.at("host").at("hypervisor").get<std::string>().find("xen-hypervisor"),
              std::string::npos);
    // Each traps, and Xen handles it in C. Xen's own timer interrupts now and then, and adds its
    // work to the lap that it comes in: where that is moves with each instruction of the guest.
    for (const char* const exit : {"actlr-read", "psci-version", "gicd-ctlr-read", "pl011-read"}) {
        EXPECT_GT(xen.exit(exit).at("min"), 100) << exit;
        EXPECT_LT(xen.exit(exit).at("p95"), 2000) << exit;
    }
    EXPECT_GT(xen.timer("spin").at("min"), natively().timer("spin").at("max").get<double>());
    // Xen's scheduler has run another virtual CPU while this one waited.
    EXPECT_GT(xen.timer("wfi").at("min"), 2 * xen.timer("spin").at("p95").get<double>());
    // What Xen itself says stays in the log.
    EXPECT_NE(xen.log().find("(XEN) Xen version 4.17"), std::string::npos);
    EXPECT_EQ(xen.log().find("(XEN) DOM1: "), std::string::npos);
}

TEST(UnderXen, TwoRunsAreEqual) {
    if (!why_no_xen().empty()) {
        GTEST_SKIP() << why_no_xen();
    }
    const ScratchFolder folder;
    const Finished finished = run_tool(folder / "out", "--under xen --only timer,exits --repeat 2");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_NE(finished.output.find("The 2 runs are equal in each of "), std::string::npos)
        << finished.output;
}

}  // namespace
}  // namespace hm::test
