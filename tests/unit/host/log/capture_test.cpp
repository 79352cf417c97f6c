// Record lines over a line that damages them: what arrives is the whole log, byte for byte, or the
// run fails.

#include "host/log/capture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/unit/host/log/bad_line.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

/// Lets the two talk until the capture asks for nothing more.
void talk(Capture& capture, FakeTarget& target, BadLine& line) {
    for (std::string request = capture.request(); !request.empty(); request = capture.request()) {
        (void)capture.feed(line.pass(target.take(line.pass(request))));
    }
}

std::string lingering_log() { return good_log() + std::string(kLingers) + "\r\n"; }

TEST(HostCapture, APerfectLineNeedsNoRequest) {
    Capture capture;
    const std::string words = capture.feed(good_log());
    EXPECT_TRUE(capture.complete());
    EXPECT_FALSE(capture.lingers());
    EXPECT_EQ(capture.request(), "");
    EXPECT_EQ(capture.log(), records_of(good_log()));
    EXPECT_TRUE(has(words, "hypmeter on virt\n")) << "words for people are passed on";
    EXPECT_TRUE(parse_log(capture.log()).faults.empty());
}

TEST(HostCapture, BytesMayBeCutAnywhere) {
    Capture capture;
    for (const char c : good_log()) {
        (void)capture.feed(std::string(1, c));
    }
    EXPECT_EQ(capture.log(), records_of(good_log()));
}

TEST(HostCapture, ADamagedRecordIsAskedForAndTakesItsPlace) {
    std::string damaged = lingering_log();
    damaged[damaged.find("\"pagefault\"") + 3] = 'X';
    Capture capture;
    (void)capture.feed(damaged);
    EXPECT_TRUE(capture.lingers());
    EXPECT_TRUE(capture.ended());
    EXPECT_FALSE(capture.complete());
    FakeTarget target(lingering_log());
    EXPECT_EQ(capture.request(), "again 1 0:\n");
    EXPECT_TRUE(capture.waits());
    (void)capture.feed(target.take("again 1 0:\n"));
    EXPECT_FALSE(capture.waits());
    EXPECT_TRUE(capture.complete());
    EXPECT_EQ(capture.repeated(), 1u);
    EXPECT_EQ(capture.log(), records_of(good_log()));
}

TEST(HostCapture, AnEndThatIsLostIsAskedForAsWhatFollowsTheLastRecord) {
    std::string damaged = lingering_log();
    damaged[damaged.find("\"end\"") + 2] = 'X';
    Capture capture;
    (void)capture.feed(damaged);
    FakeTarget target(lingering_log());
    BadLine line(1, 0);
    talk(capture, target, line);
    EXPECT_TRUE(capture.complete());
    EXPECT_EQ(target.answered, 1u);
}

TEST(HostCapture, TwoContentsOfOneRecordAreAFault) {
    LogText one;
    LogText other;
    one.begin({"a"}).scenario("a");
    other.begin({"a"}).scenario("a", Json{{"detail", "another"}});
    Capture capture;
    (void)capture.feed(one.text());
    (void)capture.feed(one.text());
    EXPECT_TRUE(capture.faults().empty()) << "the same once more is none";
    (void)capture.feed(other.text());
    ASSERT_EQ(capture.faults().size(), 1u);
    EXPECT_TRUE(has(capture.faults().front(), "record 1 came with two contents"));
    (void)capture.feed(other.end().text());
    EXPECT_FALSE(capture.complete());
    EXPECT_EQ(capture.request(), "");
}

TEST(HostCapture, ARecordThatNeverComesIsGivenUp) {
    Capture capture;
    (void)capture.feed(LogText().begin({"a"}).text() + std::string(kLingers) + "\n");
    for (unsigned i = 0; i < Capture::kTries; ++i) {
        EXPECT_EQ(capture.request(), "again 1 0:\n");
    }
    EXPECT_EQ(capture.request(), "");
    ASSERT_EQ(capture.faults().size(), 1u);
    EXPECT_TRUE(has(capture.faults().front(), "record 1 did not come"));
    EXPECT_FALSE(capture.complete());
}

TEST(HostCapture, SilenceOfATargetThatMeasuresIsNoFault) {
    Capture capture;
    (void)capture.feed(LogText().begin({"a"}).text());
    for (unsigned i = 0; i < 10 * Capture::kTries; ++i) {
        EXPECT_EQ(capture.request(), "again 1 0:\n");
    }
    EXPECT_TRUE(capture.faults().empty());
}

TEST(HostCapture, AMarkerThatIsDamagedMakesNoRecord) {
    std::string log = good_log();
    log[log.find("@hypmeter") + 4] = 'X';
    Capture capture;
    (void)capture.feed(log);
    EXPECT_FALSE(capture.complete());
}

TEST(HostCapture, ALossyLineGivesThePerfectLogOrFails) {
    const std::string perfect = records_of(good_log());
    unsigned whole = 0;
    unsigned damaged = 0;
    constexpr unsigned kSeeds = 400;
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
        // From a byte in 100,000 that is dropped to one in 200, where hardly a piece arrives.
        const double rate = std::array{0.00001, 0.0001, 0.0005, 0.005}[seed % 4];
        FakeTarget target(lingering_log());
        BadLine line(seed, rate);
        Capture capture;
        (void)capture.feed(line.pass(target.log()));
        const bool perfect_at_once = capture.complete();
        damaged += perfect_at_once ? 0 : 1;
        talk(capture, target, line);
        if (capture.complete()) {
            ASSERT_EQ(capture.log(), perfect) << "seed " << seed;
            ++whole;
        } else {
            ASSERT_FALSE(capture.faults().empty()) << "seed " << seed;
            ASSERT_FALSE(parse_log(capture.log()).faults.empty()) << "seed " << seed;
        }
        ASSERT_TRUE(rate > 0.001 || capture.complete()) << "seed " << seed;
    }
    EXPECT_GE(damaged, kSeeds / 2);
    EXPECT_GE(whole, kSeeds * 3 / 4);
}

TEST(HostCapture, ARecordOfWhichNoCopyWouldComeWholeComesInPieces) {
    LogText text;
    text.begin({"a"}).scenario("a", Json{{"detail", std::string(20'000, 'x')}}).end();
    const std::string log = text.text() + std::string(kLingers) + "\r\n";
    FakeTarget target(log);
    BadLine line(5, 0.0004);
    Capture capture;
    (void)capture.feed(line.pass(target.log()));
    EXPECT_FALSE(capture.complete());
    talk(capture, target, line);
    EXPECT_TRUE(capture.complete());
    EXPECT_EQ(capture.log(), records_of(log));
    EXPECT_GE(capture.repeated(), 1u);
    EXPECT_GE(target.answered, 20'000 / measure::kPieceBytes);
}

TEST(HostCapture, AnAnswerToAnEarlierRequestIsNotTakenTwice) {
    LogText text;
    text.begin({"a"}).scenario("a", Json{{"detail", std::string(600, 'x')}}).end();
    FakeTarget target(text.text());
    std::string damaged = text.text() + std::string(kLingers) + "\n";
    damaged[damaged.find("xxx")] = 'y';
    Capture capture;
    (void)capture.feed(damaged);
    const std::string request = capture.request();
    const std::string piece = target.take(request);
    (void)capture.feed(piece + piece);
    EXPECT_EQ(capture.request(), "again 1 256:\n");
    EXPECT_TRUE(capture.waits());
    (void)capture.feed(piece);
    EXPECT_TRUE(capture.waits()) << "that was not what it asked for";
    (void)capture.feed(target.take("again 1 256:\n"));
    EXPECT_FALSE(capture.waits());
    BadLine line(1, 0);
    talk(capture, target, line);
    EXPECT_TRUE(capture.complete());
    EXPECT_EQ(capture.log(), records_of(text.text()));
}

TEST(HostCapture, WithoutRepeatsAnyDamagedRecordFailsTheRun) {
    const std::string perfect = records_of(good_log());
    unsigned failed = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        BadLine line(seed, 0.0003);
        Capture capture;
        (void)capture.feed(line.pass(good_log()));
        const bool whole = capture.log() == perfect;
        EXPECT_EQ(capture.complete(), whole) << "seed " << seed;
        EXPECT_EQ(parse_log(capture.log()).faults.empty(), whole) << "seed " << seed;
        failed += whole ? 0 : 1;
    }
    EXPECT_GT(failed, 100u);
}

TEST(HostCapture, ALineThatIsCutAndResumedGivesTheSameLog) {
    const std::string log = lingering_log();
    const std::string perfect = records_of(log);
    for (std::size_t cut = 0; cut < log.size(); cut += 97) {
        for (const std::size_t lost : {std::size_t{0}, std::size_t{500}, log.size()}) {
            FakeTarget target(log);
            BadLine line(1, 0);
            const std::string first = log.substr(0, cut);
            // Another call of the tool: all it has is the raw log of the first.
            Capture capture;
            (void)capture.feed(first);
            capture.reconnect();
            (void)capture.feed(log.substr(std::min(log.size(), cut + lost)));
            talk(capture, target, line);
            ASSERT_TRUE(capture.complete()) << "cut at " << cut << ", lost " << lost;
            ASSERT_EQ(capture.log(), perfect) << "cut at " << cut << ", lost " << lost;
        }
    }
}

TEST(HostCapture, ATargetThatRunsSomethingElseIsNotResumed) {
    LogText first;
    first.begin({"a"}).row("chase", kNative, Json::object(), "load", 1);
    LogText second;
    second.begin({"a"}).row("chase", kNative, Json::object(), "load", 2).scenario("a").end();
    Capture capture;
    (void)capture.feed(first.text());
    capture.reconnect();
    FakeTarget target(second.text());
    BadLine line(1, 0);
    talk(capture, target, line);
    EXPECT_FALSE(capture.complete());
    ASSERT_FALSE(capture.faults().empty());
    EXPECT_TRUE(has(capture.faults().front(), "another run"));
}

}  // namespace
}  // namespace hm::host::testing
