#include "host/log/document.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "host/log/json.hpp"

namespace hm::host {
namespace {

/// `text` as nlohmann's library reads it to a tree, without names that come twice in one object.
std::optional<Json> slowly(const std::string& text) {
    std::vector<std::set<std::string>> open;
    bool twice = false;
    const auto watch = [&](int, Json::parse_event_t event, const Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            open.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            open.pop_back();
        } else if (event == Json::parse_event_t::key) {
            twice = !open.back().insert(parsed.get<std::string>()).second || twice;
        }
        return true;
    };
    Json json = Json::parse(text, watch, false);
    return twice || json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

/// The kinds of numbers too, which JSON's own comparison takes for equal: 1 and 1.0.
std::string with_kinds(const Json& json) {
    std::string text = json.dump() + " ";
    const Json flat = json.flatten();
    for (const auto& [key, value] : flat.items()) {
        text +=
            key + "=" + value.type_name() + std::to_string(static_cast<int>(value.type())) + " ";
    }
    return text;
}

TEST(HostDocument, ReadsWhatTheTreeReads) {
    DocumentReader reader;
    for (const std::string text :
         {R"({})",
          R"([])",
          R"({"a":1})",
          R"({"a":-1,"b":-0,"c":0,"d":-0.0,"e":1.0,"f":1e3})",
          R"({"most":18446744073709551615,"beyond":18446744073709551616})",
          R"({"least":-9223372036854775808,"beyond":-9223372036854775809})",
          R"({"digits":0.1234567890123456789,"small":5e-324,"none":1e-400})",
          R"({"x":1e400})",
          R"({"text":"a\"b\\c\u00e4\ud83d\ude00"})",
          R"({"half":"\ud800"})",
          R"({"half":"\udc00"})",
          "{\"raw\":\"\xc3\xa4\"}",
          "{\"broken\":\"\xc3\"}",
          "{\"control\":\"a\nb\"}",
          R"({"a":{"b":[[1,2],[3,4]],"c":null,"d":[true,false]},"e":[]})",
          R"({"a":1,"a":2})",
          R"({"a":1,"\u0061":2})",
          R"({"a":{"b":1},"c":{"b":1}})",
          R"({"a":1}x)",
          R"({"a":1)",
          R"({"a":01})",
          R"({"a":+1})",
          R"({"a":.5})",
          R"({"a":1.})",
          R"({a:1})",
          R"({"a":1,})",
          R"([1,])",
          R"(7)",
          R"("text")",
          R"(null)",
          "",
          " ",
          "\xef\xbb\xbf{}",
          R"( { "a" : [ 1 , 2 ] } )",
          R"({"a":NaN})",
          R"({"a":"\x"})"}) {
        SCOPED_TRACE(text);
        const auto wanted = slowly(text);
        const Document* const read = reader.read(text);
        ASSERT_EQ(read != nullptr, wanted.has_value());
        if (wanted) {
            EXPECT_EQ(with_kinds(to_json(read->root())), with_kinds(*wanted));
        }
    }
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(HostDocument, ReadsNothingThatIsNestedTooDeeply) {
    DocumentReader reader;
    EXPECT_NE(reader.read(nested(kDeepest)), nullptr);
    EXPECT_EQ(reader.read(nested(kDeepest + 1)), nullptr);
    EXPECT_EQ(reader.read(nested(100'000)), nullptr);
    EXPECT_EQ(reader.read("[\"\\n\"," + nested(kDeepest) + "]"), nullptr);
}

std::string object_of(std::size_t names) {
    std::string text = "{";
    for (std::size_t i = 0; i < names; ++i) {
        text += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\":0";
    }
    return text + "}";
}

TEST(HostDocument, ReadsNoObjectWithTooManyNames) {
    DocumentReader reader;
    EXPECT_NE(reader.read(object_of(kMostNames)), nullptr);
    EXPECT_EQ(reader.read(object_of(kMostNames + 1)), nullptr);
}

TEST(HostDocument, FindsEachNameOfAnObjectAndNoOther) {
    DocumentReader reader;
    const Document* const read = reader.read(R"({"a":[1,{"x":5}],"b":{"x":6},"x":7})");
    ASSERT_NE(read, nullptr);
    const auto found = read->root().find("x");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->whole(), 7U);
    EXPECT_FALSE(read->root().find("y"));
    EXPECT_EQ(read->root().find("a")->size(), 2U);
}

TEST(HostDocument, ForgetsTheTextBefore) {
    DocumentReader reader;
    ASSERT_NE(reader.read(R"({"a":1,"b":"long enough to need memory of its own"})"), nullptr);
    const Document* const read = reader.read(R"({"b":2})");
    ASSERT_NE(read, nullptr);
    EXPECT_FALSE(read->root().find("a"));
    EXPECT_EQ(read->root().find("b")->whole(), 2U);
}

}  // namespace
}  // namespace hm::host
