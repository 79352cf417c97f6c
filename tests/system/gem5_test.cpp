// Runs under gem5, without gem5. A program stands in for it and plays the log of an image under
// QEMU; a module stands in for the one that configures it.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The parameters that the stand-in says it has.
constexpr const char* kConfiguration = "ex5_big with mhz=1700";

std::string system_folder() { return std::string(HYPMETER_SOURCE_DIR) + "/tests/system"; }
std::string recorded() { return system_folder() + "/gem5_uart.log"; }

/// A folder laid out as gem5's tree, with the stand-ins in place.
class Tree {
  public:
    Tree() {
        fs::create_directories(binary().parent_path());
        fs::copy_file(system_folder() + "/gem5_stand_in.py", binary());
        fs::create_directories(model().parent_path());
        fs::copy_file(system_folder() + "/gem5_stubs/ex5_big.py", model());
        std::ofstream(image()) << "\177ELF";
    }

    [[nodiscard]] fs::path root() const { return scratch_ / "tree"; }
    [[nodiscard]] fs::path binary() const { return root() / "build/ARM/gem5.opt"; }
    [[nodiscard]] fs::path model() const { return root() / "configs/common/cores/arm/ex5_big.py"; }
    [[nodiscard]] fs::path image() const { return scratch_ / "image.elf"; }
    [[nodiscard]] fs::path out() const { return scratch_ / "out"; }

    [[nodiscard]] Finished run_it(const std::string& ends, const std::string& more = "") const {
        return run("GEM5_PLAYS=" + recorded() + " GEM5_ENDS=" + ends + " " + HYPMETER_TOOL +
                   " run --out " + out().string() + " --board vexpress --machine gem5:" +
                   binary().string() + " --image " + image().string() + " " + more);
    }

  private:
    ScratchFolder scratch_;
};

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

/// The rows of the recorded log itself, without their places in it.
json recorded_rows() {
    json rows = json::array();
    std::istringstream lines(read_text(recorded()));
    for (std::string line; std::getline(lines, line);) {
        const std::size_t begin = line.find('{');
        const std::size_t end = line.rfind(" crc=");
        if (has(line, R"("record":"result")")) {
            json record = json::parse(line.substr(begin, end - begin));
            record.erase("seq");
            record.erase("record");
            rows.push_back(record);
        }
    }
    return rows;
}

TEST(Gem5Run, HasTheResultsOfTheLogAndTheConfigurationToQuote) {
    const Tree tree;
    fs::create_directories(tree.out());
    std::ofstream(tree.out() / "qemu.log") << "of an earlier run";
    const Finished finished = tree.run_it("well");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_TRUE(
        has(finished.output, "Quote with every figure: " + std::string(kConfiguration) + "\n"))
        << finished.output;

    const json kept = results(tree.out());
    const json expected = recorded_rows();
    ASSERT_EQ(expected.size(), 9U);
    ASSERT_EQ(kept.at("results").size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        for (const auto& [key, value] : expected[i].items()) {
            EXPECT_EQ(kept.at("results")[i].at(key), value) << key << " of row " << i;
        }
    }
    EXPECT_EQ(kept.at("host").at("gem5"), (json{{"path", tree.binary().string()},
                                                {"configuration", kConfiguration},
                                                {"parameters", {{"mhz", 1700}}},
                                                {"version", "24.0.0.1"}}));
    EXPECT_TRUE(verdict(kept, "gem5's configuration is known").at("ok").get<bool>());
    EXPECT_EQ(read_text(tree.out() / "uart.log"), read_text(recorded()));
    EXPECT_TRUE(has(read_text(tree.out() / "gem5.log"), "user interrupt received"));
    EXPECT_TRUE(has(read_text(tree.out() / "gem5.log"), "warn: listening is off"));
    EXPECT_FALSE(fs::exists(tree.out() / "qemu.log"));

    const Finished report = run(std::string(HYPMETER_TOOL) + " report " + tree.out().string());
    EXPECT_TRUE(has(report.output, kConfiguration)) << report.output;
}

TEST(Gem5Run, IsAskedForWhatTheUserAskedFor) {
    const Tree tree;
    ASSERT_EQ(tree.run_it("well", "--only hypercall --set rounds=2 smp=1 memory=1G").status, 0);
    const json command = results(tree.out()).at("host").at("command");
    const std::string device_tree = tree.out() / "gem5" / "hypmeter.dtb";
    EXPECT_EQ(command,
              (json{"--outdir=" + (tree.out() / "gem5").string(), "--listener-mode=off",
                    std::string(HYPMETER_SOURCE_DIR) + "/toolchain/gem5/hypmeter.py", "--image",
                    tree.image().string(), "--dtb", device_tree, "--tree", tree.root().string()}));
    EXPECT_EQ(run("fdtget " + device_tree + " /chosen bootargs").output,
              "suite=quick only=hypercall rounds=2\n");
}

TEST(Gem5Run, HandsItsParametersToTheScriptAndRecordsWhatThatChose) {
    const Tree tree;
    const Finished finished = tree.run_it("well", "--gem5 l2_tlb=1024 walk_cache=none");
    ASSERT_EQ(finished.status, 0) << finished.output;
    const json host = results(tree.out()).at("host");
    const json& command = host.at("command");
    ASSERT_GE(command.size(), 3U);
    EXPECT_EQ(json(json::array({command[command.size() - 3], command[command.size() - 2],
                                command[command.size() - 1]})),
              (json{"--set", "l2_tlb=1024", "walk_cache=none"}));
    EXPECT_EQ(host.at("gem5").at("parameters"),
              (json{{"mhz", 1700}, {"l2_tlb", "1024"}, {"walk_cache", "none"}}));
    EXPECT_EQ(host.at("gem5").at("configuration"),
              "ex5_big with mhz=1700 l2_tlb=1024 walk_cache=none");
}

TEST(Gem5Run, WhoseScriptDoesNotSayItsParametersFails) {
    const Tree tree;
    const Finished finished = tree.run_it("unnamed");
    EXPECT_EQ(finished.status, 1) << finished.output;
    EXPECT_FALSE(
        verdict(results(tree.out()), "gem5's configuration is known").at("ok").get<bool>());
}

TEST(Gem5Run, ItsParametersAreOnlyForGem5) {
    const Finished finished =
        run(std::string(HYPMETER_TOOL) + " run --gem5 l2_tlb=1024 --out /nowhere");
    EXPECT_EQ(finished.status, 2);
    EXPECT_TRUE(has(finished.output, "--gem5 is only for --machine gem5:PATH")) << finished.output;
}

TEST(Gem5Run, FindsTheTreeThroughALink) {
    const Tree tree;
    const fs::path link = tree.image().parent_path() / "my-gem5";
    fs::create_symlink(tree.binary(), link);
    const Finished finished = run(
        "GEM5_PLAYS=" + recorded() + " " + HYPMETER_TOOL + " run --out " + tree.out().string() +
        " --board vexpress --machine gem5:" + link.string() + " --image " + tree.image().string());
    EXPECT_EQ(finished.status, 0) << finished.output;
}

TEST(Gem5Run, AnEarlierTerminalFileIsNotTakenForThisRuns) {
    const Tree tree;
    ASSERT_EQ(tree.run_it("well").status, 0);
    const Finished finished = tree.run_it("silently");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output, "before the target said anything")) << finished.output;
    EXPECT_TRUE(results(tree.out()).at("results").size() == 9U) << "the earlier run is lost";
}

TEST(Gem5Run, WithoutAProgramIsRefused) {
    const Tree tree;
    fs::remove(tree.binary());
    const Finished finished = tree.run_it("well");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output, "cannot start gem5: no program \"" + tree.binary().string()))
        << finished.output;
    EXPECT_TRUE(has(finished.output, "gem5:TREE/build/ARM/gem5.opt"));
    EXPECT_FALSE(fs::exists(tree.out()));
}

TEST(Gem5Run, WithoutACoreModelIsRefusedWithTheFileThatIsMissing) {
    const Tree tree;
    fs::remove(tree.model());
    const Finished finished = tree.run_it("well");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output, "no core model \"" + tree.model().string()))
        << finished.output;
    EXPECT_FALSE(fs::exists(tree.out()));
}

TEST(Gem5Run, WithoutAnImageIsRefused) {
    const Tree tree;
    fs::remove(tree.image());
    const Finished finished = tree.run_it("well");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output, "no image \"" + tree.image().string())) << finished.output;
}

TEST(Gem5Run, ThatEndsBeforeTheTargetSpeaksSaysWhatGem5SaidLast) {
    const Tree tree;
    const Finished finished = tree.run_it("badly");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output,
                    "gem5 ended before the target said anything (exit status 1): warn: listening "
                    "is off; NameError: name 'IntrControl' is not defined\n"))
        << finished.output;
    EXPECT_FALSE(fs::exists(tree.out() / "results.json"));
}

TEST(Gem5Run, ThatPanicsInTheMiddleFailsAndKeepsItsLogs) {
    const Tree tree;
    const Finished finished = tree.run_it("early");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output, "the run failed: gem5: killed by signal 6"))
        << finished.output;
    EXPECT_TRUE(has(read_text(tree.out() / "gem5.log"), "panic: EOImode 1"));
    EXPECT_FALSE(verdict(results(tree.out()), "machine ended").at("ok").get<bool>());
}

TEST(Gem5Run, ShowsProgressAndEndsAtItsTimeLimit) {
    const Tree tree;
    const Finished finished = tree.run_it("never", "--time-limit 6");
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(has(finished.output, "hypercall path=vector-only")) << finished.output;
    EXPECT_TRUE(has(finished.output, "gem5: ended here at the time limit")) << finished.output;
    const json run = results(tree.out());
    EXPECT_EQ(run.at("host").at("time_limit_seconds"), 6);
    EXPECT_TRUE(has(verdict(run, "machine ended").at("detail"), "time limit of 6 s"));
}

/// Runs the script with the module that stands in for gem5's. `more`: of its command line.
Finished configure(const Tree& tree, const std::string& how = "", const std::string& more = "") {
    fs::create_directories(tree.out());
    return run("GEM5_STUB_OUT=" + tree.out().string() + " " + how + " python3 " + system_folder() +
               "/gem5_stubs/run.py " + HYPMETER_SOURCE_DIR +
               "/toolchain/gem5/hypmeter.py --image " + tree.image().string() +
               " --dtb tree.dtb --tree " + tree.root().string() + " " + more);
}

/// The root of what it has built.
json built(const Finished& finished) {
    const std::string mark = "CONFIGURATION ";
    const std::size_t at = finished.output.find(mark);
    if (at == std::string::npos) {
        ADD_FAILURE() << finished.output;
        return json::object();
    }
    return json::parse(finished.output.substr(at + mark.size(),
                                              finished.output.find('\n', at) - at - mark.size()));
}

TEST(Gem5Configuration, IsThatOfTheCoreTheMemoryAndTheImage) {
    const Tree tree;
    const Finished finished = configure(tree);
    ASSERT_EQ(finished.status, 0) << finished.output;
    const json root = built(finished);
    EXPECT_EQ(root.at("full_system"), true);
    const json& system = root.at("system");
    EXPECT_EQ(system.at("mem_mode"), "timing");
    EXPECT_EQ(system.at("highest_el_is_64"), false);
    EXPECT_EQ(system.at("auto_reset_addr"), true);
    EXPECT_EQ(system.at("release").at("extensions"), (json{"LPAE", "VIRTUALIZATION", "SECURITY"}));
    EXPECT_EQ(system.at("realview").at("type"), "VExpress_GEM5_V1");
    EXPECT_EQ(system.at("gic_cpu_addr"), 0x2c00'2000);

    const json memory{{"type", "AddrRange"}, {"start", 0x8000'0000}, {"size", "1GiB"}};
    EXPECT_EQ(system.at("mem_ranges"), json::array({memory}));
    EXPECT_EQ(system.at("memory").at("dram").at("type"), "DDR3_1600_8x8");
    EXPECT_EQ(system.at("memory").at("dram").at("range"), memory);

    const json& cpu = system.at("cpu");
    EXPECT_EQ(cpu.at("type"), "ex5_big");
    EXPECT_EQ(cpu.at("clk_domain").at("clock"), "1700MHz");
    EXPECT_EQ(cpu.at("icache").at("size"), "32KiB");
    EXPECT_EQ(cpu.at("dcache").at("size"), "32KiB");
    EXPECT_EQ(cpu.at("l2cache").at("size"), "1024KiB");
    EXPECT_EQ(cpu.at("l2cache").at("clusivity"), "mostly_incl");
    EXPECT_EQ(cpu.at("icache").at("writeback_clean"), false);
    // TRM 5.2 of the Cortex-A15 (ARM DDI 0438).
    EXPECT_EQ(cpu.at("mmu").at("dtb").at("size"), 32);
    EXPECT_EQ(cpu.at("mmu").at("l2_shared").at("size"), 512);
    EXPECT_FALSE(cpu.contains("itb_walker_cache"));
    EXPECT_EQ(cpu.at("memory_side"), "SystemXBar.cpu_side_ports");
    const json& pmu = cpu.at("isa").at(0).at("pmu");
    EXPECT_EQ(pmu.at("interrupt").at("type"), "ArmPPI");
    EXPECT_EQ(pmu.at("eventCounters"), 6);
    EXPECT_EQ(pmu.at("counts"), (json{"ex5_big", "ArmTLB", "ArmTLB", "L1I", "L1D", "L2"}));

    EXPECT_EQ(system.at("terminal").at("outfile"), "file");
    EXPECT_EQ(system.at("workload").at("object_file"), tree.image().string());
    EXPECT_FALSE(system.at("workload").contains("boot_loader"));
    // At the start of memory, where the image looks for it.
    EXPECT_EQ(system.at("workload").at("extras"), json::array({"tree.dtb"}));
    EXPECT_EQ(system.at("workload").at("extras_addrs"), json::array({0x8000'0000}));
}

TEST(Gem5Configuration, IsChangedByEachParameter) {
    const Tree tree;
    const Finished finished = configure(
        tree, "",
        "--set mhz=1000 l1i_kb=16 l1d_kb=64 l1_ways=4 l1_cycles=3 l2_kb=512 l2_ways=8 l2_cycles=20 "
        "l2_holds_l1=no l2_random=no prefetcher=tagged prefetch_lines=2 l1_tlb=10 l2_tlb=256 "
        "walk_cache=all stage2_tlb=64 table_cache_kb=8 dram=DDR4_2400_8x8 "
        "dram_ns=30 dram_rows=close");
    ASSERT_EQ(finished.status, 0) << finished.output;
    const json system = built(finished).at("system");
    const json& cpu = system.at("cpu");
    EXPECT_EQ(cpu.at("clk_domain").at("clock"), "1000MHz");
    EXPECT_EQ(cpu.at("icache").at("size"), "16KiB");
    EXPECT_EQ(cpu.at("dcache").at("size"), "64KiB");
    EXPECT_EQ(cpu.at("dcache").at("assoc"), 4);
    EXPECT_EQ(cpu.at("dcache").at("tag_latency"), 3);
    EXPECT_EQ(cpu.at("dcache").at("writeback_clean"), true);
    const json& l2 = cpu.at("l2cache");
    EXPECT_EQ(l2.at("size"), "512KiB");
    EXPECT_EQ(l2.at("assoc"), 8);
    EXPECT_EQ(l2.at("data_latency"), 20);
    EXPECT_EQ(l2.at("clusivity"), "mostly_excl");
    EXPECT_EQ(l2.at("replacement_policy").at("type"), "LRURP");
    EXPECT_EQ(l2.at("prefetcher"), (json{{"type", "TaggedPrefetcher"}, {"degree", 2}}));
    const json& mmu = cpu.at("mmu");
    EXPECT_EQ(mmu.at("itb").at("size"), 10);
    EXPECT_EQ(mmu.at("dtb").at("size"), 10);
    EXPECT_EQ(mmu.at("l2_shared").at("size"), 256);
    EXPECT_EQ(mmu.at("l2_shared").at("partial_levels"), (json{"L1", "L2"}));
    EXPECT_EQ(mmu.at("stage2_dtb").at("size"), 64);
    EXPECT_EQ(cpu.at("dtb_walker_cache").at("size"), "8KiB");
    EXPECT_EQ(cpu.at("dtb_walker_bus").at("mem_side_ports"), "L1D.cpu_side");
    // Both walkers of an L1 TLB share it.
    EXPECT_EQ(mmu.at("dtb_walker").at("port"), "L2XBar.cpu_side_ports");
    EXPECT_EQ(mmu.at("stage2_dtb_walker").at("port"), "L2XBar.cpu_side_ports");
    EXPECT_EQ(system.at("memory").at("dram").at("type"), "DDR4_2400_8x8");
    EXPECT_EQ(system.at("memory").at("static_frontend_latency"), "40ns");
    EXPECT_EQ(system.at("memory").at("static_backend_latency"), "10ns");
    EXPECT_EQ(system.at("memory").at("dram").at("page_policy"), "close");

    const json kept = json::parse(read_text(tree.out() / "parameters.json"));
    const json by_default = [&tree] {
        const Finished plain = configure(tree);
        EXPECT_EQ(plain.status, 0);
        return json::parse(read_text(tree.out() / "parameters.json"));
    }();
    // A parameter that is new wants a value here too.
    ASSERT_EQ(kept.size(), by_default.size());
    for (const auto& [name, value] : by_default.items()) {
        EXPECT_NE(kept.at(name), value) << name << " is not changed by this test";
    }
}

TEST(Gem5Configuration, HasAControllerThatIsQuickerThanGem5s) {
    const Tree tree;
    const json memory = built(configure(tree, "", "--set dram_ns=-15")).at("system").at("memory");
    EXPECT_EQ(memory.at("static_frontend_latency"), "0ns");
    EXPECT_EQ(memory.at("static_backend_latency"), "5ns");
}

TEST(Gem5Configuration, WithoutAPrefetcherHasNone) {
    const Tree tree;
    const json system = built(configure(tree, "", "--set prefetcher=none")).at("system");
    EXPECT_EQ(system.at("cpu").at("l2cache").at("prefetcher"), nullptr);
}

TEST(Gem5Configuration, RefusesWhatIsNoParameterInOneLine) {
    const Tree tree;
    const std::pair<const char*, const char*> cases[]{
        {"l3_kb=1", "gem5's machine has no parameter \"l3_kb\"; it has mhz, "},
        {"mhz", "\"mhz\" is not NAME=VALUE\n"},
        {"dram_ns=-21", "dram_ns=\"-21\": dram_ns is a number from -20 to 1000\n"},
        {"mhz=fast", "mhz=\"fast\": mhz is a number from 100 to 4000\n"},
        {"l2_kb=1000", "l2_kb=\"1000\": l2_kb is a power of two from 64 to 16384\n"},
        {"table_cache_kb=3",
         "table_cache_kb=\"3\": table_cache_kb is 0, or a power of two from 1 to 512\n"},
        {"prefetcher=best", "prefetcher=\"best\": prefetcher is one of none, tagged, stride\n"},
        {"mhz=1000 mhz=1000", "parameter mhz is set twice\n"},
    };
    for (const auto& [words, message] : cases) {
        const Finished finished = configure(tree, "", std::string("--set ") + words);
        EXPECT_EQ(finished.status, 1) << words;
        EXPECT_TRUE(finished.output.starts_with(message)) << finished.output;
    }
}

TEST(Gem5Configuration, IsListedWithoutGem5) {
    const Finished finished =
        run(std::string("python3 ") + HYPMETER_SOURCE_DIR + "/toolchain/gem5/hypmeter.py --list");
    EXPECT_EQ(finished.status, 0);
    EXPECT_TRUE(has(finished.output, "l2_tlb=512\n")) << finished.output;
    EXPECT_TRUE(has(finished.output, "Source: TRM 5.2.3."));
}

TEST(Gem5Configuration, EndsWellOnlyWhereTheHostEndsIt) {
    const Tree tree;
    EXPECT_EQ(configure(tree).status, 0);
    const std::string cut_short = "GEM5_STUB_CAUSE='simulate() limit reached'";
    EXPECT_EQ(configure(tree, cut_short).status, 1);
}

TEST(Gem5Configuration, WithoutTheCoreModelNamesTheFile) {
    const Tree tree;
    fs::remove(tree.model());
    const Finished finished = configure(tree);
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.output, "no core model \"" + tree.model().string() + "\"\n");
}

}  // namespace
}  // namespace hm::test
