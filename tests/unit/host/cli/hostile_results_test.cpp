// A results file that somebody has changed: the report is as before, or one line says what is wrong
// and the exit status is not 0. No table is printed of what cannot be.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/files.hpp"
#include "host/base/temporary_folder.hpp"
#include "host/cli/report_command.hpp"
#include "host/report/formats.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {
namespace {

struct Printed {
    int status = 0;
    std::string out;
    std::string err;
};

class HostileResults : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(folder_.error(), "");
        good_ = Json::parse(json_text(judged_results(parse_log(timer_log()))));
    }

    /// What `report` prints of a file with this text.
    [[nodiscard]] Printed report(const std::string& text, const OutputFormat& format) const {
        EXPECT_TRUE(write_file(folder_.path() / "results.json", text));
        std::ostringstream out;
        std::ostringstream err;
        Printed printed;
        printed.status =
            report_command({.folder = folder_.path(), .format = &format}, {out, err, 80});
        printed.out = out.str();
        printed.err = err.str();
        return printed;
    }

    /// The good file with few rows, for tests that read it hundreds of times.
    [[nodiscard]] Json with_few_rows() const {
        constexpr std::size_t kRows = 12;
        Json few = good_;
        for (const char* const list : {"results", "worst"}) {
            while (few[list].size() > kRows) {
                few[list].erase(few[list].size() - 1);
            }
        }
        return few;
    }

    /// All formats print what they print of the good file.
    void expect_the_same(const std::string& text, const char* what) {
        for (const OutputFormat& format : formats()) {
            if (format.name != "plots" && format.name != "json") {
                if (!printed_.contains(format.name)) {
                    printed_[format.name] = report(good_.dump(), format);
                }
                const Printed& before = printed_[format.name];
                const Printed now = report(text, format);
                EXPECT_EQ(now.out, before.out) << what << ", " << format.name;
                EXPECT_EQ(now.status, before.status) << what << ", " << format.name;
            }
        }
    }

    /// No format prints anything but one line with `words` in it.
    void expect_refused(const std::string& text, const std::string& words) const {
        for (const OutputFormat& format : formats()) {
            const Printed printed = report(text, format);
            EXPECT_EQ(printed.out, "") << words;
            EXPECT_NE(printed.status, kAllOk) << words;
            EXPECT_EQ(std::count(printed.err.begin(), printed.err.end(), '\n'), 1) << printed.err;
            EXPECT_TRUE(has(printed.err, words));
        }
    }

    TemporaryFolder folder_;
    Json good_;
    std::map<std::string_view, Printed> printed_;  ///< of the good file, by format
};

struct Change {
    std::string words;  ///< of the refusal
    std::function<void(Json&)> make;
};

TEST_F(HostileResults, AreRefusedInOneLineThatNamesTheField) {
    const auto set = [](const char* pointer, Json value) {
        return [at = Json::json_pointer(pointer), value = std::move(value)](Json& json) {
            json[at] = value;
        };
    };
    const auto drop = [](const char* pointer, const char* key) {
        return [at = Json::json_pointer(pointer), key](Json& json) { json[at].erase(key); };
    };
    const std::vector<Change> changes{
        {"names no schema", drop("", "schema")},
        {"names no schema", set("/schema", -1)},
        {"its schema is 2", set("/schema", 2)},
        {"\"clock\"", set("/clock", "sundial")},
        {"\"clock\"", set("/clock", 7)},
        {"\"caches\" of models", set("/models/caches", 1)},
        {"\"models\"", set("/models", Json::array())},
        {"\"pmu_events\"", set("/pmu_events", Json::array({"a\nb"}))},
        {"\"ticks_hz\"", set("/ticks_hz", 0)},
        {"\"ticks_hz\"", set("/ticks_hz", UINT64_MAX)},
        {"\"native\" of guest_crc32", set("/guest_crc32/native", std::uint64_t{1} << 32)},
        {"\"registers\"", set("/registers", Json{{"MIDR", -1}})},
        {"\"parameters\"", set("/parameters/count", 0)},
        {"\"parameters\"", set("/parameters/count", -1000)},
        {"\"parameters\"", set("/parameters/count", 1e300)},
        {"\"parameters\"", set("/parameters/count", "1000")},
        {"\"parameters\"", set("/parameters/count", 1000.5)},
        {"\"parameters\"", set("/parameters/suite", "slow")},
        {"\"parameters\"", set("/parameters/order", "backwards")},
        {"\"parameters\"", set("/parameters/counter_hz", 0)},
        {"\"parameters\"", set("/parameters/memory_bytes", std::uint64_t{1} << 41)},
        {"\"parameters\"", set("/parameters/new", Json::array())},
        {"\"results\"", set("/results", "many")},
        {"\"workload\" of results[0]", set("/results/0", 5)},
        {"\"workload\" of results[1]", set("/results/1/workload", "")},
        {"\"workload\" of results[1]", set("/results/1/workload", std::string(5000, 'a'))},
        {"\"workload\" of results[1]", set("/results/1/workload", "\x1b[2J")},
        {"\"regime\" of results[2]", set("/results/2/regime", "bare")},
        {"\"delivery\" of results[2]", set("/results/2/delivery", "")},
        {"\"params\" of results[3]", set("/results/3/params/stamps", 2)},
        {"\"params\" of results[3]", set("/results/3/params/stamps", "1")},
        {"\"params\" of results[3]", set("/results/3/params/count", 0)},
        {"\"params\" of results[3]", set("/results/3/params/period_us", -1)},
        {"\"params\" of results[3]", set("/results/3/params/wait", "sleep")},
        {"\"params\" of results[3]", set("/results/3/params/load", 3)},
        {"\"params\" of results[3]", set("/results/3/params/new", "a\tb")},
        {"\"params\" of results[3]", set("/results/3/params", "none")},
        {"\"layer\" of results[4]", set("/results/4/layer", "")},
        {"\"unit\" of results[4]", set("/results/4/unit", "\"; system('x')")},
        {"\"steps\" of results[4]", set("/results/4/steps", "4 to 5")},
        {"\"count\" of results[0]", set("/results/0/count", 0)},
        {"\"count\" of results[0]", set("/results/0/count", -1)},
        {"\"count\" of results[0]", set("/results/0/count", UINT64_MAX)},
        {"\"min\" of results[0]", set("/results/0/min", -0.5)},
        {"\"mean\" of results[0]", set("/results/0/mean", 1e15)},
        {"\"max\" of results[0]", set("/results/0/max", 1e300)},
        {"\"histogram\" of results[0]", set("/results/0/histogram/0/1", 1)},
        {"\"histogram\" of results[0]", set("/results/0/histogram/0", Json::array({1}))},
        {"\"histogram\" of results[0]", set("/results/0/histogram", Json::object())},
        {"results[0] and results[1]", [](Json& json) { json["results"][1] = json["results"][0]; }},
        {"worst[0] and worst[1]", [](Json& json) { json["worst"][1] = json["worst"][0]; }},
        {"\"rank\" of worst[0]", set("/worst/0/rank", 0)},
        {"\"event\" of worst[0]", set("/worst/0/event", UINT64_MAX)},
        {"\"delay\" of worst[0]", set("/worst/0/delay", -1)},
        {"\"layers\" of worst[0]", set("/worst/0/layers/0/0", "")},
        {"\"layers\" of worst[0]", set("/worst/0/layers/0/1", "3")},
        {"\"verdicts\"", drop("", "verdicts")},
        {"\"ok\" of verdicts[0]", set("/verdicts/0/ok", "true")},
        {"\"host\"", set("/host", nullptr)},
    };
    const Json good = with_few_rows();
    ASSERT_TRUE(read_results(good.dump()).results) << "refused before it was changed";
    for (const Change& change : changes) {
        Json json = good;
        change.make(json);
        ASSERT_NE(json, good) << change.words;
        expect_refused(json.dump(), change.words);
    }
}

TEST_F(HostileResults, WhatIsNoJsonOrSaysSomethingTwiceIsRefused) {
    const std::string good = with_few_rows().dump();
    const std::string twice = R"("clock":"instructions",)" + good.substr(1);
    std::string many = R"("host":{)";
    for (std::size_t i = 0; i <= kMostNames; ++i) {
        many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    }
    for (const std::string& text :
         {std::string(), std::string("null"), good.substr(0, 999), good + "}", "[" + good + "]",
          "{" + twice, std::string(R"({"schema":1,"ticks_hz":NaN})"),
          std::string(R"({"schema":1,"ticks_hz":1e999})"), R"({"schema":1,)" + many + "}}",
          std::string("\xff\xfe{}")}) {
        expect_refused(text, "it is not JSON");
    }
}

TEST_F(HostileResults, WhatNoTableShowsChangesNone) {
    const std::vector<std::function<void(Json&)>> changes{
        [](Json& json) {
            json["future"] = Json{{"a", Json::array({1, "b"})}};
        },
        [](Json& json) { json["results"][0]["future"] = -1; },
        [](Json& json) { json["host"]["seconds"] = "\x1b[31m"; },
        [](Json& json) {
            json["host"]["command"] = Json::array({Json::object(), -1});
        },
    };
    for (const auto& change : changes) {
        Json json = good_;
        change(json);
        ASSERT_NE(json, good_);
        expect_the_same(json.dump(), "a field that no table shows");
    }
    expect_the_same(good_.dump(4), "the same with other spaces");
}

/// A machine that lies in its records makes a run that failed, not one that nobody can read.
TEST_F(HostileResults, ARunWhoseTargetLiesCanStillBeRead) {
    LogText log;
    log.begin({"a"}, Json{{"clock", "sundial"},
                          {"ticks_hz", 0},
                          {"counter_hz", 0},
                          {"pmu_events", Json::array({""})},
                          {"registers", Json{{"MIDR", -1}}},
                          {"parameters", Json{{"count", -1}, {"suite", "quick"}}}});
    log.row("timer", kGuest, timer_params("wfi", "idle", 0), "deadline..application", 5);
    log.row("timer", kGuest, timer_params("wfi", "idle", 0), "deadline..application", 6);
    log.row("timer", kGuest, Json{{"stamps", 9}}, "deadline..application", 7);
    log.row("", kGuest, Json::object(), "a..b", 8);
    const RunLog parsed = parse_log(log.scenario("a").end().text());
    EXPECT_GE(parsed.faults.size(), 4U);
    const Results results = judged_results(parsed);
    EXPECT_FALSE(results.ok());
    const ReadResults read = read_results(json_text(results));
    ASSERT_TRUE(read.results) << read.error;
    ASSERT_EQ(read.results->rows.size(), 1U);
    EXPECT_EQ(read.results->rows[0].mean, 5);
    EXPECT_EQ(read.results->parameters.text("suite"), "quick");
    EXPECT_EQ(read.results->parameters.text("count"), "");
}

}  // namespace
}  // namespace hm::host::testing
