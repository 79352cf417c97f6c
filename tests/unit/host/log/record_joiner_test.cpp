#include "host/log/record_joiner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/host/log/cut_log.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

const std::vector<std::string> kNothingWrong;

/// What faults the log has after `change` of its lines.
template <class Change>
std::vector<std::string> faults_after(Change change) {
    std::vector<std::string> lines = lines_of(cut_log(small_log(), 100));
    change(lines);
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return parse_log(text).faults;
}

/// The place of the first line that goes on in the next one, and itself begins no record.
std::ptrdiff_t a_middle(const std::vector<std::string>& lines) {
    return std::ranges::find_if(lines,
                                [](const std::string& line) {
                                    return line.starts_with("@+") && line.ends_with('\\');
                                }) -
           lines.begin();
}

/// The place of the last line of the first record, which is cut.
std::ptrdiff_t an_end(const std::vector<std::string>& lines) {
    return std::ranges::find_if(lines,
                                [](const std::string& line) {
                                    return line.starts_with("@+") && !line.ends_with('\\');
                                }) -
           lines.begin();
}

TEST(HostCutRecords, AreReadAsIfEachHadComeOnOneLine) {
    const RunLog whole = parse_log(small_log());
    for (const std::size_t width : {20U, 31U, 64U, 100U, 4096U}) {
        for (const char* const end : {"\n", "\r\n", "\r\r\n"}) {
            const RunLog cut = parse_log(cut_log(small_log(), width, end));
            EXPECT_EQ(cut.faults, kNothingWrong) << width;
            EXPECT_EQ(cut.rows, whole.rows) << width;
            EXPECT_EQ(cut.end_ok, true) << width;
            EXPECT_EQ(cut.scenarios.size(), whole.scenarios.size()) << width;
        }
    }
}

TEST(HostCutRecords, AreReadWhereverTheBytesAreCut) {
    const std::string text = cut_log(small_log(), 40);
    for (const std::size_t size : {1U, 2U, 7U, 64U}) {
        LogParser parser;
        for (std::size_t at = 0; at < text.size(); at += size) {
            parser.feed(std::string_view(text).substr(at, size));
        }
        parser.finish();
        EXPECT_EQ(parser.log().faults, kNothingWrong) << size;
    }
}

TEST(HostCutRecords, LetOtherLinesStandBetweenTheirParts) {
    EXPECT_EQ(faults_after([](auto& lines) {
                  lines.insert(lines.begin() + a_middle(lines), "(XEN) d1v0 does something");
                  lines.insert(lines.begin() + an_end(lines), "");
              }),
              kNothingWrong);
}

TEST(HostCutRecords, MayHaveABackslashWhereTheyAreCut) {
    LogText log("\n");
    log.begin({"chase native/native"}, Json{{"machine", R"(C:\board\x\\)"}});
    log.scenario("chase native/native").end();
    const std::string text = log.text();
    const std::size_t quoted = text.find(R"(C:\\board)");
    ASSERT_NE(quoted, std::string::npos);
    // At the first place that line 1 ends with one backslash of two, and then with both.
    for (const std::size_t width : {quoted + 4, quoted + 5}) {
        const RunLog read = parse_log(cut_log(text, width));
        EXPECT_EQ(read.faults, kNothingWrong);
        ASSERT_TRUE(read.begin);
        EXPECT_EQ(read.begin->machine, R"(C:\board\x\\)");
    }
}

TEST(HostCutRecords, ThatLackAPartAreDamaged) {
    for (const auto place : {a_middle, an_end}) {
        const auto faults =
            faults_after([&](auto& lines) { lines.erase(lines.begin() + place(lines)); });
        ASSERT_FALSE(faults.empty());
        EXPECT_TRUE(has(faults.front(), "the record due as 0 is damaged")) << faults.front();
    }
}

TEST(HostCutRecords, WithoutTheirBeginningAreDamagedAndThatIsSaidOnce) {
    const auto faults = faults_after([](auto& lines) { lines.erase(lines.begin() + 1); });
    ASSERT_FALSE(faults.empty());
    EXPECT_EQ(faults[0], "the record due as 0 is damaged: its beginning did not come");
    EXPECT_EQ(
        std::ranges::count_if(
            faults, [](const auto& fault) { return fault.ends_with("beginning did not come"); }),
        1);
}

TEST(HostCutRecords, OfWhichACharacterIsWrongAreDamaged) {
    const std::vector<std::string> lines = lines_of(cut_log(small_log(), 100));
    for (std::size_t line = 0; line < lines.size(); ++line) {
        if (!lines[line].starts_with('@') || lines[line].find(" anything ") != std::string::npos ||
            lines[line].ends_with("crc=00000000")) {
            continue;
        }
        for (const std::size_t at :
             {std::size_t{0}, std::size_t{1}, lines[line].size() / 2, lines[line].size() - 1}) {
            const auto faults = faults_after([&](auto& all) { all[line][at] ^= 1; });
            EXPECT_FALSE(faults.empty()) << lines[line] << ", character " << at;
        }
    }
}

TEST(HostCutRecords, ThatTheLogEndsInAreDamaged) {
    const std::string text = cut_log(small_log(), 100);
    const std::size_t last = text.find("\"record\":\"end\"");
    ASSERT_NE(last, std::string::npos);
    const RunLog log = parse_log(text.substr(0, last) + "\\");
    ASSERT_FALSE(log.faults.empty());
    EXPECT_TRUE(has(log.faults.front(), "is damaged: its end did not come")) << log.faults.front();
    EXPECT_FALSE(log.end_ok);
}

TEST(HostCutRecords, OfAMachineThatWasGivenUpAreNotContinuedByTheNextOne) {
    const std::vector<std::string> plan{"a native/native", "b native/native"};
    LogText first("\n");
    first.begin(plan);
    LogText second("\n");
    second.begin({"b native/native"}).scenario("b native/native").end();
    LogParser parser;
    parser.feed(cut_log(first.text(), 100) + "@hypmeter {\"seq\":1,\\\n");
    parser.lose_scenario("hung");
    parser.expect_new_machine();
    parser.feed(cut_log(second.text(), 100));
    parser.finish();
    EXPECT_EQ(parser.log().faults, kNothingWrong);
}

TEST(HostCutRecords, OfAnEndlessLineTakeNoEndlessMemory) {
    RecordJoiner joiner;
    const std::string part = "@+" + std::string(1 << 16, 'x') + "\\";
    EXPECT_EQ(joiner.take("@hypmeter {\\"), Joined::kHeld);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(joiner.take(part), Joined::kHeld);
    }
    EXPECT_EQ(joiner.take("@+}"), Joined::kRecord);
    EXPECT_LE(joiner.record().size(), kLongestLine);
}

}  // namespace
}  // namespace hm::host::testing
