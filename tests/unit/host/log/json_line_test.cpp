// JSON as it is written line by line: whatever a field holds, it has its value.

#include "host/log/json_line.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

std::string line_of(const std::function<void(JsonLine&)>& write) {
    std::string text;
    JsonLine line(text);
    write(line);
    return text;
}

TEST(HostJsonLine, WritesTextsAsJsonDoes) {
    for (const std::string text :
         {"", "plain", "a \"b\" \\ c", "tab\t", "\x01\x7f", "\xc3\xa9", "half \xc3", "end\n"}) {
        EXPECT_EQ(line_of([&](JsonLine& line) { line.text(text); }), dump(Json(text)));
    }
    EXPECT_EQ(line_of([](JsonLine& line) { line.text("half \xc3"); }), "\"half \xef\xbf\xbd\"");
    EXPECT_EQ(line_of([](JsonLine& line) { line.text("a\"b"); }), R"("a\"b")");
}

TEST(HostJsonLine, WritesWholeNumbersWithoutAPoint) {
    const auto said = [](double value) {
        return line_of([value](JsonLine& line) { line.number(value); });
    };
    EXPECT_EQ(said(12), "12");
    EXPECT_EQ(said(-3), "-3");
    EXPECT_EQ(said(-0.0), "0");
    EXPECT_EQ(said(1.125), "1.125");
    EXPECT_EQ(said(9007199254740991.0), "9007199254740991");
    EXPECT_EQ(said(1e300), "1e+300");
    EXPECT_EQ(said(std::numeric_limits<double>::infinity()), "null");
    EXPECT_EQ(line_of([](JsonLine& line) { line.whole(UINT64_MAX); }), "18446744073709551615");
}

TEST(HostJsonLine, DividesWhatStandsSideBySideAndOnlyThat) {
    const std::string text = line_of([](JsonLine& line) {
        line.open('{');
        line.name("a");
        line.open('[');
        line.open('[');
        line.close(']');
        line.open('[');
        line.whole(1);
        line.number(2.5);
        line.close(']');
        line.close(']');
        line.text("b", "c");
        line.number("d", std::nullopt);
        line.name("e");
        line.params({{"f", std::uint64_t{1}}, {"g", true}, {"h", 2.0}, {"i", std::string("j")}});
        line.close('}');
    });
    EXPECT_EQ(text, R"({"a":[[],[1,2.5]],"b":"c","e":{"f":1,"g":true,"h":2.0,"i":"j"}})");
}

TEST(HostResultsJson, HasALineForEachRowAndNoneForNoRows) {
    Results results;
    results.version = "1";
    const std::string none = json_text(results);
    EXPECT_TRUE(has(none, "\"results\": [],\n\"worst\": [],\n\"skipped\": [],\n\"verdicts\": []"));
    EXPECT_TRUE(none.ends_with(",\n\"host\": {}\n}\n"));
    results.skipped = {{"a", "b \"c\""}, {"d", "e"}};
    EXPECT_TRUE(has(json_text(results),
                    "\"skipped\": [\n  {\"scenario\":\"a\",\"reason\":\"b \\\"c\\\"\"},\n"
                    "  {\"scenario\":\"d\",\"reason\":\"e\"}\n],\n"));
}

}  // namespace
}  // namespace hm::host::testing
