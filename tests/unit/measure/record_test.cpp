#include "measure/record.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "measure/crc32.hpp"

namespace hm::measure {
namespace {

using nlohmann::ordered_json;

/// A run's output, taken apart as a reader would.
class Output {
    std::string text_;

    struct Append {
        std::string& text;
        void operator()(char c) const { text += c; }
    } append_{text_};

  public:
    RecordWriter writer{append_};

    [[nodiscard]] const std::string& text() const { return text_; }

    /// The lines' JSON texts; a test fails where a line has another form or a wrong CRC.
    [[nodiscard]] std::vector<std::string> bodies() const {
        const std::string head = "@hypmeter ";
        const std::string tail = " crc=01234567\n";
        std::vector<std::string> bodies;
        for (std::size_t begin = 0; begin < text_.size();) {
            const std::size_t end = text_.find('\n', begin) + 1;
            const std::string line = text_.substr(begin, end - begin);
            begin = end;
            EXPECT_EQ(line.substr(0, head.size()), head);
            const std::size_t size = line.size() - head.size() - tail.size();
            const std::string body = line.substr(head.size(), size);
            const auto crc = crc32(std::as_bytes(std::span(body)));
            std::array<char, 16> expected{};
            std::snprintf(expected.data(), expected.size(), " crc=%08x\n", crc);
            EXPECT_EQ(line.substr(head.size() + size), expected.data());
            bodies.push_back(body);
        }
        return bodies;
    }

    [[nodiscard]] ordered_json only() const {
        EXPECT_EQ(bodies().size(), 1u);
        return ordered_json::parse(bodies().at(0));
    }
};

ResultRecord timer_result(const Summary& summary) {
    return {.workload = "timer",
            .regime = "nested",
            .delivery = "injected",
            .values = {},
            .layer = "deadline..hyp-vector",
            .unit = "instructions",
            .scale = 1,
            .summary = summary};
}

TEST(Record, IsOneLineWithMarkerJsonAndCrc) {
    Output out;
    out.writer.verdict({.name = "a", .ok = true, .detail = "b"});
    EXPECT_EQ(out.text(),
              "@hypmeter {\"seq\":0,\"record\":\"verdict\",\"name\":\"a\",\"ok\":true,"
              "\"detail\":\"b\"} crc=5a518985\n");
}

TEST(Record, BeginTellsTheMachineAndThePlan) {
    const std::array settings = {NamedValue("suite", "quick"), NamedValue("count", 1000)};
    const std::array<std::string_view, 2> plan = {"timer native/native", "timer nested/injected"};
    Output out;
    out.writer.begin({.version = "0.1.0",
                      .compiler = "12.2.1",
                      .board = "virt",
                      .machine = "QEMU",
                      .clock = Clock::kInstructions,
                      .counter_hz = 1'000'000'000,
                      .models_caches = false,
                      .models_tlb = true,
                      .memory_bytes = 1 << 30,
                      .pmu_events = 0b1001,
                      .settings = settings,
                      .plan = plan});
    EXPECT_EQ(
        out.bodies().at(0),
        R"({"seq":0,"record":"begin","schema":1,"version":"0.1.0","compiler":"12.2.1",)"
        R"("board":"virt","machine":"QEMU",)"
        R"("clock":"instructions","counter_hz":1000000000,"models":{"caches":false,"tlb":true},)"
        R"("memory_bytes":1073741824,"pmu_events":["dtlb-refills","bus-accesses"],)"
        R"("parameters":{"suite":"quick","count":1000},)"
        R"("plan":["timer native/native","timer nested/injected"]})");
}

TEST(Record, BeginTellsHowFastTicksGoWhereThatWasMeasured) {
    Output out;
    out.writer.begin({.clock = Clock::kCycles, .ticks_hz = 1'700'000'000});
    EXPECT_EQ(out.only()["ticks_hz"], 1'700'000'000);
}

TEST(Record, ResultTellsItsStageTwoWhereThatIsNotPlain) {
    ResultRecord result = timer_result({});
    result.stage2 = "2M";
    Output out;
    out.writer.result(result);
    EXPECT_EQ(out.only()["stage2"], "2M");
    Output plain;
    plain.writer.result(timer_result({}));
    EXPECT_FALSE(plain.only().contains("stage2"));
}

TEST(Record, ResultTellsItsSummaryAndHistogram) {
    auto samples = std::make_unique<Samples>();
    for (std::uint64_t value = 1; value <= 200; ++value) {
        samples->add(value <= 150 ? 10 : 20);
    }
    const std::array values = {NamedValue("period_ns", 1000), NamedValue("order", "random")};
    ResultRecord result = timer_result(samples->summary());
    result.values = values;
    Output out;
    out.writer.result(result);
    EXPECT_EQ(out.bodies().at(0),
              R"({"seq":0,"record":"result","workload":"timer","regime":"nested",)"
              R"("delivery":"injected","params":{"period_ns":1000,"order":"random"},)"
              R"("layer":"deadline..hyp-vector","unit":"instructions","count":200,"min":10,)"
              R"("mean":12.5,"p50":10,"p95":20,"max":20,"histogram":[[10,150],[20,50]]})");
}

TEST(Record, ResultLeavesOutPercentilesThatAreAbsent) {
    Output out;
    out.writer.result(timer_result({.count = 3, .min = 1, .max = 3, .mean_milli = 2000}));
    const ordered_json json = out.only();
    EXPECT_FALSE(json.contains("p50"));
    EXPECT_FALSE(json.contains("p999"));
    EXPECT_EQ(json["mean"], 2);
    EXPECT_EQ(json["histogram"], ordered_json::array());
}

TEST(Record, ResultTellsEveryPercentileThatIsThere) {
    Output out;
    out.writer.result(timer_result({.count = 10'000,
                                    .min = 1,
                                    .max = 6,
                                    .mean_milli = 2500,
                                    .p50 = 2,
                                    .p95 = 3,
                                    .p99 = 4,
                                    .p999 = 5}));
    EXPECT_NE(out.text().find(
                  R"("min":1,"mean":2.5,"p50":2,"p95":3,"p99":4,"p999":5,"max":6,"histogram":[])"),
              std::string::npos);
}

TEST(Record, ResultInThousandthsIsWrittenInDecimals) {
    auto samples = std::make_unique<Samples>();
    samples->add(1002);
    samples->add(1003);
    ResultRecord result = timer_result(samples->summary());
    result.scale = 1000;
    Output out;
    out.writer.result(result);
    EXPECT_NE(out.text().find(R"("min":1.002,"mean":1.0025,"max":1.003,"histogram":[[1,2]])"),
              std::string::npos)
        << out.text();
}

TEST(Record, ScenarioCountsTheResultsSinceThePreviousOne) {
    Output out;
    out.writer.result(timer_result({}));
    out.writer.result(timer_result({}));
    out.writer.scenario({.name = "timer nested/injected",
                         .ok = true,
                         .detail = "",
                         .guest_crc32 = 0xcbf43926,
                         .parameters_crc32 = 7});
    out.writer.progress({.scenario = "next", .done = 1, .of = 2});
    out.writer.result(timer_result({}));
    out.writer.scenario({.name = "next", .ok = false, .detail = "stopped"});
    const std::vector<std::string> bodies = out.bodies();
    EXPECT_EQ(bodies.at(2),
              R"({"seq":2,"record":"scenario","name":"timer nested/injected","ok":true,)"
              R"("detail":"","results":2,"guest_crc32":3421780262,"parameters_crc32":7})");
    EXPECT_EQ(ordered_json::parse(bodies.at(5))["results"], 1);
}

TEST(Record, ProgressTellsHowFarAScenarioCame) {
    Output out;
    out.writer.progress({.scenario = "chase", .done = 3, .of = 8});
    EXPECT_EQ(out.bodies().at(0),
              R"({"seq":0,"record":"progress","scenario":"chase","done":3,"of":8})");
}

TEST(Record, NumbersRiseByOneOverAllKinds) {
    Output out;
    out.writer.begin({});
    out.writer.result(timer_result({}));
    out.writer.scenario({.ok = true});
    out.writer.verdict({.ok = true});
    out.writer.progress({});
    out.writer.end(true);
    const std::vector<std::string> bodies = out.bodies();
    ASSERT_EQ(bodies.size(), 6u);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const ordered_json json = ordered_json::parse(bodies[i]);
        EXPECT_EQ(json["seq"], i);
        EXPECT_EQ(json.begin().key(), "seq") << "the number comes first";
    }
}

TEST(Record, EndCountsTheRecordsBeforeIt) {
    Output out;
    out.writer.begin({});
    out.writer.progress({});
    out.writer.end(true);
    EXPECT_EQ(out.bodies().at(2), R"({"seq":2,"record":"end","records":2,"ok":true})");
}

TEST(Record, EndTellsTheInstructionsOfTheRunWhereTheyAreKnown) {
    Output out;
    out.writer.end(true, 20'000'000);
    EXPECT_EQ(out.bodies().at(0),
              R"({"seq":0,"record":"end","records":0,"ok":true,"instructions":20000000})");
}

TEST(Record, EndIsNotOkAfterAScenarioAVerdictOrACallerThatWasNot) {
    for (int who = 0; who < 3; ++who) {
        Output out;
        out.writer.scenario({.ok = who != 0});
        out.writer.verdict({.ok = who != 1});
        out.writer.verdict({.ok = true});
        EXPECT_EQ(out.writer.all_ok(), who == 2);
        out.writer.end(who != 2);
        EXPECT_EQ(ordered_json::parse(out.bodies().at(3))["ok"], false) << who;
    }
}

TEST(Record, HoldsOneLineWhateverTheTextsHold) {
    Output out;
    out.writer.verdict(
        {.name = "a\n\r\"", .ok = true, .detail = "\xff@hypmeter {} crc=00000000\n"});
    out.writer.verdict({.ok = true});
    EXPECT_EQ(out.bodies().size(), 2u);
}

}  // namespace
}  // namespace hm::measure
