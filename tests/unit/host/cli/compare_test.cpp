// compare and baseline, from their words to their exit status.

#include "tests/unit/host/cli/tool_runs.hpp"
#include "tests/unit/host/judge/judged.hpp"

namespace hm::host::testing {
namespace {

/// Folders of recorded runs, made without a machine.
class HostCompare : public HostRun {
  protected:
    /// A run with `more` instructions in each row of layer "total".
    std::string record(const std::string& name, double more = 0, bool ok = true) {
        Results results = results_of(parse_log(good_log()));
        results.verdicts = {{"one", ok, "detail"}};
        for (Row& row : results.rows) {
            if (row.layer != "total") {
                continue;
            }
            for (double* const value : {&row.min, &row.mean, &row.max}) {
                *value += more;
            }
            for (auto& bin : row.histogram) {
                bin.first += more;
            }
        }
        std::filesystem::create_directories(path(name));
        (void)write(name + "/results.json", json_text(results));
        return path(name).string();
    }
    /// baseline with its store in the scratch folder.
    int baseline(std::vector<std::string> words) {
        words.insert(words.begin(), "baseline");
        words.insert(words.end(), {"--store", path("store").string()});
        return tool(std::move(words));
    }
};

TEST_F(HostCompare, EqualRunsPassTheStrictestRule) {
    EXPECT_EQ(tool({"compare", record("a"), record("b"), "--fail-on", "any>0"}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "0 differ, 0 only in A, 0 only in B."));
    EXPECT_EQ(tool({"compare", record("a"), path("a/results.json").string()}), kAllOk) << err_;
}

TEST_F(HostCompare, ABrokenRuleFailsAndNamesTheRow) {
    EXPECT_EQ(tool({"compare", record("a"), record("b", 1), "--fail-on", "any>0"}), kFailed);
    EXPECT_TRUE(has(err_, "pagefault"));
    EXPECT_TRUE(has(err_, "rule \"any>0\" is broken by"));
    EXPECT_EQ(tool({"compare", record("a"), record("b", 1), "--fail-on", "mean>50%"}), kAllOk);
    EXPECT_EQ(tool({"compare", record("a"), record("b", 1)}), kAllOk) << "without a rule";
    EXPECT_TRUE(has(out_, "Rows that differ"));
    // Any of several runs, and any of several rules.
    EXPECT_EQ(tool({"compare", record("a"), record("b"), record("c", 1), "--fail-on", "mean>50%",
                    "mean>0"}),
              kFailed);
    EXPECT_TRUE(has(err_, "rows of C"));
}

TEST_F(HostCompare, WhatCannotBeComparedIsRefused) {
    EXPECT_EQ(tool({"compare", record("a"), path("nowhere").string()}), kBadUsage);
    EXPECT_TRUE(has(err_, "no run in"));
    EXPECT_EQ(tool({"compare", record("a")}), kBadUsage);
    EXPECT_EQ(tool({"compare", record("a"), record("b"), "--fail-on", "p98>1"}), kBadUsage);
    EXPECT_TRUE(has(err_, "\"p98>1\" is no rule"));
    EXPECT_EQ(tool({"compare", record("a"), record("b"), "--fail-on", "p99.9>1"}), kBadUsage);
    EXPECT_TRUE(has(err_, "applies to no row of B"));
    EXPECT_EQ(tool({"compare", record("a"), record("b"), "--filter", "no such row"}), kBadUsage);
    EXPECT_EQ(tool({"compare", record("a"), record("b"), "--filter", "("}), kBadUsage);
    EXPECT_TRUE(has(err_, "regular expression"));
}

TEST_F(HostCompare, ARunThatFailedPassesNoRule) {
    EXPECT_EQ(tool({"compare", record("a"), record("b", 0, false), "--fail-on", "any>0"}), kFailed);
    EXPECT_TRUE(has(err_, "B failed"));
    EXPECT_TRUE(has(out_, "FAILED"));
}

TEST_F(HostCompare, OnlyRowsOfTheFilterAreCompared) {
    EXPECT_EQ(
        tool({"compare", record("a"), record("b", 1), "--filter", "^chase", "--fail-on", "any>0"}),
        kAllOk)
        << err_;
}

TEST_F(HostCompare, ABaselineIsSavedAndCheckedByItsName) {
    EXPECT_EQ(baseline({"check", "good", record("a")}), kBadUsage);
    EXPECT_TRUE(has(err_, "no baseline"));
    EXPECT_EQ(baseline({"save", "good", record("a")}), kAllOk) << err_;
    EXPECT_EQ(read("store/good/results.json"), read("a/results.json"));
    EXPECT_EQ(baseline({"check", "good", record("same")}), kAllOk) << err_;
    EXPECT_EQ(baseline({"check", "good", record("b", 1)}), kFailed) << "any>0 is the default";
    EXPECT_EQ(baseline({"check", "good", record("b", 1), "--fail-on", "mean>50%"}), kAllOk);
    // A later one takes its place.
    EXPECT_EQ(baseline({"save", "good", record("b", 1)}), kAllOk);
    EXPECT_EQ(baseline({"check", "good", record("b", 1)}), kAllOk);
    EXPECT_EQ(baseline({"save", "good", record("bad", 0, false)}), kFailed);
    EXPECT_EQ(baseline({"check", "good", record("b", 1)}), kAllOk) << "not replaced";
}

TEST_F(HostCompare, ABaselineStaysInItsStore) {
    for (const char* const name : {"../up", ".hidden", "a/b", "", "-x"}) {
        EXPECT_EQ(baseline({"save", name, record("a")}), kBadUsage) << name;
    }
    EXPECT_EQ(baseline({"keep", "good", record("a")}), kBadUsage);
    EXPECT_TRUE(has(err_, "actions: save, check"));
    EXPECT_EQ(baseline({"save", "good", record("a"), "--fail-on", "any>0"}), kBadUsage);
}

TEST_F(HostCompare, RepeatedRunsAreOneSide) {
    for (const std::string side : {"a", "b"}) {
        for (const std::string number : {"1", "2", "3"}) {
            (void)record(side + "/run-" + number, side == "b" ? 1 : 0);
        }
    }
    EXPECT_EQ(tool({"compare", path("a").string(), path("b").string(), "--fail-on", "mean>0"}),
              kFailed);
    EXPECT_TRUE(has(out_, ", 3 runs"));
    EXPECT_EQ(tool({"report", path("a").string()}), kBadUsage);
    EXPECT_TRUE(has(err_, "has 3 runs: report one"));
    EXPECT_EQ(baseline({"save", "three", path("a").string()}), kAllOk) << err_;
    EXPECT_EQ(read("store/three/run-3/results.json"), read("a/run-3/results.json"));
}

}  // namespace
}  // namespace hm::host::testing
