#include "measure/workload/chase_places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace hm::measure::chase {
namespace {

constexpr std::uint32_t kMostPages = 65'536;  // 256 MB

/// From one page to all of them, with the sizes of LMbench's steps among them.
std::vector<std::uint32_t> numbers_of_pages() {
    std::vector<std::uint32_t> all{3, 5, 7, 17, 100, 1000, 4095, 4097};
    for (std::uint32_t pages = 1; pages <= kMostPages; pages *= 2) {
        all.push_back(pages);
        all.push_back(pages / 2 * 3 + 1);
    }
    return all;
}

TEST(ChasePlaces, ScatteredPagesAreAllPagesEachOnce) {
    for (const std::uint32_t pages : numbers_of_pages()) {
        std::vector<bool> taken(pages);
        for (std::uint32_t page = 0; page < pages; ++page) {
            const std::uint32_t place = scattered_page(page, pages);
            ASSERT_LT(place, pages);
            ASSERT_FALSE(taken[place]) << page << " of " << pages;
            taken[place] = true;
        }
    }
}

TEST(ChasePlaces, ScatteredPagesAreSeldomNeighboursAndSeldomStay) {
    std::uint32_t neighbours = 0;
    std::uint32_t stay = 0;
    for (std::uint32_t page = 0; page + 1 < kMostPages; ++page) {
        const std::uint32_t place = scattered_page(page, kMostPages);
        neighbours += scattered_page(page + 1, kMostPages) == place + 1 ? 1 : 0;
        stay += place == page ? 1 : 0;
    }
    // Of a random permutation about one each (Poisson).
    EXPECT_LE(neighbours, 8U);
    EXPECT_LE(stay, 8U);
}

TEST(ChasePlaces, ScatteredPagesUseTheSetsOfACacheAsChanceDoes) {
    // 65,536 lines in 1,024 sets are 64 for each, with a deviation of 8: the most used one of so
    // many lies three to five deviations above.
    std::vector<std::uint32_t> uses(1024);
    const Shape shape{ChaseOrder::kPageRandom, kMostPages * kPageBytes, kPageBytes};
    for (std::uint32_t i = 0; i < lines_of(shape); ++i) {
        ++uses[physical_offset(shape, Placement::kScattered, i) / kLineBytes % uses.size()];
    }
    const std::uint32_t most = *std::max_element(uses.begin(), uses.end());
    EXPECT_GE(most, 64U + 3 * 8);
    EXPECT_LE(most, 64U + 5 * 8);
}

TEST(ChasePlaces, ALineKeepsItsPlaceInAPageThatIsScattered) {
    const Shape shape{ChaseOrder::kThrash, 64 * kPageBytes, kLineBytes};
    std::set<std::uint32_t> places;
    for (std::uint32_t i = 0; i < lines_of(shape); ++i) {
        const std::uint32_t offset = physical_offset(shape, Placement::kScattered, i);
        EXPECT_EQ(offset % kPageBytes, i * kLineBytes % kPageBytes);
        EXPECT_EQ(offset / kPageBytes, scattered_page(i * kLineBytes / kPageBytes, 64));
        EXPECT_EQ(physical_offset(shape, Placement::kContiguous, i), i * kLineBytes);
        places.insert(offset);
    }
    EXPECT_EQ(places.size(), lines_of(shape));
}

}  // namespace
}  // namespace hm::measure::chase
