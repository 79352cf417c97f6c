#include "measure/typed_words.hpp"

#include <gtest/gtest.h>

namespace hm::measure {
namespace {

enum class Word : std::uint32_t { kOne = 1, kTwo = 2 };
struct Three {
    std::uint32_t first;
    Word second;
    std::uint32_t third;
};
struct Five {
    std::array<std::uint32_t, 5> words;
};
struct Byte {
    std::uint8_t byte;
};

TEST(TypedWords, GiveBackWhatTheyHold) {
    constexpr TypedWords<4> words = Three{7, Word::kTwo, 9};
    static_assert(words.as<Three>().first == 7);
    EXPECT_EQ(words.as<Three>().second, Word::kTwo);
    EXPECT_EQ(words.as<Three>().third, 9U);
}

TEST(TypedWords, AreZeroBehindTheValue) {
    EXPECT_EQ(TypedWords<4>(Three{0, Word{}, 0}), TypedWords<4>{});
    EXPECT_NE(TypedWords<4>(Three{0, Word::kOne, 0}), TypedWords<4>{});
}

TEST(TypedWords, HoldOnlyWholeWordsThatFit) {
    EXPECT_TRUE(TypedWords<4>::kHolds<Three>);
    EXPECT_FALSE(TypedWords<4>::kHolds<Five>);
    EXPECT_FALSE(TypedWords<4>::kHolds<Byte>);
    EXPECT_FALSE(TypedWords<4>::kHolds<std::uint64_t>) << "it would need another alignment";
}

}  // namespace
}  // namespace hm::measure
