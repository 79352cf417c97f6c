// All calls of the builder in any order, drawn by dice; and the tables that a block replaces.

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

#include "tests/unit/drivers/mmu/mix.hpp"

namespace hm::mmu {
namespace {

using test::FakeMemory;

class MixDice {
  public:
    explicit MixDice(unsigned seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t count) { return engine_() % count; }

  private:
    std::mt19937 engine_;
};

template <class Format>
class MmuBuilderMix : public ::testing::Test {};

using MixedFormats = ::testing::Types<Stage1, HypStage1, Stage2, Stage2Narrow, ShortStage1>;
TYPED_TEST_SUITE(MmuBuilderMix, MixedFormats);

TYPED_TEST(MmuBuilderMix, WhatTheMapOfPagesAllowsIsNeverRefused) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        MixDice dice(seed);
        test::Mix<TypeParam, MixDice> mix(dice);
        for (unsigned i = 0; i < 60; ++i) {
            mix.step();
            mix.check();
            ASSERT_EQ(mix.wrong(), "") << "seed " << seed << ", step " << i;
        }
        mix.end();
        mix.check();
        ASSERT_EQ(mix.wrong(), "") << "seed " << seed << ", at the end";
    }
}

/// A gigabyte goes where empty tables of two levels were.
TYPED_TEST(MmuBuilderMix, ABlockReplacesEmptyTablesOfEachLevel) {
    if constexpr (TypeParam::kGeometry.levels() == 3) {
        FakeMemory<TypeParam> memory(3);
        Builder<TypeParam, FakeMemory<TypeParam>> builder(memory, memory.root());
        const unsigned free = memory.available();
        const auto input = typename TypeParam::Input{bytes(Size::k1G)};
        const auto output = typename TypeParam::Output{bytes(Size::k1G)};
        ASSERT_EQ(builder.map_page(input, output, {}), Status::kOk);
        memory.settle();
        ASSERT_EQ(builder.map_page(input + bytes(Size::k2M), output, {}), Status::kOk);
        memory.settle();
        ASSERT_EQ(builder.map({input, bytes(Size::k1G)}, output, {}), Status::kOverlap);
        ASSERT_EQ(builder.unmap_page(input), Status::kOk);
        memory.settle();
        ASSERT_EQ(builder.map({input, bytes(Size::k1G)}, output, {}), Status::kOverlap);
        ASSERT_EQ(builder.unmap_page(input + bytes(Size::k2M)), Status::kOk);
        memory.settle();
        ASSERT_EQ(builder.map({input, bytes(Size::k1G)}, output, {}), Status::kOk);
        memory.settle();
        EXPECT_EQ(memory.available(), free);
        const auto walk = mmu::walk<TypeParam>(memory, memory.root(), input);
        EXPECT_EQ(walk.size, Size::k1G);
        EXPECT_TRUE(memory.violations.empty()) << memory.violations.front();
    }
}

}  // namespace
}  // namespace hm::mmu
