// The script that keeps a run as reference results.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/base/process.hpp"
#include "host/log/json.hpp"
#include "tests/unit/host/base/scripts.hpp"

namespace hm::host::testing {
namespace {

class Reference : public ScriptTest {
  protected:
    /// What it said of a file in the test's folder, and its status.
    std::string keep(const std::string& name) const {
        std::string said;
        const auto take = [&said](std::string_view more) { said += more; };
        const ProcessEnd end = run_process({find_program("python3"),
                                            {HYPMETER_SOURCE_DIR "/toolchain/reference.py",
                                             path(name).string(), path("kept/x.json").string()}},
                                           ProcessLimits{}, take, take);
        return said + "status " + std::to_string(end.code);
    }
    bool kept() const { return std::filesystem::exists(path("kept/x.json")); }
};

TEST_F(Reference, OfTheHostOnlyTheEmulatorStays) {
    (void)write("good", R"({"verdicts": [{"name": "a", "ok": true}], "results": [{"min": 1}],
        "host": {"started": "today", "qemu": {"version": "7.2", "cores": 1, "path": "/q"}}})");
    EXPECT_EQ(keep("good"), "status 0");
    const auto json = parse_json(read("kept/x.json")).value_or(nullptr);
    EXPECT_EQ(json.at("host"), (Json{{"qemu", {{"version", "7.2"}, {"cores", 1}}}}));
    EXPECT_EQ(json.at("results").at(0).at("min"), 1);
}

TEST_F(Reference, WhatIsNoRunThatPassedIsRefusedInOneLine) {
    (void)write("failed",
                R"({"verdicts": [{"name": "a", "ok": false}], "results": [{}], "host": {}})");
    (void)write("empty", R"({"verdicts": [{"name": "a", "ok": true}], "results": [], "host": {}})");
    (void)write("other", "[1]");
    (void)write("text", "no JSON");
    const auto file = [this](const char* name) { return path(name).string(); };
    EXPECT_EQ(keep("failed"),
              "reference.py: " + file("failed") + " is no reference: a failed\nstatus 1");
    EXPECT_EQ(keep("empty"), "reference.py: " + file("empty") +
                                 " is no reference: it has no rows or verdicts\nstatus 1");
    EXPECT_EQ(keep("other"), "reference.py: " + file("other") + " is no file of results\nstatus 1");
    EXPECT_EQ(keep("text"), "reference.py: \"" + file("text") + "\" is not JSON\nstatus 1");
    EXPECT_EQ(keep("none"), "reference.py: no file \"" + file("none") + "\"\nstatus 1");
    std::filesystem::create_directory(path("folder"));
    EXPECT_EQ(keep("folder"),
              "reference.py: cannot read \"" + file("folder") + "\": Is a directory\nstatus 1");
    EXPECT_FALSE(kept());
}

}  // namespace
}  // namespace hm::host::testing
