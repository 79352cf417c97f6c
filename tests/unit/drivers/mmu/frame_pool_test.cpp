#include "drivers/mmu/frame_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace hm::mmu {
namespace {

constexpr Pa kBase{0x8000005000};

TEST(FramePool, HandsOutEachFrameOnceAndThenNothing) {
    std::array<std::uint32_t, FramePool<>::words_for(70)> bitmap{};
    FramePool<> pool(kBase, 70, bitmap);
    EXPECT_EQ(pool.available(), 70);
    std::set<std::uint64_t> seen;
    while (const auto frame = pool.allocate()) {
        EXPECT_TRUE(is_aligned(*frame, Size::k4K));
        EXPECT_TRUE((Range<Pa>{kBase, 70 * kFrameBytes}.contains(*frame)));
        seen.insert(frame->value);
    }
    EXPECT_EQ(seen.size(), 70);
    EXPECT_EQ(pool.available(), 0);
    EXPECT_FALSE(pool.allocate());
}

TEST(FramePool, AReleasedFrameIsHandedOutAgain) {
    std::array<std::uint32_t, 2> bitmap{};
    FramePool<> pool(kBase, 40, bitmap);
    while (pool.allocate()) {
    }
    EXPECT_TRUE(pool.release(kBase + 3 * kFrameBytes));
    EXPECT_TRUE(pool.release(kBase + 39 * kFrameBytes));
    EXPECT_EQ(pool.available(), 2);
    EXPECT_EQ(pool.allocate(), kBase + 3 * kFrameBytes);
    EXPECT_EQ(pool.allocate(), kBase + 39 * kFrameBytes);
    EXPECT_FALSE(pool.allocate());
}

TEST(FramePool, RefusesFramesThatAreNotItsOwnOrFreeAlready) {
    std::array<std::uint32_t, 1> bitmap{};
    FramePool<> pool(kBase, 4, bitmap);
    const Pa frame = *pool.allocate();
    EXPECT_FALSE(pool.release(kBase - kFrameBytes));
    EXPECT_FALSE(pool.release(kBase + 4 * kFrameBytes));
    EXPECT_FALSE(pool.release(frame + 8));
    EXPECT_TRUE(pool.release(frame));
    EXPECT_FALSE(pool.release(frame));
    EXPECT_EQ(pool.available(), 4);
}

TEST(FramePool, ARunIsAlignedToItsSizeAndSkipsTakenFrames) {
    std::array<std::uint32_t, 1> bitmap{};
    FramePool<> pool(kBase, 20, bitmap);
    EXPECT_EQ(pool.allocate_run(4), Pa{0x8000008000});
    EXPECT_EQ(pool.allocate_run(4), Pa{0x800000C000});
    EXPECT_EQ(pool.available(), 12);
    EXPECT_EQ(pool.allocate(), kBase);
    EXPECT_EQ(pool.allocate_run(2), Pa{0x8000006000});
    EXPECT_TRUE(pool.release(Pa{0x800000D000}));
    EXPECT_EQ(pool.allocate_run(4), Pa{0x8000010000});
    EXPECT_EQ(pool.allocate_run(4), Pa{0x8000014000});
    EXPECT_FALSE(pool.allocate_run(4));
    EXPECT_EQ(pool.allocate(), Pa{0x800000D000});
}

TEST(FramePool, FramesWithoutABitInTheBitmapAreLeftOut) {
    std::array<std::uint32_t, 1> bitmap{};
    FramePool<> pool(kBase, 100, bitmap);
    EXPECT_EQ(pool.available(), 32);
    EXPECT_FALSE(pool.allocate_run(64));
}

TEST(FramePool, EveryCountOfFramesIsThatManyFrames) {
    for (unsigned frames = 0; frames <= 65; ++frames) {
        std::array<std::uint32_t, 3> bitmap{0xffffffff, 0xffffffff, 0xffffffff};
        FramePool<Pa> pool({0x1000}, frames, bitmap);
        EXPECT_EQ(pool.available(), frames);
        for (unsigned i = 0; i < frames; ++i) {
            EXPECT_EQ(pool.allocate(), (Pa{0x1000 + i * kFrameBytes}));
        }
        EXPECT_FALSE(pool.allocate());
    }
}

TEST(FramePool, AllFramesAreFreeAgainAtOnce) {
    for (unsigned frames = 0; frames <= 65; ++frames) {
        std::array<std::uint32_t, 3> bitmap{};
        FramePool<> pool(kBase, frames, bitmap);
        while (pool.allocate()) {
        }
        pool.release_all();
        EXPECT_EQ(pool.available(), frames);
        for (unsigned i = 0; i < frames; ++i) {
            EXPECT_EQ(pool.allocate()->value, kBase.value + i * kFrameBytes);
        }
        EXPECT_FALSE(pool.allocate());
    }
}

TEST(FramePool, FramesOf1KBServeTablesThatAreSmallerThanAPage) {
    using SmallPool = FramePool<Ipa, 1024>;
    std::array<std::uint32_t, SmallPool::words_for(40)> bitmap{};
    SmallPool pool(Ipa{0x80000400}, 40, bitmap);
    EXPECT_EQ(pool.allocate_run(16), Ipa{0x80004000}) << "a root of 16 KB, aligned to 16 KB";
    EXPECT_EQ(pool.allocate(), Ipa{0x80000400});
    EXPECT_EQ(pool.allocate(), Ipa{0x80000800});
    EXPECT_EQ(pool.available(), 22);
    EXPECT_FALSE(pool.release(Ipa{0x80000A00}));
    EXPECT_TRUE(pool.release(Ipa{0x80000800}));
    EXPECT_EQ(pool.allocate(), Ipa{0x80000800});
}

TEST(FramePool, AnEmptyPoolHasNothing) {
    FramePool<> pool(kBase, 0, {});
    EXPECT_EQ(pool.available(), 0);
    EXPECT_FALSE(pool.allocate());
    EXPECT_FALSE(pool.allocate_run(1));
}

}  // namespace
}  // namespace hm::mmu
