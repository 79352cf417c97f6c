#include "host/cli/options.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "host/cli/catalogue.hpp"
#include "host/cli/selection_words.hpp"
#include "host/machine/gem5.hpp"
#include "host/machine/qemu.hpp"
#include "host/machine/serial_board.hpp"
#include "host/model/cortex_a7.hpp"
#include "measure/plan.hpp"
#include "measure/request.hpp"
#include "measure/workload/table.hpp"
#include "tests/unit/host/cli/parsed.hpp"
#include "tests/unit/host/machine/board_names.hpp"

namespace hm::host {
namespace {

using measure::Key;

TEST(HostOptions, RunAloneTakesTheQuickSuiteWithItsDefaults) {
    const RunOptions run = run_of({"run"});
    EXPECT_EQ(run.suite, measure::Suite::kQuick);
    EXPECT_EQ(run.out, "results");
    EXPECT_EQ(run.qemu, "qemu-system-arm");
    EXPECT_EQ(run.image, "builds/virt/hypmeter-virt.elf");
    EXPECT_EQ(run.time_limit, kNoTimeLimit);
    EXPECT_EQ(run.stall_limit.count(), 30);
    EXPECT_EQ(run.get(Key::kCount), 1000u);
    EXPECT_EQ(target_command_line(run), "suite=quick");
}

TEST(HostOptions, EverythingCanBeSet) {
    const RunOptions run =
        run_of({"run", "--suite", "paper", "--only", "chase,timer", "--set", "smp=2", "count=10",
                "bytes=1M", "--out", "there", "--set", "memory=2G", "count=20", "--qemu", "/q",
                "--image", "other.elf"});
    EXPECT_EQ(run.time_limit, kNoTimeLimit);
    EXPECT_EQ(run.stall_limit.count(), 225);
    EXPECT_EQ(run.out, "there");
    EXPECT_EQ(run.image, "other.elf");
    EXPECT_EQ(run.get(Key::kCount), 20u);
    EXPECT_EQ(run.get(Key::kSmp), 2u);
    EXPECT_EQ(run.get(Key::kPeriod), 30'000u);
    EXPECT_EQ(target_command_line(run), "suite=paper only=chase,timer count=20 bytes=1048576");
    EXPECT_EQ(run_of({"run", "--time-limit", "7"}).time_limit.count(), 7);
}

TEST(HostOptions, ABoardBringsItsImageAndRunsWhereItCan) {
    const RunOptions vexpress = run_of({"run", "--board", "vexpress", "--machine", "gem5:/g/gem5"});
    EXPECT_EQ(vexpress.image, "builds/vexpress/hypmeter-vexpress.elf");
    EXPECT_EQ(vexpress.machine.kind, &kGem5);
    EXPECT_EQ(vexpress.machine.where, "/g/gem5");
    const RunOptions arndale =
        run_of({"run", "--board", "arndale", "--machine", "serial:/dev/ttyUSB0"});
    EXPECT_EQ(arndale.machine.kind, &kSerialBoard);
    EXPECT_EQ(arndale.machine.where, "/dev/ttyUSB0");
}

TEST(HostOptions, ARecordedLogTakesNothingThatSaysWhatToRun) {
    EXPECT_EQ(run_of({"run", "--machine", "log:-"}).machine.where, "-");
    EXPECT_TRUE(has(refusal_of({"run", "--machine", "log:-", "--suite", "paper"}).line,
                    "the run of a log is over"));
    EXPECT_TRUE(has(refusal_of({"run", "--machine", "log:-", "--set", "smp=2"}).line,
                    "the run of a log is over"));
}

TEST(HostOptions, ABoardThatAMachineCannotRunIsRefused) {
    EXPECT_TRUE(has(refusal_of({"run", "--board", "tegra"}).valid, board_names(", ")));
    EXPECT_TRUE(has(board_names(", "), "arndale") && has(board_names(", "), "virt"));
    EXPECT_TRUE(has(refusal_of({"run", "--machine", "serial:"}).valid, "serial:DEVICE"));
    EXPECT_TRUE(has(refusal_of({"run", "--board", "arndale"}).line, "--machine serial:DEVICE"));
    EXPECT_TRUE(has(refusal_of({"run", "--machine", "gem5:/g"}).line, "only runs board vexpress"));
    EXPECT_TRUE(has(refusal_of({"run", "--board", "vexpress", "--machine", "serial:/dev/x"}).line,
                    "no serial port"));
}

TEST(HostOptions, AMachineEntersTheImageAsItsBoardDoesOrAsIsAsked) {
    EXPECT_EQ(run_of({"run"}).entry, EntryMode::kHyp);
    EXPECT_EQ(run_of({"run", "--entry", "secure"}).entry, EntryMode::kSecure);
    EXPECT_EQ(run_of({"run", "--board", "vexpress"}).entry, EntryMode::kSecure);
    EXPECT_EQ(run_of({"run", "--board", "vexpress", "--entry", "hyp"}).entry, EntryMode::kHyp);
    EXPECT_TRUE(has(refusal_of({"run", "--entry", "svc"}).valid, "hyp, secure"));
    EXPECT_TRUE(has(refusal_of({"run", "--machine", "serial:/dev/x", "--entry", "hyp"}).line,
                    "--entry is only for --machine qemu"));
    EXPECT_TRUE(has(
        refusal_of({"run", "--board", "vexpress", "--machine", "gem5:/g", "--entry", "hyp"}).line,
        "--entry is only for --machine qemu"));
}

TEST(HostOptions, CoresThatEnterTogetherAreNotCountedByIcount) {
    for (const std::vector<std::string>& machine :
         std::vector<std::vector<std::string>>{{"--board", "vexpress"}, {"--entry", "secure"}}) {
        std::vector<std::string> words{"run", "--set", "smp=2"};
        words.insert(words.end(), machine.begin(), machine.end());
        EXPECT_TRUE(has(refusal_of(words).line, "--clock wall"));
        words.insert(words.end(), {"--clock", "wall"});
        EXPECT_EQ(refusal_of(words).line, "");
    }
    EXPECT_EQ(refusal_of({"run", "--set", "smp=2"}).line, "");
}

TEST(HostOptions, Gem5TakesNothingThatIsForQemu) {
    const auto with = [](std::vector<std::string> more) {
        std::vector<std::string> words{"run", "--board", "vexpress", "--machine", "gem5:/g"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    EXPECT_EQ(run_of(with({})).time_limit.count(), 7200);
    EXPECT_EQ(run_of(with({"--time-limit", "7"})).time_limit.count(), 7);
    EXPECT_TRUE(
        has(refusal_of(with({"--clock", "wall"})).line, "--clock is only for --machine qemu"));
    EXPECT_TRUE(has(refusal_of(with({"--qemu", "/q"})).line, "--qemu is only for --machine qemu"));
    EXPECT_TRUE(has(refusal_of(with({"--resume"})).line, "only for --machine serial:DEVICE"));
    const UsageError cores = refusal_of(with({"--set", "smp=2"}));
    EXPECT_TRUE(has(cores.line, "one core and 1 GB"));
    EXPECT_TRUE(has(cores.valid, "--set smp=1"));
    EXPECT_TRUE(has(refusal_of(with({"--set", "memory=512M"})).valid, "--set memory=1G"));
    EXPECT_EQ(refusal_of(with({"--set", "smp=1", "memory=1G", "count=20"})).line, "");
}

TEST(HostOptions, TheClockIsThatOfInstructionsUnlessToldOtherwise) {
    EXPECT_EQ(run_of({"run"}).clock, ClockSource::kInstructions);
    EXPECT_EQ(run_of({"run", "--clock", "instructions"}).clock, ClockSource::kInstructions);
    const RunOptions wall = run_of({"run", "--clock", "wall"});
    EXPECT_EQ(wall.clock, ClockSource::kWall);
    EXPECT_EQ(wall.stall_limit.count(), 225);
    EXPECT_TRUE(has(refusal_of({"run", "--clock", "tsc"}).valid, "instructions, wall"));
}

TEST(HostOptions, ThePaperInRealTimeNeedsACountOrALimit) {
    const std::vector<std::string> hours{"run", "--suite", "paper", "--clock", "wall"};
    const UsageError error = refusal_of(hours);
    EXPECT_TRUE(has(error.line, "--set count=1000"));
    EXPECT_TRUE(has(error.line, "--time-limit"));
    EXPECT_FALSE(has(error.line + error.valid, "\n"));
    for (const std::vector<std::string>& more :
         std::vector<std::vector<std::string>>{{"--set", "count=1000"},
                                               {"--time-limit", "9000"},
                                               {"--only", "chase"},
                                               {"--clock", "instructions"},
                                               {"--suite", "quick"}}) {
        std::vector<std::string> words{"run"};
        // Not given twice: that is refused for another reason.
        for (std::size_t i = 1; i < hours.size(); i += 2) {
            if (hours[i] != more[0]) {
                words.insert(words.end(), {hours[i], hours[i + 1]});
            }
        }
        words.insert(words.end(), more.begin(), more.end());
        EXPECT_EQ(refusal_of(words).line, "") << more[0];
    }
    EXPECT_NE(refusal_of({"run", "--suite", "paper", "--clock", "wall", "--only", "timer"}).line,
              "");
}

TEST(HostOptions, TheTargetReadsWhatTheHostComposes) {
    const RunOptions run = run_of({"run", "--suite", "paper", "--only", "hypercall", "--set",
                                   "hang=1", "watchdog=5000000", "memory=512M"});
    const std::string line = target_command_line(run);
    const measure::ParsedRequest parsed = measure::parse_request(line);
    ASSERT_FALSE(parsed.refusal);
    EXPECT_EQ(parsed.request.suite, run.suite);
    EXPECT_TRUE(wants(parsed.request, measure::hypercall::kWorkload));
    EXPECT_FALSE(wants(parsed.request, measure::timer::kWorkload));
    for (const Key key : {Key::kHang, Key::kWatchdog, Key::kCount, Key::kBytes}) {
        EXPECT_EQ(parsed.request.get(key), run.get(key));
    }
}

TEST(HostOptions, AKeyThatIsSetLaterStandsInItsPlaceAndOnlyOnce) {
    RunOptions run = run_of({"run", "--set", "count=5", "smp=2"});
    run.set(Key::kFrom, 7);
    run.set(Key::kFrom, 9);
    EXPECT_EQ(run.get(Key::kFrom), 9U);
    EXPECT_EQ(target_command_line(run), "suite=quick count=5 from=9");
    ASSERT_EQ(run.settings.size(), 3U);
    EXPECT_EQ(run.settings[2].first, Key::kSmp);
}

TEST(HostOptions, ATargetMayBeSilentForAQuarterOfTheTimeLimit) {
    EXPECT_EQ(run_of({"run", "--stall-limit", "5"}).stall_limit.count(), 5);
    EXPECT_EQ(run_of({"run", "--time-limit", "60"}).stall_limit.count(), 15);
    EXPECT_EQ(run_of({"run", "--time-limit", "1"}).stall_limit.count(), 10);
}

TEST(HostOptions, AnUnknownKeyIsRefusedWithTheNearestOne) {
    EXPECT_EQ(refusal_of({"run", "--set", "count=5", "perod=1"}).line,
              "unknown key \"perod\" in --set perod=1; did you mean \"period\"?");
    const UsageError error = refusal_of({"run", "--set", "xyzzy=1"});
    EXPECT_EQ(error.line, "unknown key \"xyzzy\" in --set xyzzy=1");
    EXPECT_EQ(error.valid, "`hypmeter list` shows all keys with their ranges.\n");
    for (const measure::KeyInfo& key : measure::kKeys) {
        EXPECT_TRUE(has(catalogue_text(80), "  " + std::string(key.name) + " ")) << key.name;
    }
}

TEST(HostOptions, ABadValueIsRefusedWithTheRangeOfItsKey) {
    const UsageError error = refusal_of({"run", "--set", "period=99"});
    EXPECT_TRUE(has(error.line, "\"99\"") && has(error.line, "\"period\""));
    EXPECT_TRUE(has(error.valid, "100..1000000"));
    EXPECT_FALSE(has(error.valid, "watchdog"));
    EXPECT_NE(refusal_of({"run", "--set", "period"}).line, "");
    EXPECT_NE(refusal_of({"run", "--set", "memory=1073741823"}).line, "");
}

TEST(HostOptions, AnUnknownCommandIsRefusedWithTheNearestOne) {
    EXPECT_EQ(refusal_of({"rnu"}).line, "unknown command \"rnu\"; did you mean \"run\"?");
    EXPECT_EQ(refusal_of({"xyzzyx"}).line, "unknown command \"xyzzyx\"");
}

TEST(HostOptions, ASelectionThatLeavesNothingIsRefused) {
    using Lines = std::vector<std::vector<std::string>>;
    for (const std::vector<std::string>& words :
         Lines{{"--only", "timer", "--set", "delivery=boosted", "load=idle"},
               {"--filter", "no such scenario"},
               {"--only", "exits", "--set", "from=800"}}) {
        for (const std::vector<std::string>& command : Lines{{"run"}, {"list", "--scenarios"}}) {
            std::vector<std::string> line = command;
            line.insert(line.end(), words.begin(), words.end());
            EXPECT_EQ(refusal_of(line).line, "no scenario is left by what was asked for");
        }
    }
    EXPECT_TRUE(has(refusal_of({"run", "--filter", "["}).line, "regular expression"));
}

TEST(HostOptions, AFilterPicksTheScenariosThatItFinds) {
    const RunOptions run = run_of({"run", "--only", "timer", "--filter", "boosted"});
    const measure::ParsedRequest parsed = measure::parse_request(target_command_line(run));
    ASSERT_FALSE(parsed.refusal);
    const auto plan = std::make_unique<measure::Plan>();
    measure::make_plan(parsed.request, 1'000'000'000, *plan);
    const Options listed = parse({"list", "--scenarios", "--only", "timer", "--filter", "boosted"});
    const auto* list = std::get_if<ListOptions>(&listed);
    ASSERT_NE(list, nullptr);
    ASSERT_EQ(plan->scenarios().size(), list->scenarios.size());
    ASSERT_FALSE(plan->scenarios().empty());
    for (std::size_t i = 0; i < list->scenarios.size(); ++i) {
        std::array<char, measure::kNameBytes> buffer{};
        EXPECT_EQ(name_of(plan->scenarios()[i], buffer), list->scenarios[i].name);
        EXPECT_TRUE(list->scenarios[i].name.ends_with("/boosted")) << list->scenarios[i].name;
    }
    EXPECT_TRUE(run_of({"run"}).pick.empty()) << "without a filter the target makes its own plan";
}

TEST(HostOptions, ADryRunCountsScenariosAndSeconds) {
    const Options quick = parse({"list", "--scenarios"});
    ASSERT_TRUE(std::holds_alternative<ListOptions>(quick));
    const auto& scenarios = std::get<ListOptions>(quick).scenarios;
    double seconds = 0;
    for (const PlannedScenario& scenario : scenarios) {
        seconds += scenario.seconds;
    }
    // Suite quick takes 20 to 40 s, most of it for the timer.
    EXPECT_GT(seconds, 10);
    EXPECT_LT(seconds, 60);
    EXPECT_GT(scenarios.size(), 200U);
    EXPECT_TRUE(has(scenarios_text(scenarios, 200), "(pagefault 15, "));
    EXPECT_EQ(refusal_of({"list", "--filter", "x"}).line, "--filter is only for list --scenarios");
}

TEST(HostOptions, OnlyAClockWithNoiseIsRepeated) {
    EXPECT_TRUE(has(refusal_of({"run", "--repeat", "3"}).line, "same to the byte"));
    EXPECT_TRUE(has(
        refusal_of({"run", "--board", "vexpress", "--machine", "gem5:/g", "--repeat", "3"}).line,
        "same to the byte"));
    EXPECT_EQ(run_of({"run", "--clock", "wall", "--repeat", "3"}).repeat, 3U);
    EXPECT_NE(refusal_of({"run", "--clock", "wall", "--repeat", "0"}).line, "");
}

TEST(HostOptions, HelpVersionManualAndCompletionAreAnswers) {
    const auto answer = [](std::vector<std::string> words) {
        const Options options = parse(std::move(words));
        const auto* said = std::get_if<Answer>(&options);
        return said == nullptr ? std::string() : said->text;
    };
    EXPECT_TRUE(has(answer({"--help"}), "compare"));
    EXPECT_TRUE(answer({"--version"}).starts_with("hypmeter 0."));
    const std::string manual = answer({"manual"});
    const std::string completion = answer({"completion"});
    for (const std::string command :
         {"run", "report", "compare", "baseline", "list", "predict", "image", "flash"}) {
        EXPECT_TRUE(has(answer({command, "--help"}), "Examples:\n  hypmeter " + command))
            << command;
        EXPECT_TRUE(has(manual, ".SS " + command + "\n")) << command;
        EXPECT_TRUE(has(completion, "        " + command + ") words=\"")) << command;
    }
    for (const std::string option : {"time\\-limit", "fail\\-on", "scenarios", "filter"}) {
        EXPECT_TRUE(has(manual, "\\-\\-" + option)) << option;
    }
    EXPECT_TRUE(has(completion, "--board) words=\"" + board_names(" ") + "\""));
    EXPECT_TRUE(has(completion, "period= "));
}

TEST(HostOptions, UnknownSuitesWorkloadsAndFormatsAreRefused) {
    EXPECT_TRUE(has(refusal_of({"run", "--suite", "slow"}).valid, "quick, paper"));
    EXPECT_TRUE(has(refusal_of({"run", "--only", "timer,walk"}).line, "\"walk\""));
    EXPECT_TRUE(has(refusal_of({"run", "--only", "walk"}).valid, "pagefault, chase"));
    EXPECT_TRUE(has(refusal_of({"report", "d", "--format", "pdf"}).valid, "cyclictest"));
}

TEST(HostOptions, WhatTheParserItselfRefusesIsOneLine) {
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{},
                                               {"frobnicate"},
                                               {"run", "--frobnicate"},
                                               {"run", "stray"},
                                               {"run", "--time-limit", "0"},
                                               {"run", "--time-limit", "soon"},
                                               {"run", "--set"},
                                               {"report"}}) {
        const UsageError error = refusal_of(words);
        EXPECT_NE(error.line, "");
        EXPECT_FALSE(has(error.line, "\n"));
        EXPECT_NE(error.valid, "");
    }
}

TEST(HostOptions, ReportTakesAFolderAndAFormat) {
    const Options options = parse({"report", "there", "--format", "lmbench"});
    const auto* report = std::get_if<ReportOptions>(&options);
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->folder, "there");
    EXPECT_EQ(report->format->name, "lmbench");
    for (const std::string name : {"histogram", "plots"}) {
        const Options other = parse({"report", "there", "--format", name});
        ASSERT_TRUE(std::holds_alternative<ReportOptions>(other)) << name;
        EXPECT_EQ(std::get<ReportOptions>(other).format->name, name);
    }
}

TEST(HostOptions, PredictTakesOrdersSizesAndAModel) {
    const Options plain = parse({"predict"});
    const auto* by_default = std::get_if<PredictOptions>(&plain);
    ASSERT_NE(by_default, nullptr);
    EXPECT_EQ(by_default->models, (std::vector{Model()}));
    EXPECT_EQ(by_default->bytes, (std::vector<std::uint64_t>{8 << 20, 256 << 20}));
    EXPECT_EQ(by_default->orders.front(), measure::ChaseOrder::kPageRandom);
    EXPECT_FALSE(by_default->parameters);
    const Options both = parse({"predict", "--core", "cortex-a15,cortex-a7"});
    const auto* cores = std::get_if<PredictOptions>(&both);
    ASSERT_NE(cores, nullptr);
    EXPECT_EQ(cores->models, (std::vector{Model(kCortexA15), Model(kCortexA7)}));
    EXPECT_FALSE(Model(kCortexA15) == Model(kCortexA7));
    const Options chosen = parse({"predict", "--order", "random,thrash", "--bytes", "96K,4M"});
    const auto* predict = std::get_if<PredictOptions>(&chosen);
    ASSERT_NE(predict, nullptr);
    EXPECT_EQ(predict->orders,
              (std::vector{measure::ChaseOrder::kRandom, measure::ChaseOrder::kThrash}));
    EXPECT_EQ(predict->bytes, (std::vector<std::uint64_t>{96 << 10, 4 << 20}));
}

TEST(HostOptions, WhatPredictCannotUseIsRefusedInOneLine) {
    EXPECT_EQ(refusal_of({"predict", "--order", "strided"}).line, "unknown order \"strided\"");
    EXPECT_TRUE(
        has(refusal_of({"predict", "--order", "strided"}).valid, "page-random, page-dense"));
    for (const char* bytes : {"100K", "32K", "512M", "0", "-1", "8MB", ""}) {
        const UsageError error = refusal_of({"predict", "--bytes", bytes});
        EXPECT_TRUE(has(error.line, "is not a size of a chase")) << bytes;
        EXPECT_EQ(error.valid, "sizes: multiples of 32K from 64K to 256M\n");
    }
    for (const char* stride : {"0", "32", "100", "8192"}) {
        const UsageError error = refusal_of({"predict", "--stride", stride});
        EXPECT_EQ(error.line, std::string(stride) + " is not a stride of a chase");
        EXPECT_EQ(error.valid, "strides: multiples of 64 up to 4096\n");
    }
    for (const char* other : {"--settle", "--parameters", "--core=cortex-a15,cortex-a7"}) {
        EXPECT_EQ(refusal_of({"predict", "--json", other}).line,
                  "--json is only for the chases of one core");
    }
    EXPECT_EQ(refusal_of({"predict", "--model", "/nowhere"}).line, "cannot read \"/nowhere\"");
    EXPECT_EQ(refusal_of({"predict", "--core", "cortex-a9"}).line, "unknown core \"cortex-a9\"");
    EXPECT_EQ(refusal_of({"predict", "--core", "a7"}).valid, "cores: cortex-a15, cortex-a7\n");
    EXPECT_EQ(refusal_of({"predict", "--core", "cortex-a7,cortex-a7"}).line,
              "core \"cortex-a7\" is named twice");
    EXPECT_EQ(refusal_of({"predict", "--core", "cortex-a15,cortex-a7", "--model", "m"}).line,
              "--model says the values of one core, but --core names several");
}

TEST(HostOptions, HelpIsAnAnswerAndNoError) {
    const Options options = parse({"run", "--help"});
    const auto* answer = std::get_if<Answer>(&options);
    ASSERT_NE(answer, nullptr);
    EXPECT_TRUE(has(answer->text, "--time-limit"));
}

TEST(HostOptions, TheCatalogueShowsEverythingThereIs) {
    EXPECT_TRUE(std::holds_alternative<ListOptions>(parse({"list"})));
    const std::string text = catalogue_text(80);
    for (const measure::Described& workload : measure::kWorkloadNames) {
        EXPECT_TRUE(has(text, std::string(workload.name)));
    }
    for (const char* part : {"quick", "paper", "model", "time", "64K..256M, default 8M",
                             "(paper: 30000,", "time: 200)"}) {
        EXPECT_TRUE(has(text, part)) << part;
    }
}

}  // namespace
}  // namespace hm::host
