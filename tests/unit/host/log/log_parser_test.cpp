#include "host/log/log_parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

const std::vector<std::string> kNoFaults;

/// All that a log said which goes into results, as text.
std::string essence(const RunLog& log) {
    Results results;
    results.rows = log.rows;
    results.verdicts = log.verdicts;
    for (const ScenarioRecord& scenario : log.scenarios) {
        results.verdicts.push_back({scenario.name, scenario.ok, scenario.detail});
    }
    results.parameters = log.begin ? log.begin->parameters : Params();
    results.machine = log.begin ? log.begin->machine : "";
    return json_text(results) + (log.end_ok ? "ended" : "cut");
}

std::string first_fault(const std::string& text) {
    const RunLog log = parse_log(text);
    return log.faults.empty() ? "" : log.faults.front();
}

TEST(HostLogParser, ReadsACompleteLog) {
    const RunLog log = parse_log(good_log());
    EXPECT_EQ(log.faults, kNoFaults);
    ASSERT_TRUE(log.begin);
    EXPECT_EQ(log.begin->board, "virt");
    EXPECT_EQ(log.begin->plan.size(), 10u);
    EXPECT_EQ(log.scenarios.size(), 10u);
    EXPECT_EQ(log.scenarios[3].guest_crc32, 0xabcdu);
    EXPECT_EQ(log.verdicts.size(), 1u);
    EXPECT_EQ(log.end_ok, true);
    ASSERT_GT(log.rows.size(), 6u);
    EXPECT_EQ(log.rows[6].mean, 1.125);
    EXPECT_EQ(log.rows[6].param("bytes"), "8388608");
}

TEST(HostLogParser, TakesLinesThatEndInLineFeedAlone) {
    EXPECT_EQ(essence(parse_log(good_log("\n"))), essence(parse_log(good_log("\r\n"))));
    EXPECT_EQ(parse_log(good_log("\n")).faults, kNoFaults);
}

TEST(HostLogParser, ReadsTheSameHoweverTheBytesAreCutIntoPieces) {
    const std::string text = small_log();
    for (const std::size_t size : {1u, 7u, 64u, 4096u}) {
        LogParser parser;
        for (std::size_t at = 0; at < text.size(); at += size) {
            parser.feed(std::string_view(text).substr(at, size));
        }
        parser.finish();
        EXPECT_EQ(parser.log().faults, kNoFaults);
        EXPECT_EQ(essence(parser.log()), essence(parse_log(text)));
    }
}

TEST(HostLogParser, ALogCutAnywhereFailsUnlessNothingIsLost) {
    const std::string text = small_log();
    const std::string whole = essence(parse_log(text));
    std::size_t complete = 0;
    for (std::size_t size = 0; size < text.size(); ++size) {
        const RunLog log = parse_log(text.substr(0, size));
        if (log.faults.empty()) {
            EXPECT_EQ(essence(log), whole) << "cut at " << size;
            ++complete;
        }
    }
    // Only what follows the end record may go: its own line's end, and the lines after it.
    EXPECT_EQ(complete, text.size() - text.find("\r\nanything"));
}

TEST(HostLogParser, AFlippedBitFailsOrChangesNothing) {
    const std::string text = small_log();
    const std::string whole = essence(parse_log(text));
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string flipped = text;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
        const RunLog log = parse_log(flipped);
        if (log.faults.empty()) {
            ASSERT_EQ(essence(log), whole) << "byte " << at;
        }
    }
}

TEST(HostLogParser, EveryBitOfARecordMatters) {
    const std::string text = LogText().begin({"a"}).scenario("a").end().text();
    const std::size_t last = text.rfind("\r\n");
    for (std::size_t at = 0; at < last; ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            ASSERT_NE(parse_log(flipped).faults, kNoFaults) << "byte " << at << " bit " << bit;
        }
    }
}

TEST(HostLogParser, AMissingLineIsAFault) {
    const std::string text = small_log();
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t next = text.find('\n', start) + 1;
        const bool record =
            text.compare(start, 10, "@hypmeter ") == 0 && text.find("crc=00000000", start) > next;
        if (record) {
            EXPECT_NE(first_fault(text.substr(0, start) + text.substr(next)), "")
                << text.substr(start, next - start);
        }
        start = next;
    }
}

TEST(HostLogParser, SaysWhereALogStops) {
    LogText log;
    log.begin({"first", "second", "third"}).scenario("first");
    EXPECT_TRUE(has(first_fault(log.text()),
                    "after record 1, in scenario \"second\"; 1 of 3 scenarios complete"));
    log.record("progress", Json{{"scenario", "third"}, {"done", 1}, {"of", 2}});
    EXPECT_TRUE(has(first_fault(log.text()), "in scenario \"third\""));
    EXPECT_EQ(RunLog{}.position(), "before the first record");
}

TEST(HostLogParser, AnEmptyLogHasNoBegin) { EXPECT_EQ(first_fault(""), "no begin record"); }

TEST(HostLogParser, AScenarioOfThePlanThatIsMissingIsAFault) {
    EXPECT_TRUE(has(first_fault(LogText().begin({"a", "b"}).scenario("a").end().text()),
                    "\"b\" is missing"));
}

TEST(HostLogParser, AScenarioThatComesTwiceIsAFault) {
    EXPECT_TRUE(has(first_fault(LogText().begin({"a"}).scenario("a").scenario("a").end().text()),
                    "\"a\" came 2 times"));
}

TEST(HostLogParser, AScenarioOutsideThePlanIsAFault) {
    EXPECT_TRUE(has(first_fault(LogText().begin({"a"}).scenario("a").scenario("b").end().text()),
                    "\"b\" is not in the plan"));
}

TEST(HostLogParser, AWrongCountOfResultsIsAFault) {
    LogText log;
    log.begin({"a"}).row("chase", kNative, Json::object(), "load", 1);
    log.scenario("a", Json{{"results", 2}}).end();
    EXPECT_TRUE(has(first_fault(log.text()), "says 2 results, and 1 came"));
}

TEST(HostLogParser, ResultsAfterTheLastScenarioAreAFault) {
    LogText log;
    log.begin({"a"}).scenario("a").row("chase", kNative, Json::object(), "load", 1).end();
    EXPECT_TRUE(has(first_fault(log.text()), "1 results belong to no scenario"));
}

TEST(HostLogParser, ASecondBeginIsAFault) {
    EXPECT_TRUE(
        has(first_fault(LogText().begin({}).begin({}).end().text()), "begins a second time"));
}

TEST(HostLogParser, AnUnknownSchemaOrKindIsAFault) {
    EXPECT_TRUE(
        has(first_fault(LogText().begin({}, Json{{"schema", 2}}).end().text()), "\"schema\""));
    EXPECT_TRUE(has(first_fault(LogText().begin({}).record("news", Json::object()).end().text()),
                    "unknown kind \"news\""));
}

TEST(HostLogParser, AnEndWithTheWrongNumberOfRecordsIsAFault) {
    LogText log;
    log.begin({}).record("end", Json{{"records", 2}, {"ok", true}});
    EXPECT_TRUE(has(first_fault(log.text()), "\"records\""));
}

TEST(HostLogParser, WorstEventsAreKeptAndNotCountedAsResults) {
    const Json worst{
        {"workload", "timer"},
        {"regime", "nested"},
        {"delivery", "shared"},
        {"params", Json{{"stamps", 1}}},
        {"unit", "instructions"},
        {"rank", 1},
        {"event", 412},
        {"delay", 99},
        {"layers", Json::array({Json::array({"a..b", 90}), Json::array({"b..c", 9})})}};
    LogText log;
    log.begin({"a"}).row("timer", kGuest, Json::object(), "a..b", 1).record("worst", worst);
    const RunLog parsed = parse_log(log.scenario("a").end().text());
    EXPECT_EQ(parsed.faults, kNoFaults);
    ASSERT_EQ(parsed.worst.size(), 1u);
    EXPECT_EQ(parsed.worst[0].event, 412u);
    EXPECT_EQ(parsed.worst[0].layers[1], (std::pair<std::string, double>{"b..c", 9}));
    for (const Json& bad : {Json{{"layers", Json::array({Json::array({"a..b"})})}},
                            Json{{"layers", 5}}, Json{{"rank", -1}}, Json{{"delay", "9"}}}) {
        Json changed = worst;
        changed.update(bad);
        LogText damaged;
        damaged.begin({"a"}).record("worst", changed).scenario("a").end();
        EXPECT_TRUE(has(first_fault(damaged.text()), bad.items().begin().key())) << bad;
    }
}

TEST(HostLogParser, StepsOfThePaperAreKeptWhereARowNamesThem) {
    const Json numbers{{"count", 1}, {"min", 1}, {"mean", 1}, {"max", 1}};
    Json named = numbers;
    named["steps"] = "(4)-(5)";
    LogText log;
    log.begin({"a"}).row_of("timer", kGuest, Json::object(), "a..b", "x", named);
    log.row_of("timer", kGuest, Json::object(), "b..c", "x", numbers).scenario("a").end();
    const RunLog parsed = parse_log(log.text());
    EXPECT_EQ(parsed.faults, kNoFaults);
    EXPECT_EQ(parsed.rows.at(0).steps, "(4)-(5)");
    EXPECT_EQ(parsed.rows.at(1).steps, "");
}

TEST(HostLogParser, WhatTheMachineCountsMayBeLeftOutButIsOfItsType) {
    const auto begin = [](const Json& changes) {
        return LogText().begin({}, changes).end().text();
    };
    const RunLog without = parse_log(begin(Json::object()));
    EXPECT_TRUE(without.begin->pmu_events.empty());
    EXPECT_EQ(without.begin->ticks_hz, std::nullopt);
    EXPECT_EQ(first_fault(begin(Json{{"pmu_events", Json::array()}})), "");
    EXPECT_TRUE(has(first_fault(begin(Json{{"pmu_events", Json::array({5})}})), "\"pmu_events\""));
    EXPECT_TRUE(has(first_fault(begin(Json{{"ticks_hz", "fast"}})), "\"ticks_hz\""));
}

TEST(HostLogParser, StagesOfARowThatAreNotThePlainOnesArePartOfItsSetting) {
    LogText log;
    log.begin({"a"}).row("chase", "nested:2M/injected", Json::object(), "load", 1);
    log.row("chase", kGuest, Json::object(), "load", 1).scenario("a").end();
    const RunLog parsed = parse_log(log.text());
    EXPECT_EQ(parsed.faults, kNoFaults);
    EXPECT_EQ(parsed.rows.at(0).stage2, "2M");
    EXPECT_EQ(parsed.rows.at(0).setting(), "nested:2M/injected");
    EXPECT_EQ(parsed.rows.at(1).setting(), "nested/injected");
}

TEST(HostLogParser, AScenarioMayBeSkippedAndSaysSo) {
    LogText log;
    log.begin({"a", "b"}).scenario("a", Json{{"skipped", true}}).scenario("b").end();
    const RunLog parsed = parse_log(log.text());
    EXPECT_EQ(parsed.faults, kNoFaults);
    EXPECT_TRUE(parsed.scenarios.at(0).skipped);
    EXPECT_FALSE(parsed.scenarios.at(1).skipped);
    EXPECT_TRUE(
        has(first_fault(LogText().begin({"a"}).scenario("a", Json{{"skipped", 1}}).end().text()),
            "\"skipped\""));
}

TEST(HostLogParser, AFieldOfTheWrongTypeIsAFault) {
    LogText log;
    log.begin({"a"}).row_of("chase", kNative, Json::object(), "load", "x",
                            Json{{"count", 1}, {"min", "1"}, {"mean", 1}, {"max", 1}});
    log.scenario("a").end();
    EXPECT_TRUE(has(first_fault(log.text()), "\"min\""));
}

TEST(HostLogParser, KeepsTheLastWordsWithoutWhatATerminalWouldObey) {
    LogText log;
    for (int i = 0; i < 20; ++i) {
        log.words(fmt::format("line {}", i));
    }
    const RunLog parsed = parse_log(log.words("\033[2J!").text());
    EXPECT_EQ(parsed.last_words.size(), kLastWords);
    EXPECT_EQ(parsed.last_words.back(), "?[2J!");
}

TEST(HostLogParser, TheTargetHasSaidAllAfterItsLastRecordOrWhereItGivesUp) {
    const auto parsed = [](const std::string& words, bool end) {
        LogText log;
        log.begin({}, Json::object()).words("why").words(words);
        return parse_log(end ? log.end().text() : log.text());
    };
    EXPECT_FALSE(parsed("nothing more will come", false).ended());
    EXPECT_TRUE(parsed("", true).ended());
    EXPECT_FALSE(parsed("", true).gave_up);
    const RunLog gave_up = parsed("hypmeter: nothing more will come", false);
    EXPECT_TRUE(gave_up.ended());
    EXPECT_FALSE(gave_up.end_ok);
    EXPECT_EQ(gave_up.last_words.back(), "why") << "the line is for programs";
}

TEST(HostLogParser, AFloodWithoutLineEndsIsNotKept) {
    LogParser parser;
    const std::string chunk(1 << 16, 'x');
    for (int i = 0; i < 64; ++i) {
        parser.feed(chunk);
    }
    parser.feed("\n" + good_log());
    parser.finish();
    EXPECT_EQ(parser.log().faults, kNoFaults);
}

}  // namespace
}  // namespace hm::host::testing
