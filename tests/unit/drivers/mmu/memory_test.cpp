#include "drivers/mmu/memory.hpp"

#include <gtest/gtest.h>

namespace hm::mmu {
namespace {

TEST(MmuMemory, AFewPagesAreInvalidatedByAddressAndManyWithTheWholeRegime) {
    using M = Maintenance<Va>;
    const M one = M::of({{0x1000}, 0x1000}, Size::k4K);
    EXPECT_EQ(one.kind, M::Kind::kPages);
    EXPECT_EQ(one.operations(), 1);
    EXPECT_EQ(M::of({{0}, 64 * 0x1000}, Size::k4K).kind, M::Kind::kPages);
    EXPECT_EQ(M::of({{0}, 65 * 0x1000}, Size::k4K).kind, M::Kind::kRegime);
}

TEST(MmuMemory, ABlockIsOneOperationWhateverItsSize) {
    EXPECT_EQ((Maintenance<Ipa>::of({{0x40000000}, bytes(Size::k1G)}, Size::k1G).operations()), 1);
}

}  // namespace
}  // namespace hm::mmu
