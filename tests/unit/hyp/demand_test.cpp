#include "hyp/core/demand.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "drivers/mmu/walker.hpp"
#include "tests/unit/drivers/mmu/fake_memory.hpp"

namespace hm::hyp {
namespace {

DemandFrames frames(std::uint64_t pages, std::uint32_t window) {
    return demand_frames({.range = {{0x4010'0000}, pages * mmu::kFrameBytes},
                          .target = {0x8020'0000},
                          .window = window});
}

TEST(Demand, ARangeIsCountedInFrames) {
    const DemandFrames demand = frames(10, 4);
    EXPECT_EQ(demand.first, 0x40100U);
    EXPECT_EQ(demand.count, 10U);
    EXPECT_EQ(demand.target, 0x80200U);
    EXPECT_EQ(demand.window, 4U);
    EXPECT_EQ(demand.faults, 0U);
    EXPECT_EQ(demand.alone, 0U) << "a fault maps its neighbours too";
    EXPECT_EQ(frames(10, 1).alone, 10U);
    EXPECT_EQ(demand.target_of(3).value, 0x8020'3000U);
}

TEST(Demand, AFaultMapsTheAlignedWindowAroundThePage) {
    const DemandFrames demand = frames(16, 4);
    EXPECT_EQ(window_of(demand, 4), (Window{4, 4}));
    EXPECT_EQ(window_of(demand, 7), (Window{4, 4}));
    EXPECT_EQ(window_of(demand, 8), (Window{8, 4}));
}

TEST(Demand, TheLastWindowEndsWithTheRange) {
    EXPECT_EQ(window_of(frames(10, 4), 9), (Window{8, 2}));
    EXPECT_EQ(window_of(frames(3, 512), 1), (Window{0, 3}));
}

TEST(Demand, AWindowOfOnePageIsThePageItself) {
    EXPECT_EQ(window_of(frames(16, 1), 5), (Window{5, 1}));
}

/// A guest's memory as the monitor maps it on demand, from a fault to a release.
template <class Format>
class Guest {
  public:
    explicit Guest(std::uint32_t pages, std::uint32_t window)
        : demand_(demand_frames({.range = {{kBegin}, pages * mmu::kFrameBytes},
                                 .target = {kTarget},
                                 .window = window})) {}

    /// Whether the page at `offset` is mapped, and then to the memory behind it.
    bool is_mapped(std::uint32_t offset) {
        const auto walk = mmu::walk<Format>(memory_, memory_.root(), demand_.page_at(offset));
        EXPECT_TRUE(!walk.output || *walk.output == demand_.target_of(offset));
        return walk.output.has_value();
    }
    /// Whether the monitor serves it.
    bool touch(std::uint32_t offset) {
        if (is_mapped(offset)) {
            return true;
        }
        const bool served =
            demand_.window != 1
                ? map_window(tables_, demand_, offset)
                : tables_.map_page(demand_.page_at(offset), demand_.target_of(offset),
                                   kGuestMemory) == mmu::Status::kOk;
        memory_.settle();
        return served;
    }
    mmu::Status release(std::uint32_t offset) {
        const mmu::Status status = release_page(tables_, demand_.page_at(offset));
        memory_.settle();
        return status;
    }
    [[nodiscard]] const std::vector<std::string>& violations() const { return memory_.violations; }

  private:
    static constexpr std::uint64_t kBegin = 0x4020'0000;
    static constexpr std::uint64_t kTarget = 0xC060'0000;

    DemandFrames demand_;
    mmu::test::FakeMemory<Format> memory_{16};
    mmu::Builder<Format, mmu::test::FakeMemory<Format>> tables_{memory_, memory_.root()};
};

template <class Format>
void release_and_touch(std::uint32_t window) {
    // Two blocks and a rest, in which windows end early.
    constexpr std::uint32_t kPages = 2 * 512 + 100;
    std::mt19937 random(window);
    Guest<Format> guest(kPages, window);
    for (unsigned i = 0; i < 4000; ++i) {
        const auto page = static_cast<std::uint32_t>(random() % kPages);
        if (guest.is_mapped(page) && random() % 3 != 0) {
            ASSERT_EQ(guest.release(page), mmu::Status::kOk) << window << " page " << page;
            ASSERT_FALSE(guest.is_mapped(page));
        } else {
            ASSERT_TRUE(guest.touch(page)) << window << " page " << page;
            ASSERT_TRUE(guest.is_mapped(page)) << window << " page " << page;
        }
    }
    EXPECT_TRUE(guest.violations().empty()) << guest.violations().front();
}

TEST(Demand, AReleasedPageIsServedAgainInEveryMapping) {
    for (const std::uint32_t window : {1U, 4U, 16U, 64U, 512U}) {
        release_and_touch<mmu::Stage2>(window);
        release_and_touch<mmu::Stage2Narrow>(window);
    }
}

TEST(Demand, ABlockIsReleasedAsAWholeAndComesBackAsAWhole) {
    Guest<mmu::Stage2> guest(1024, 512);
    ASSERT_TRUE(guest.touch(600));
    ASSERT_EQ(guest.release(700), mmu::Status::kOk);
    EXPECT_FALSE(guest.is_mapped(512) || guest.is_mapped(1023));
    ASSERT_TRUE(guest.touch(1023));
    EXPECT_TRUE(guest.is_mapped(512));
    EXPECT_EQ(guest.release(0), mmu::Status::kNotMapped);
}

TEST(Demand, APageThatWasReleasedAloneComesBackAlone) {
    Guest<mmu::Stage2> guest(64, 16);
    ASSERT_TRUE(guest.touch(20));
    ASSERT_EQ(guest.release(17), mmu::Status::kOk);
    ASSERT_EQ(guest.release(18), mmu::Status::kOk);
    ASSERT_TRUE(guest.touch(17));
    EXPECT_FALSE(guest.is_mapped(18));
    // As soon as all of its window is released, it comes back with its window.
    for (std::uint32_t page = 16; page < 32; ++page) {
        if (page != 18) {
            ASSERT_EQ(guest.release(page), mmu::Status::kOk);
        }
    }
    ASSERT_TRUE(guest.touch(31));
    EXPECT_TRUE(guest.is_mapped(16));
}

}  // namespace
}  // namespace hm::hyp
