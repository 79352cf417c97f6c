// Ranges at the ends of the address spaces and of 64 bits: the builder refuses what does not fit,
// whatever a sum would wrap around to, and maps what fits up to the last page.

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <vector>

#include "tests/unit/drivers/mmu/bench.hpp"

namespace hm::mmu {
namespace {

constexpr std::uint64_t kPage = bytes(Size::k4K);
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

/// Page-aligned numbers at and around each end.
std::set<std::uint64_t> edges(std::uint64_t limit) {
    std::set<std::uint64_t> found{0, kPage, kMost - kPage + 1, kMost - 2 * kPage + 1,
                                  std::uint64_t{1} << 63};
    for (const std::uint64_t end : {limit, std::uint64_t{1} << 32}) {
        found.insert({end - 2 * kPage, end - kPage, end, end + kPage});
    }
    return found;
}

/// Without a sum: whether `length` bytes from `begin` on lie below `limit`.
bool lies_below(std::uint64_t begin, std::uint64_t length, std::uint64_t limit) {
    return begin <= limit && length <= limit && begin <= limit - length;
}

template <class Format>
class MmuEdges : public ::testing::Test {
  protected:
    static constexpr std::uint64_t kInput = std::uint64_t{1} << Format::kGeometry.input_bits;
    static constexpr std::uint64_t kOutput = std::uint64_t{1} << Format::kOutputBits;
};
using Formats = ::testing::Types<Stage1, ShortStage1, HypStage1, Stage2, Stage2Narrow>;
TYPED_TEST_SUITE(MmuEdges, Formats);

TYPED_TEST(MmuEdges, MapRefusesExactlyWhatDoesNotFit) {
    for (const std::uint64_t input : edges(this->kInput)) {
        for (const std::uint64_t output : edges(this->kOutput)) {
            for (const std::uint64_t length : edges(this->kInput)) {
                test::Bench<TypeParam> bench(4);
                const bool fits = lies_below(input, length, this->kInput) &&
                                  lies_below(output, length, this->kOutput);
                const Status status = bench.map(input, length, output);
                ASSERT_EQ(status != Status::kOutOfRange, fits)
                    << std::hex << input << " " << length << " " << output;
                if (status == Status::kOk && length != 0) {
                    ASSERT_EQ(bench.walk(input).output->value, output);
                    ASSERT_EQ(bench.walk(input + length - 1).output->value, output + length - 1);
                } else {
                    ASSERT_EQ(bench.memory.stores, 0U) << "nothing may change";
                }
            }
        }
    }
}

TYPED_TEST(MmuEdges, UnmapAndProtectRefuseWhatDoesNotFitAndChangeNothing) {
    test::Bench<TypeParam> bench(8);
    const std::uint64_t last = this->kInput - kPage;
    ASSERT_EQ(bench.map(last, kPage, this->kOutput - kPage), Status::kOk);
    ASSERT_EQ(bench.map(0, kPage, 0), Status::kOk);
    const auto stores = bench.memory.stores;
    for (const std::uint64_t input : edges(this->kInput)) {
        for (const std::uint64_t length : edges(this->kInput)) {
            if (!lies_below(input, length, this->kInput)) {
                ASSERT_EQ(bench.unmap(input, length), Status::kOutOfRange);
                ASSERT_EQ(bench.protect(input, length, {}), Status::kOutOfRange);
            }
        }
    }
    EXPECT_EQ(bench.memory.stores, stores);
    EXPECT_EQ(bench.unmap(last, kPage), Status::kOk);
    EXPECT_EQ(bench.unmap(0, kPage), Status::kOk);
}

TYPED_TEST(MmuEdges, SinglePagesAndGroupsOfThemFitUpToTheLastPage) {
    using Input = typename TypeParam::Input;
    using Output = typename TypeParam::Output;
    for (const unsigned count : {1U, 2U, 512U, 513U, std::numeric_limits<unsigned>::max()}) {
        for (const std::uint64_t input : edges(this->kInput)) {
            for (const std::uint64_t output : edges(this->kOutput)) {
                test::Bench<TypeParam> bench(4);
                const std::uint64_t length = count * kPage;
                const bool fits = lies_below(input, length, this->kInput) &&
                                  lies_below(output, length, this->kOutput);
                const Status status =
                    bench.builder.map_pages(Input{input}, Output{output}, count, {});
                ASSERT_EQ(status != Status::kOutOfRange, fits)
                    << std::hex << input << " " << count << " " << output;
            }
        }
    }
}

TEST(MmuEdgesOfAPool, ABitmapForAnyNumberOfFramesHoldsThemAll) {
    using Pool = FramePool<>;
    EXPECT_EQ(Pool::words_for(0), 0U);
    EXPECT_EQ(Pool::words_for(1), 1U);
    EXPECT_EQ(Pool::words_for(32), 1U);
    EXPECT_EQ(Pool::words_for(33), 2U);
    EXPECT_EQ(Pool::words_for(std::numeric_limits<unsigned>::max()), std::size_t{1} << 27);
}

TEST(MmuEdgesOfAPool, NothingButItsOwnFramesIsTakenBack) {
    std::vector<std::uint32_t> bitmap(FramePool<>::words_for(4));
    FramePool<> pool(Pa{Pa::limit - 4 * kPage}, 4, bitmap);
    const auto frame = pool.allocate();
    ASSERT_TRUE(frame.has_value());
    for (const std::uint64_t other :
         {std::uint64_t{0}, Pa::limit - 5 * kPage, Pa::limit, kMost - kPage + 1}) {
        EXPECT_FALSE(pool.release(Pa{other})) << std::hex << other;
    }
    EXPECT_TRUE(pool.release(*frame));
}

}  // namespace
}  // namespace hm::mmu
