#include "measure/words.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace hm::measure {
namespace {

std::string joined(const std::vector<const char*>& words, std::size_t room) {
    std::vector<char> buffer(room);
    return std::string(join_words(words, buffer).value_or("too long"));
}

TEST(Words, AreJoinedBySpaces) {
    EXPECT_EQ(joined({"suite=quick", "only=timer", "count=5"}, 64),
              "suite=quick only=timer count=5");
    EXPECT_EQ(joined({"suite=quick"}, 64), "suite=quick");
    EXPECT_EQ(joined({}, 64), "");
    EXPECT_EQ(joined({}, 0), "");
}

TEST(Words, FitToTheLastCharacterOrNotAtAll) {
    EXPECT_EQ(joined({"ab", "cd"}, 5), "ab cd");
    EXPECT_EQ(joined({"ab", "cd"}, 4), "too long");
    EXPECT_EQ(joined({"ab", "cd"}, 2), "too long");
    EXPECT_EQ(joined({"ab"}, 1), "too long");
}

}  // namespace
}  // namespace hm::measure
