#include "measure/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace hm::measure {
namespace {

/// What `write` sends through a JSON writer.
template <class Write>
std::string written_by(Write&& write) {
    std::string text;
    auto sink = [&text](char c) { text += c; };
    JsonWriter json(sink);
    write(json);
    return text;
}

std::string decimal(std::uint64_t value, std::uint64_t scale) {
    return written_by([&](JsonWriter& json) { json.decimal(value, scale); });
}

std::string string(std::string_view text) {
    return written_by([&](JsonWriter& json) { json.string(text); });
}

TEST(JsonWriter, WritesEmptyBrackets) {
    EXPECT_EQ(written_by([](JsonWriter& json) { json.begin_object().end_object(); }), "{}");
    EXPECT_EQ(written_by([](JsonWriter& json) { json.begin_array().end_array(); }), "[]");
}

TEST(JsonWriter, PlacesCommasBetweenValuesAndNowhereElse) {
    const std::string text = written_by([](JsonWriter& json) {
        json.begin_object();
        json.key("a").number(1);
        json.key("b").begin_array();
        json.begin_array().number(2).number(3).end_array();
        json.begin_array().end_array();
        json.begin_object().key("c").boolean(true).key("d").boolean(false).end_object();
        json.end_array();
        json.key("e").begin_object().end_object();
        json.key("f").string("g");
        json.end_object();
    });
    EXPECT_EQ(text, R"({"a":1,"b":[[2,3],[],{"c":true,"d":false}],"e":{},"f":"g"})");
}

TEST(JsonWriter, WritesIntoAConstantCallableToo) {
    std::string text;
    const auto sink = [&text](char c) { text += c; };
    JsonWriter(sink).boolean(true);
    EXPECT_EQ(text, "true");
}

TEST(JsonWriter, OutlivesTheSinkItWasGivenButNotThatSinksTarget) {
    std::string text;
    auto target = [&text](char c) { text += c; };
    auto sink = std::make_unique<CharSink>(target);
    JsonWriter json(*sink);
    CharSink copy = *sink;
    sink.reset();
    json.number(1);
    copy('2');
    EXPECT_EQ(text, "12");
}

TEST(JsonWriter, WritesTheExtremesOfEveryIntegerType) {
    const std::string text = written_by([](JsonWriter& json) {
        json.begin_array();
        json.number(std::numeric_limits<std::int64_t>::min());
        json.number(std::numeric_limits<std::int64_t>::max());
        json.number(std::numeric_limits<std::uint64_t>::max());
        json.number(std::numeric_limits<std::int32_t>::min());
        json.number(std::numeric_limits<std::uint32_t>::max());
        json.number(std::int16_t{-32768}).number(std::uint8_t{255}).number(0).number(-1);
        json.end_array();
    });
    EXPECT_EQ(text,
              "[-9223372036854775808,9223372036854775807,18446744073709551615,-2147483648,"
              "4294967295,-32768,255,0,-1]");
}

TEST(JsonWriter, WritesDecimalsExactlyAndTrimsTheirZeros) {
    EXPECT_EQ(decimal(1002, 1000), "1.002");
    EXPECT_EQ(decimal(1020, 1000), "1.02");
    EXPECT_EQ(decimal(1200, 1000), "1.2");
    EXPECT_EQ(decimal(12'000, 1000), "12");
    EXPECT_EQ(decimal(5, 1000), "0.005");
    EXPECT_EQ(decimal(0, 1000), "0");
    EXPECT_EQ(decimal(77, 1), "77");
    EXPECT_EQ(decimal(1'000'001, 1'000'000), "1.000001");
    EXPECT_EQ(decimal(std::numeric_limits<std::uint64_t>::max(), 1000), "18446744073709551.615");
}

TEST(JsonWriter, EscapesWhatWouldEndOrBreakAString) {
    EXPECT_EQ(string("say \"no\" \\ yes"), R"("say \"no\" \\ yes")");
    EXPECT_EQ(string("a\nb\tc\x01"), R"("a\u000ab\u0009c\u0001")");
    EXPECT_EQ(string(std::string_view("\0", 1)), R"("\u0000")");
    EXPECT_EQ(string("\x7f\xff"), R"("\u007f\u00ff")");
}

TEST(JsonWriter, EscapesKeysToo) {
    const std::string text =
        written_by([](JsonWriter& json) { json.begin_object().key("\"").number(0).end_object(); });
    EXPECT_EQ(text, R"({"\"":0})");
}

TEST(JsonWriter, WritesStringsThatAParserReadsBackWhateverTheBytes) {
    for (int first = 0; first < 256; ++first) {
        const std::string text = {static_cast<char>(first), 'x', static_cast<char>(255 - first)};
        const auto parsed = nlohmann::json::parse(string(text));
        std::string expected;  // Each byte as the UTF-8 of the character with its number.
        for (const char c : text) {
            const auto code = static_cast<unsigned char>(c);
            if (code < 0x80) {
                expected += c;
            } else {
                expected += static_cast<char>(0xc0 | (code >> 6));
                expected += static_cast<char>(0x80 | (code & 0x3f));
            }
        }
        EXPECT_EQ(parsed.get<std::string>(), expected) << first;
    }
}

}  // namespace
}  // namespace hm::measure
