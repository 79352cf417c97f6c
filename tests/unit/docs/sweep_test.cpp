// The sweep over gem5's parameters and the figures from its results, with a stand-in for the tool.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/base/process.hpp"
#include "host/log/json.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

namespace fs = std::filesystem;

/// Answers as the tool does to `list`, `run` and `predict`. The machine's parameters are those of
/// --gem5, beside the rest of a machine; a native load takes 300 cycles, or 200 without walks, and
/// a nested one the double. FAILS names a parameter with which it fails.
constexpr const char* kTool = R"(#!/usr/bin/env python3
import json, os, re, sys
words = sys.argv[1:]
def of(name):
    return words[words.index(name) + 1]
SCENARIOS = {
    "time": ["lpae-4K page-random 4096 268435456 native/native", "off page-random 4096 268435456 stage2/injected",
             "lpae-4K page-random 4096 268435456 nested/injected",
             "lpae-2M page-random 4096 268435456 nested:2M/injected",
             "lpae-4K sequential 4096 268435456 native/native", "lpae-4K sequential 4096 268435456 nested/injected"],
    "tables": ["lpae-2M page-random 4096 268435456 native/native", "lpae-4K sequential 256 16777216 native/native",
              "lpae-4K sequential 256 16777216 nested/injected"]}
chosen = []
for text in SCENARIOS.get(of("--suite") if "--suite" in words else "", []):
    stage1, order, stride, size, regime = text.split()
    name = f"chase stage1={stage1} order={order} stride={stride} bytes={size} tlb=warm laps=2 {regime}"
    if re.search(of("--filter"), name):
        chosen.append((name, stage1, order, int(stride), int(size), regime.split("/")[0]))
if words[0] == "list":
    print("scenario   seconds")
    for name, *_ in chosen:
        head, tail = name.rsplit(" ", 1)
        print(head, "  0.1\n  " + tail)
elif words[0] == "predict":
    rows = [{"stage1": "lpae-4K", "stage2": stage2, "cycles": [cycles, cycles], "ns": [cycles / 2, cycles / 2],
             "descriptors": [reads, reads], "descriptors_from_ram": [1, 1]}
            for stage2, cycles, reads in (("off", 320, 3), ("4K", 480, 9))]
    model = json.load(open(of("--model")))
    assert model["ipa_holds_pages"] is True and model["tlb_holds_ipa"] is True
    open(os.environ["D"] + "/models", "a").write(json.dumps(model) + "\n")
    print(json.dumps({"rows": rows}))
else:
    parameters = {"l2_kb": 1024, "l2_cycles": 15, "l2_tlb": 512, "mhz": 2000, "l1_cycles": 2, "l1d_kb": 32,
                  "l1_ways": 2, "l1_tlb": 32, "l2_ways": 16, "table_cache_kb": 0, "stage2_tlb": 32, "dram_ns": 0,
                  "prefetch_lines": 8, "prefetcher": "none", "l2_random": "yes", "l2_holds_l1": "yes",
                  "walk_cache": "last", "dram": "DDR3_1600_8x8"}
    if "--gem5" in words:
        for word in words[words.index("--gem5") + 1:]:
            if "=" not in word:
                break
            name, value = word.split("=")
            if name == os.environ.get("FAILS"):
                print("hypmeter: gem5 ended: panic")
                sys.exit(1)
            parameters[name] = int(value) if value.isdigit() else value
    open(os.environ["D"] + "/runs", "a").write(" ".join(words) + "\n")
    results = []
    for name, stage1, order, stride, size, regime in chosen:
        cycles = (200 if stage1 == "lpae-2M" else 300) * (2 if regime.startswith("nested") else 1)
        row = {"workload": "chase", "regime": regime.split(":")[0], "layer": "load", "mean": cycles,
               "params": {"stage1": stage1, "order": order, "stride": stride, "bytes": size, "tlb": "warm"}}
        if ":" in regime:
            row["stage2"] = regime.split(":")[1]
        results.append(row)
        results.append({**row, "layer": "hyp-instructions", "mean": 7})
    json.dump({"version": "0.1.0", "machine": "gem5 VExpress_GEM5_V1", "guest_crc32": {"native": 5, "guest": 5},
               "ticks_hz": 2000000000, "results": results,
               "host": {"gem5": {"version": "24.0.0.1", "parameters": parameters}}},
              open(of("--out") + "/results.json", "w"))
)";

class HostSweep : public ScriptTest {
  protected:
    HostSweep() {
        fs::permissions(write("tool", kTool), fs::perms::owner_all);
        (void)script("gem5.opt", "exit 0");
    }

    struct Said {
        std::string text;
        int status;
    };

    /// Runs a Python program of the tree, with the test's folder as $D.
    [[nodiscard]] Said python(const std::string& words, const std::string& before = "") const {
        Said said;
        const auto take = [&said](std::string_view more) { said.text += more; };
        const std::string line = "export PYTHONDONTWRITEBYTECODE=1 D='" + path("").string() +
                                 "'; " + before + " exec python3 " HYPMETER_SOURCE_DIR "/" + words;
        const ProcessEnd end = run_process({"/bin/sh", {"-c", line}}, ProcessLimits{}, take, take);
        EXPECT_EQ(end.ending, Ending::kExited);
        said.status = end.code;
        return said;
    }

    [[nodiscard]] Said sweep(const std::string& settings, const std::string& before = "") const {
        return python(
            "toolchain/gem5/sweep.py run --jobs 1 --hypmeter $D/tool --gem5 $D/gem5.opt --out "
            "$D/out --only " +
                settings,
            before);
    }

    [[nodiscard]] Json collected() const {
        const Said said = python(
            "toolchain/gem5/sweep.py collect $D/out --hypmeter $D/tool --out $D/in/sweep.json");
        EXPECT_EQ(said.status, 0) << said.text;
        return parse_json(read("in/sweep.json")).value_or(nullptr);
    }

    [[nodiscard]] std::size_t runs() const {
        const std::string text = read("runs");
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
};

TEST_F(HostSweep, RunsWhatIsNotThereYetWithItsParameters) {
    const Said first = sweep("l2-tlb-64,l2-4M");
    EXPECT_EQ(first.status, 0) << first.text;
    EXPECT_TRUE(has(first.text, "[3/3]"));
    EXPECT_EQ(runs(), 3U) << "the floor is in another suite";
    EXPECT_TRUE(has(read("runs"), "--gem5 l2_tlb=64 --suite time"));
    EXPECT_TRUE(has(read("runs"), "--gem5 l2_kb=4096 --suite tables"));
    fs::remove_all(path("out/l2-4M"));
    const Said again = sweep("l2-tlb-64,l2-4M");
    EXPECT_EQ(again.status, 0) << again.text;
    EXPECT_EQ(runs(), 4U) << "only what was removed";
    EXPECT_TRUE(has(again.text, "done before"));
}

TEST_F(HostSweep, ASettingThatIsTheDefaultIsNotRunTwice) {
    // The stand-in's machine has no prefetcher.
    const Said said = sweep("stage2-tlb-512,prefetcher-none");
    EXPECT_EQ(said.status, 0) << said.text;
    EXPECT_TRUE(has(said.text, "prefetcher-none: is the default machine"));
    EXPECT_EQ(runs(), 1U);
}

TEST_F(HostSweep, AFailureIsToldAndTheOthersStillRun) {
    const Said said = sweep("l2-4M,l2-tlb-64", "FAILS=l2_kb; export FAILS;");
    EXPECT_EQ(said.status, 1);
    // However long it took, which depends on what else the computer does.
    EXPECT_TRUE(has(said.text, "l2-4M: FAILED after "));
    EXPECT_TRUE(has(said.text, " s: exit status 1: hypmeter: gem5 ended: panic")) << said.text;
    EXPECT_TRUE(has(said.text, "2 of 3 runs FAILED"));
    EXPECT_TRUE(fs::exists(path("out/l2-tlb-64/results.json")));
    EXPECT_FALSE(fs::exists(path("out/l2-4M/results.json")));
    EXPECT_EQ(sweep("l2-4M").status, 0);
}

TEST_F(HostSweep, RefusesInOneLineWhatCannotBe) {
    EXPECT_EQ(sweep("l2-5M").text, "sweep.py: no setting \"l2-5M\"; `sweep.py list` lists them\n");
    // The stand-in's suite tables has no short descriptors.
    const Said said = sweep("default");
    EXPECT_EQ(said.status, 1);
    EXPECT_EQ(
        said.text,
        "sweep.py: default+tables: the plan of suite tables has not exactly one scenario for row "
        "blocks-in-stage1\n");
    EXPECT_EQ(runs(), 0U);
    EXPECT_TRUE(has(python("toolchain/gem5/sweep.py collect $D/none --out $D/x").text,
                    "has no results of any setting"));
}

TEST_F(HostSweep, CollectsTimesRatiosAndPredictions) {
    ASSERT_EQ(sweep("l2-4M,stage2-tlb-512").status, 0);
    const Json sweep = collected();
    EXPECT_EQ(sweep["gem5"], "24.0.0.1");
    EXPECT_EQ(sweep["images"][0]["guest"], 5);
    EXPECT_EQ(sweep["defaults"]["l2_kb"], 1024) << "as the other setting tells";
    ASSERT_EQ(sweep["settings"].size(), 2U);
    for (const Json& setting : sweep["settings"]) {
        const Json& nested = setting["rows"]["random-nested"];
        EXPECT_EQ(nested["cycles"], 600);
        EXPECT_EQ(nested["ns"], 300);
        EXPECT_EQ(nested.value("ratio", 0.0), 2);
        EXPECT_FALSE(setting["rows"]["random-native"].contains("ratio"));
        if (setting["name"] != "l2-4M") {
            // There is no default machine whose floor it could have.
            EXPECT_EQ(setting["parameters"], Json({{"stage2_tlb", 512}}));
            EXPECT_FALSE(nested.contains("predicted"));
            continue;
        }
        EXPECT_EQ(setting["parameters"], Json({{"l2_kb", 4096}}));
        ASSERT_TRUE(nested.contains("predicted"));
        EXPECT_EQ(nested["predicted"]["cycles"], 480);
        EXPECT_EQ(nested["predicted"].value("ratio", 0.0), 1.5);
        EXPECT_EQ(nested["predicted"]["reads"], 9);
        EXPECT_EQ(setting["rows"]["floor-native"]["cycles"], 200);
    }
    const auto model = parse_json(read("models").substr(0, read("models").find('\n')));
    ASSERT_TRUE(model);
    EXPECT_EQ((*model)["l2_bytes"], 4 << 20);
    // A load that L2 has not takes what the floor takes.
    EXPECT_DOUBLE_EQ((*model)["l2_cycles"].get<double>() + 2 * (*model)["ram_ns"].get<double>(),
                     200);
}

TEST_F(HostSweep, FiguresShowTheNumbersOfTheFiles) {
    ASSERT_EQ(sweep("l2-4M,stage2-tlb-512").status, 0);
    (void)collected();
    const std::string figures = "docs/time_figures.py --from $D/in --to $D/drawn";
    const Said missing = python(figures);
    EXPECT_EQ(missing.status, 1);
    EXPECT_EQ(missing.text, "time_figures.py: no file \"" + path("in/time.json").string() + "\"\n");
    fs::copy_file(path("out/l2-4M/results.json"), path("in/time.json"));
    fs::create_directories(path("drawn"));
    EXPECT_TRUE(has(python(figures + " --check").text, "differs: time_ratio.svg"));
    const Said drawn = python(figures);
    EXPECT_EQ(drawn.status, 0) << drawn.text;
    EXPECT_EQ(python(figures + " --check").text, "3 figures, 0 different\n");
    EXPECT_TRUE(has(read("drawn/time_ratio.svg"), ">paper: 2.24<"));
    EXPECT_TRUE(has(read("drawn/time_ratio.svg"), ">stage2-tlb-512<"));
    EXPECT_TRUE(has(read("drawn/time_predicted.svg"), "gem5 24.0.0.1"));
    EXPECT_TRUE(has(read("drawn/time_figure2.svg"), ">natively (A)<"));
    // Another number is another picture.
    std::string changed = read("in/sweep.json");
    changed.replace(changed.find("\"ratio\":2.0"), 11, "\"ratio\":1.7");
    (void)write("in/sweep.json", changed);
    const Said check = python(figures + " --check");
    EXPECT_EQ(check.status, 1);
    EXPECT_EQ(check.text, "differs: time_ratio.svg\n3 figures, 1 different\n");
    (void)write("in/sweep.json", "{}");
    EXPECT_TRUE(has(python(figures).text, "has not what a figure needs: 'settings'"));
}

TEST_F(HostSweep, TablesShowTheNumbersOfTheFiles) {
    ASSERT_EQ(sweep("l2-4M,stage2-tlb-512").status, 0);
    (void)collected();
    // What is looked at: one exit of 7 instructions in 80 cycles, at 2 GHz.
    const auto results = [](const char* unit, int cycles) {
        const Json params{{"path", "null-fast"}};
        const Json row{{"workload", "hypercall"}, {"regime", "nested"}, {"delivery", "injected"},
                       {"params", params},        {"layer", "call"},    {"unit", unit},
                       {"mean", cycles}};
        Json count = row;
        count.update({{"layer", "hyp-instructions"}, {"unit", "instructions"}, {"mean", 7}});
        return Json{{"ticks_hz", 2'000'000'000},
                    {"parameters", {{"counter_hz", 1'000'000}}},
                    {"results", {row, count}}}
            .dump();
    };
    (void)write("in/time.json", results("cycles", 80));
    (void)write("in/counts.json", results("instructions", 12));
    (void)write("in/time_without_isb.json", results("cycles", 80));
    (void)write("page.md",
                "Before.\n<!-- table exits -->\n<!-- end -->\nBetween.\n<!-- table settings -->\n"
                "<!-- end -->\nAfter.\n");
    const std::string tables = "docs/time_tables.py --from $D/in --document $D/page.md";
    EXPECT_EQ(python(tables + " --check").text,
              "differs: exits\ndiffers: settings\n2 tables, 2 different\n");
    EXPECT_EQ(python(tables).status, 0);
    EXPECT_EQ(python(tables + " --check").text, "2 tables, 0 different\n");
    EXPECT_TRUE(has(read("page.md"), "\n| `null-fast` | 7 | 80 | 40 |\n<!-- end -->\nBetween.\n"));
    EXPECT_TRUE(
        has(read("page.md"), "| `stage2-tlb-512` | stage2_tlb=512 | 150.0 | 300.0 | **2.00** |"));
    (void)write("page.md", "<!-- table none -->\n<!-- end -->\n");
    EXPECT_TRUE(has(python(tables).text, "has a table \"none\"; there are sizes, "));
    (void)write("page.md", "No table.\n");
    EXPECT_EQ(python(tables).status, 1);
    fs::remove(path("in/counts.json"));
    EXPECT_EQ(python(tables).text,
              "time_tables.py: no file \"" + path("in/counts.json").string() + "\"\n");
}

/// The figures in docs/ are those of the results in reference/gem5/, and so are the tables.
TEST_F(HostSweep, TheFiguresOfTheDocumentsAreThoseOfTheResults) {
    const fs::path top = HYPMETER_SOURCE_DIR;
    std::string drawn;
    int count = 0;
    for (const auto& [figure, results] :
         {std::pair{"time_ratio.svg", "sweep.json"}, std::pair{"time_figure2.svg", "time.json"},
          std::pair{"time_predicted.svg", "sweep.json"}}) {
        const bool is_measured = fs::exists(top / "reference/gem5" / results);
        EXPECT_EQ(fs::exists(top / "docs" / figure), is_measured) << figure;
        drawn += is_measured ? std::string(" ") + figure : "";
        count += is_measured ? 1 : 0;
    }
    // Versions of gnuplot draw the same data with other words around it.
    if (count > 0) {
        EXPECT_EQ(python("docs/time_figures.py --check --data --only" + drawn).text,
                  std::to_string(count) + " figures, 0 different\n");
    }
    const Said tables = python("docs/time_tables.py --check");
    EXPECT_EQ(tables.status, 0) << tables.text;
    EXPECT_TRUE(has(tables.text, " tables, 0 different\n"));
}

}  // namespace
}  // namespace hm::host::testing
