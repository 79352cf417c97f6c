// compare and baseline, from their words to their exit status.

#include "tests/unit/host/cli/tool_runs.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/alone_log.hpp"
#include "tests/unit/host/rows/gem5_run.hpp"

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
    /// A run of the guest alone.
    std::string alone(const std::string& name, const FakeHypervisor& fake, bool ok = true) {
        Results results = alone_results(fake);
        results.verdicts.front().ok = ok;
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

TEST_F(HostCompare, HypervisorsAreATableOfTheirOwn) {
    const std::vector<std::string> runs{alone("n", fake_native()), alone("m", fake_monitor()),
                                        alone("x", fake_xen())};
    EXPECT_EQ(tool({"compare", runs[0], runs[1], runs[2]}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "Hypervisors side by side, in instructions"));
    EXPECT_FALSE(has(out_, "Rows that differ"));
    EXPECT_EQ(tool({"compare", runs[0], runs[2], "--all"}), kAllOk);
    EXPECT_TRUE(has(out_, "All rows"));
    EXPECT_EQ(tool({"compare", runs[0], runs[2], "--filter", "psci"}), kAllOk);
    EXPECT_TRUE(has(out_, "PSCI_VERSION"));
    EXPECT_FALSE(has(out_, "GICD_CTLR"));
    // Two of the same are compared row by row as well.
    FakeHypervisor slower = fake_xen();
    slower.wfi += 1;
    EXPECT_EQ(tool({"compare", runs[2], alone("y", slower), "--fail-on", "mean>0"}), kFailed);
    EXPECT_TRUE(has(out_, "xen B"));
    EXPECT_TRUE(has(out_, "Rows that differ"));
    EXPECT_TRUE(has(err_, "rule \"mean>0\" is broken by"));
}

TEST_F(HostCompare, HypervisorsArePrintedForProgramsToo) {
    const std::string native = alone("n", fake_native());
    const std::string xen = alone("x", fake_xen());
    EXPECT_EQ(tool({"compare", native, xen, "--format", "csv"}), kAllOk) << err_;
    EXPECT_TRUE(
        out_.starts_with("operation,under,unit,base,mean,ratio,p50,p95,max\n"
                         "PSCI_VERSION call,native,instructions,native,12,1,2,102,102\n"));
    EXPECT_TRUE(has(out_, "SGI to itself,native,instructions,native,,,,,\n"));
    EXPECT_EQ(tool({"compare", native, xen, "--format", "markdown"}), kAllOk);
    EXPECT_TRUE(has(out_, "|---|---|---|---:|---:|---:|---:|---:|\n"));
    EXPECT_TRUE(has(out_,
                    "| timer, spinning | xen | instructions | 1,250 | 25.00 | 1,240 | 1,340 "
                    "| 1,340 |\n"));
    EXPECT_EQ(tool({"compare", native, xen, "--format", "json"}), kAllOk);
    const Json json = Json::parse(out_);
    ASSERT_EQ(json.size(), 10U) << "five operations";
    EXPECT_EQ(json[1].at("under"), "xen");
    EXPECT_EQ(json[1].at("mean"), 560);
    EXPECT_TRUE(json[4].at("mean").is_null());
    EXPECT_EQ(tool({"compare", native, alone("bad", fake_xen(), false), "--format", "csv"}),
              kAllOk);
    EXPECT_EQ(err_, "hypmeter: B failed, its rows may be wrong or missing\n");
}

TEST_F(HostCompare, WhatIsNoTableOfHypervisorsHasNoFormatOfOne) {
    const std::string native = alone("n", fake_native());
    FakeHypervisor cycles = fake_xen();
    cycles.begin = Json{{"clock", "cycles"}};
    const std::string board = alone("b", cycles);
    EXPECT_EQ(tool({"compare", native, board}), kAllOk);
    EXPECT_TRUE(out_.starts_with("No table of hypervisors, since A and B differ in clock "));
    EXPECT_TRUE(has(out_, "nothing is subtracted"));
    EXPECT_EQ(tool({"compare", native, board, "--format", "csv"}), kBadUsage);
    EXPECT_TRUE(has(err_, "hypmeter: No table of hypervisors"));
    EXPECT_EQ(tool({"compare", native, record("a"), "--format", "csv"}), kBadUsage);
    EXPECT_TRUE(has(err_, "only for runs of the guest alone"));
    EXPECT_EQ(tool({"compare", native, record("a")}), kAllOk);
    EXPECT_TRUE(has(out_, "board \"alone\" and \"virt\""));
    EXPECT_EQ(tool({"compare", native, native, "--format", "html"}), kBadUsage);
    EXPECT_TRUE(has(err_, "formats: text, markdown, csv, json"));
}

TEST_F(HostCompare, InstructionsStandBesideCyclesInEveryFormat) {
    const std::string counted = record("q");
    Results results = as_gem5(results_of(parse_log(good_log())), 4);
    results.verdicts = {{"one", true, ""}};
    std::filesystem::create_directories(path("g"));
    (void)write("g/results.json", json_text(results));
    const std::string timed = path("g").string();
    EXPECT_EQ(tool({"compare", counted, timed}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "gem5 24.0.0.1, ex5_big-like"));
    EXPECT_TRUE(has(out_, "Where time grows most beyond the count"));
    EXPECT_TRUE(has(out_, "0 of A and 0 of B have no partner."));
    EXPECT_EQ(tool({"compare", timed, counted, "--format", "csv"}), kAllOk) << err_;
    EXPECT_TRUE(out_.starts_with("row,workload,setting,layer,counted_on,timed_on,instructions,"));
    EXPECT_TRUE(has(out_, "\"gem5 24.0.0.1, ex5_big-like\""));
    EXPECT_EQ(tool({"compare", counted, timed, "--format", "json"}), kAllOk) << err_;
    const Json rows = parse_json(out_).value_or(Json());
    ASSERT_FALSE(rows.empty());
    for (const Json& row : rows) {
        const double instructions = row.at("instructions");
        EXPECT_NEAR(row.at("cycles").get<double>(), 4 * instructions, 1e-6) << row.dump();
    }
    EXPECT_EQ(tool({"compare", counted, timed, "--format", "markdown"}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "| row | A instructions | B cycles | B ns | cycles per instruction |"));
    // Nothing is subtracted, so that no rule can hold or break.
    EXPECT_EQ(tool({"compare", counted, timed, "--fail-on", "mean>1%"}), kBadUsage);
}

TEST_F(HostCompare, ReportPutsMeasuredHypervisorsBesideARun) {
    const std::string ours = record("ours");
    const std::string xen = alone("x", fake_xen());
    EXPECT_EQ(tool({"report", ours, "--beside", alone("n", fake_native()), xen}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "hypmeter  native    xen\n"));
    EXPECT_FALSE(has(out_, "Xvisor"));
    EXPECT_EQ(tool({"report", ours}), kAllOk);
    EXPECT_TRUE(has(out_, "Xvisor"));
    FakeHypervisor cycles = fake_xen();
    cycles.begin = Json{{"clock", "cycles"}};
    const std::vector<std::pair<std::vector<std::string>, std::string>> refused{
        {{xen, "--beside", xen}, "`hypmeter compare` puts such runs side by side"},
        {{ours, "--beside", ours}, "is no run of the guest alone"},
        {{ours, "--beside", path("nowhere").string()}, "nowhere"},
        {{ours, "--beside", alone("b", cycles)}, "its clock is \"cycles\", not \"instructions\""},
        {{ours, "--beside", alone("f", fake_xen(), false)}, "failed"},
        {{ours, "--format", "csv", "--beside", xen}, "formats: text, html"}};
    for (const auto& [words, why] : refused) {
        std::vector<std::string> all{"report"};
        all.insert(all.end(), words.begin(), words.end());
        EXPECT_EQ(tool(all), kBadUsage) << why;
        EXPECT_TRUE(has(err_, why));
        EXPECT_EQ(out_, "") << why;
    }
}

TEST_F(HostCompare, ReportsOfTheGuestAloneNameItsHypervisor) {
    const std::string xen = alone("x", fake_xen());
    EXPECT_EQ(tool({"report", xen, "--format", "csv"}), kAllOk) << err_;
    EXPECT_TRUE(out_.starts_with("version,board,machine,clock,under,workload,"));
    EXPECT_TRUE(has(
        out_, "\n0.1.0,alone,\"xen,machine\",instructions,xen,exits,alone,,alone,psci-version,"));
    EXPECT_EQ(tool({"report", xen, "--format", "markdown"}), kAllOk);
    EXPECT_TRUE(has(out_, "## Under xen\n\n| operation | under | unit | mean | p50 | p95 | max |"));
    EXPECT_EQ(tool({"report", xen, "--format", "html"}), kAllOk);
    EXPECT_TRUE(has(out_, "<h2>Under xen</h2>"));
    EXPECT_FALSE(has(out_, "Beside other hypervisors"));
    EXPECT_FALSE(has(out_, "An interrupt on its way"));
}

}  // namespace
}  // namespace hm::host::testing
