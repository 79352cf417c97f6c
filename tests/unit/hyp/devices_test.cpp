#include "hyp/core/devices.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

Device device_at(std::uint64_t begin, std::uint64_t bytes) { return {.range = {{begin}, bytes}}; }

TEST(Devices, AnEmptyTableFindsNothing) { EXPECT_EQ(DeviceTable().find({0x1000}, 4), nullptr); }

TEST(Devices, AnAccessIsFoundByTheRangeThatHoldsAllOfIt) {
    DeviceTable table;
    ASSERT_TRUE(table.add(device_at(0x1000, 0x1000)));
    ASSERT_TRUE(table.add(device_at(0x3000, 0x10)));
    ASSERT_NE(table.find({0x1000}, 4), nullptr);
    EXPECT_EQ(table.find({0x1000}, 4)->range.begin.value, 0x1000U);
    EXPECT_EQ(table.find({0x1FFC}, 4)->range.begin.value, 0x1000U);
    EXPECT_EQ(table.find({0x300F}, 1)->range.begin.value, 0x3000U);
}

TEST(Devices, AnAccessThatReachesBeyondItsDeviceIsNotFound) {
    DeviceTable table;
    ASSERT_TRUE(table.add(device_at(0x1000, 0x1000)));
    EXPECT_EQ(table.find({0x0FFC}, 4), nullptr);
    EXPECT_EQ(table.find({0x0FFF}, 4), nullptr);
    EXPECT_EQ(table.find({0x1FFE}, 4), nullptr);
    EXPECT_EQ(table.find({0x2000}, 1), nullptr);
}

TEST(Devices, AFullTableTakesNoMore) {
    DeviceTable table;
    for (std::uint64_t i = 0; i < DeviceTable::kMost; ++i) {
        EXPECT_TRUE(table.add(device_at(0x1000 * i, 0x1000)));
    }
    EXPECT_FALSE(table.add(device_at(0x100'0000, 0x1000)));
    EXPECT_EQ(table.find({0x100'0000}, 4), nullptr);
}

TEST(Devices, AClearedTableCanBeFilledAgain) {
    DeviceTable table;
    ASSERT_TRUE(table.add(device_at(0x1000, 0x1000)));
    table.clear();
    EXPECT_EQ(table.find({0x1000}, 4), nullptr);
    ASSERT_TRUE(table.add(device_at(0x2000, 0x1000)));
    EXPECT_NE(table.find({0x2000}, 4), nullptr);
}

}  // namespace
}  // namespace hm::hyp
