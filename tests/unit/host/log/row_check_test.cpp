// What a log or a results file says must be possible, not only of the right type.

#include "host/log/row_check.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

/// 100 samples from 10 to 90 in three buckets.
Row good_row() {
    Row row;
    row.workload = "timer";
    row.regime = "nested";
    row.delivery = "injected";
    row.layer = "deadline..application";
    row.unit = "cycles";
    row.count = 1000;
    row.min = 10;
    row.mean = 32;
    row.max = 90;
    row.p50 = 20;
    row.p95 = 50;
    row.p99 = 80;
    row.histogram = {{10, 500}, {40, 450}, {80, 50}};
    return row;
}

struct Case {
    std::string_view field;
    std::function<void(Row&)> change;
};

TEST(HostRowCheck, ARowThatCanBeIsTaken) {
    EXPECT_EQ(wrong_field(good_row()), "");
    Row one = good_row();
    one.count = 1;
    one.min = one.mean = one.max = 0.125;
    one.p50.reset();
    one.p95.reset();
    one.p99.reset();
    one.histogram = {{0.125, 1}};
    EXPECT_EQ(wrong_field(one), "");
    one.histogram.clear();
    EXPECT_EQ(wrong_field(one), "");
}

TEST(HostRowCheck, EachFieldThatContradictsTheOthersIsNamed) {
    const std::vector<Case> cases{
        {"regime", [](Row& row) { row.regime = "nestled"; }},
        {"delivery", [](Row& row) { row.delivery = "alone"; }},
        {"delivery", [](Row& row) { row.regime = "alone"; }},
        {"delivery", [](Row& row) { row.delivery = "by hand"; }},
        {"stage2", [](Row& row) { row.stage2 = "3M"; }},
        {"count", [](Row& row) { row.count = 0; }},
        {"count", [](Row& row) { row.count = std::uint64_t{1} << 60; }},
        {"min", [](Row& row) { row.min = -1; }},
        {"min", [](Row& row) { row.min = 1e300; }},
        {"max", [](Row& row) { row.max = 9; }},
        {"max", [](Row& row) { row.max = 1e16; }},
        {"mean", [](Row& row) { row.mean = 9.999; }},
        {"mean", [](Row& row) { row.mean = 90.001; }},
        {"histogram", [](Row& row) { row.histogram[1].second = 449; }},
        {"histogram", [](Row& row) { row.histogram[1].second = 451; }},
        {"histogram", [](Row& row) { row.histogram[1].second = UINT64_MAX; }},
        {"histogram",
         [](Row& row) {
             row.histogram.insert(row.histogram.begin(), {5, 0});
         }},
        {"histogram", [](Row& row) { std::swap(row.histogram[0], row.histogram[1]); }},
        {"histogram", [](Row& row) { row.histogram[1].first = 10; }},
        {"histogram", [](Row& row) { row.histogram[0].first = 11; }},
        {"histogram", [](Row& row) { row.histogram[0].first = -1; }},
        {"histogram", [](Row& row) { row.histogram[2].first = 91; }},
        {"histogram",
         [](Row& row) {
             row.min = 40;
             row.mean = 60;
         }},
        // The lows alone make a mean of 27.
        {"histogram", [](Row& row) { row.mean = 26.9; }},
        {"p50", [](Row& row) { row.p50 = 9; }},
        {"p50", [](Row& row) { row.p50 = 40; }},
        {"p95", [](Row& row) { row.p95 = 39; }},
        {"p95", [](Row& row) { row.p95 = 81; }},
        {"p99", [](Row& row) { row.p99 = 79; }},
        {"p99", [](Row& row) { row.p99 = 91; }},
        {"p999", [](Row& row) { row.p999 = 79; }},
        {"p95",
         [](Row& row) {
             row.histogram.clear();
             row.p95 = 19;
         }},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        Row row = good_row();
        cases[i].change(row);
        EXPECT_EQ(wrong_field(row), cases[i].field) << "case " << i;
    }
}

TEST(HostRowCheck, EachFieldOfAWorstEventHasItsRange) {
    Worst worst;
    worst.workload = "timer";
    worst.unit = "instructions";
    worst.regime = "nested";
    worst.delivery = "shared";
    worst.rank = 1;
    worst.delay = 99;
    worst.layers = {{"a..b", 90}};
    EXPECT_EQ(wrong_field(worst), "");
    const auto changed = [&worst](const std::function<void(Worst&)>& change) {
        Worst other = worst;
        change(other);
        return std::string(wrong_field(other));
    };
    EXPECT_EQ(changed([](Worst& w) { w.regime = ""; }), "regime");
    EXPECT_EQ(changed([](Worst& w) { w.rank = 0; }), "rank");
    EXPECT_EQ(changed([](Worst& w) { w.rank = 9; }), "rank");
    EXPECT_EQ(changed([](Worst& w) { w.delay = -1; }), "delay");
    EXPECT_EQ(changed([](Worst& w) { w.layers[0].second = -1; }), "layers");
}

/// The first fault of a log whose only row has these statistics.
std::string fault_of(const Json& statistics) {
    LogText log;
    log.begin({"a"}).row_of("timer", kGuest, Json::object(), "a..b", "cycles", statistics);
    const RunLog parsed = parse_log(log.scenario("a").end().text());
    return parsed.faults.empty() ? "" : parsed.faults.front();
}

TEST(HostRowCheck, ALogWithARowThatCannotBeIsFaulty) {
    Json statistics{{"count", 2}, {"min", 1}, {"mean", 2}, {"max", 3}};
    EXPECT_EQ(fault_of(statistics), "");
    statistics["mean"] = 4;
    EXPECT_TRUE(has(fault_of(statistics), "field \"mean\" is missing or wrong"));
}

TEST(HostRowCheck, AResultsFileWithARowThatCannotBeIsRefused) {
    Results results;
    results.version = "1";
    results.rows = {good_row()};
    ASSERT_TRUE(read_results(json_text(results)).results);
    results.rows[0].histogram[0].second = 1;
    const ReadResults read = read_results(json_text(results));
    EXPECT_FALSE(read.results);
    EXPECT_TRUE(has(read.error, "\"histogram\""));
}

TEST(HostRowCheck, WhatALogSaysOfItsMachineIsInRange) {
    const auto fault = [](const Json& changes) {
        const RunLog log = parse_log(LogText().begin({}, changes).end().text());
        return log.faults.empty() ? std::string() : log.faults.front();
    };
    EXPECT_EQ(fault(Json{{"ticks_hz", 1'700'000'000}}), "");
    EXPECT_TRUE(has(fault(Json{{"counter_hz", 0}}), "\"counter_hz\""));
    EXPECT_TRUE(has(fault(Json{{"counter_hz", 1'000'000'000'000}}), "\"counter_hz\""));
    EXPECT_EQ(fault(Json{{"parameters", {{"stamp_isbs", 0}}}}), "");
    EXPECT_TRUE(has(fault(Json{{"parameters", {{"stamp_isbs", 1}}}}), "\"parameters\""));
    EXPECT_TRUE(has(fault(Json{{"ticks_hz", 0}}), "\"ticks_hz\""));
    EXPECT_TRUE(has(fault(Json{{"memory_bytes", 0}}), "\"memory_bytes\""));
    EXPECT_TRUE(has(fault(Json{{"memory_bytes", std::uint64_t{1} << 41}}), "\"memory_bytes\""));
    for (const char* crc : {"guest_crc32", "parameters_crc32"}) {
        LogText log;
        log.begin({"a"}).scenario("a", Json{{crc, std::uint64_t{1} << 32}}).end();
        EXPECT_TRUE(has(parse_log(log.text()).faults.at(0), crc));
    }
}

TEST(HostRowCheck, ProgressIsNotBeyondItsEnd) {
    const auto faults = [](double done, double of) {
        LogText log;
        log.begin({"a"}).record("progress", Json{{"scenario", "a"}, {"done", done}, {"of", of}});
        return parse_log(log.scenario("a").end().text()).faults.size();
    };
    EXPECT_EQ(faults(1, 2), 0U);
    EXPECT_EQ(faults(2, 2), 0U);
    EXPECT_EQ(faults(3, 2), 1U);
    EXPECT_EQ(faults(-1, 2), 1U);
    EXPECT_EQ(faults(1, 1e300), 1U);
}

TEST(HostJson, WhatIsNestedDeeplyIsNotReadAndDoesNotExhaustTheStack) {
    constexpr std::size_t kMany = 400'000;
    const auto nested = [](const std::string& open, const std::string& close, std::size_t levels) {
        std::string text;
        for (std::size_t i = 0; i < levels; ++i) {
            text += open;
        }
        text += "1";
        for (std::size_t i = 0; i < levels; ++i) {
            text += close;
        }
        return text;
    };
    EXPECT_TRUE(parse_json(nested("[", "]", kDeepest)));
    EXPECT_FALSE(parse_json(nested("[", "]", kDeepest + 1)));
    EXPECT_FALSE(parse_json(nested("{\"a\":", "}", kDeepest + 1)));
    EXPECT_FALSE(parse_json(nested("[", "", kMany)));
    // Brackets of a text are none, whatever is escaped in it.
    EXPECT_TRUE(parse_json("[\"" + std::string(kMany, '[') + "\"]"));
    EXPECT_TRUE(parse_json(R"(["\\\"[[[[[[[[[[[[[[[[[[[[[["])"));
    const std::string record =
        R"({"seq":0,"record":"begin","plan":)" + nested("[", "]", kMany) + "}";
    EXPECT_TRUE(has(parse_log(record_line(record) + "\n").faults.at(0), "is not a JSON object"));
    EXPECT_EQ(read_results(R"({"schema":1,"host":)" + nested("[", "]", kMany) + "}").error,
              "it is not JSON");
}

TEST(HostJson, WhatATerminalWouldObeyIsReplacedInEveryText) {
    const std::string evil = "a\x1b[2J\r\n\x7f\xc2\x9b";
    const std::string clean = "a?[2J?????";
    LogText log;
    log.begin({evil}, Json{{"machine", evil},
                           {"board", evil},
                           {"parameters", Json{{evil, evil}}},
                           {"pmu_events", Json::array({evil})}});
    log.row(evil, kGuest, Json{{evil, evil}}, evil, 1, evil);
    log.scenario(evil, Json{{"detail", evil}});
    log.record("verdict", Json{{"name", evil}, {"ok", true}, {"detail", evil}}).end();
    const RunLog parsed = parse_log(log.text());
    ASSERT_TRUE(parsed.begin);
    EXPECT_EQ(parsed.begin->machine, clean);
    EXPECT_EQ(parsed.begin->board, clean);
    EXPECT_EQ(parsed.begin->plan.at(0), clean);
    EXPECT_EQ(parsed.begin->pmu_events.at(0), clean);
    EXPECT_EQ(parsed.begin->parameters.text(clean), clean);
    EXPECT_EQ(parsed.rows.at(0).workload, clean);
    EXPECT_EQ(parsed.rows.at(0).layer, clean);
    EXPECT_EQ(parsed.rows.at(0).unit, clean);
    EXPECT_EQ(parsed.rows.at(0).param(clean), clean);
    EXPECT_EQ(parsed.scenarios.at(0).name, clean);
    EXPECT_EQ(parsed.scenarios.at(0).detail, clean);
    EXPECT_EQ(parsed.verdicts.at(0).detail, clean);
    Results results;
    results.host = Json{{"gem5", Json{{"configuration", evil}}}}.dump();
    EXPECT_EQ(host_text(results, "/gem5/configuration"), clean);
    EXPECT_EQ(host_text(results, "/gem5/none"), "");
    LogText unknown;
    unknown.begin({}).record(evil, Json::object()).end();
    EXPECT_TRUE(has(parse_log(unknown.text()).faults.at(0), "unknown kind \"" + clean + "\""));
}

}  // namespace
}  // namespace hm::host::testing
