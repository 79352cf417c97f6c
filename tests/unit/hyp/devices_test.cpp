#include "hyp/core/devices.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "hyp/core/vcpu.hpp"

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

/// Whether this page finds a device with registers.
bool has_device(const DeviceTable& table, std::uint32_t page) {
    const Device* const device = table.at_page(page);
    return device != nullptr && device->range.bytes != 0;
}

TEST(Devices, TheFirstAndTheOneOnTheNextPageAreFoundByTheirPage) {
    DeviceTable table;
    ASSERT_TRUE(table.add(device_at(0x5000, 0x1000)));
    EXPECT_FALSE(has_device(table, 6));
    ASSERT_TRUE(table.add(device_at(0x7000, 0x1000)));
    ASSERT_TRUE(table.add(device_at(0x6000, 0x1000)));
    ASSERT_TRUE(table.add(device_at(0x4000, 0x1000)));
    for (const std::uint32_t page : {5U, 6U}) {
        ASSERT_TRUE(has_device(table, page));
        EXPECT_EQ(table.at_page(page)->range.begin.value, 0x1000U * page);
    }
    for (const std::uint32_t page : {0U, 4U, 7U, 8U, UINT32_MAX}) {
        EXPECT_FALSE(has_device(table, page)) << page;
    }
    for (const std::uint32_t page : {4U, 5U, 6U, 7U}) {
        ASSERT_NE(table.find({0x1000U * page}, 4), nullptr);
        EXPECT_EQ(table.find({0x1000U * page}, 4)->range.begin.value, 0x1000U * page);
    }
    table.clear();
    EXPECT_FALSE(has_device(table, 5));
    EXPECT_FALSE(has_device(table, 6));
}

TEST(Devices, OneThatIsNotAWholePageIsNotFoundByItsPage) {
    for (const auto& [begin, bytes] :
         {std::pair{0x5000U, 0x800U}, std::pair{0x5800U, 0x1000U}, std::pair{0x5000U, 0x2000U}}) {
        DeviceTable table;
        ASSERT_TRUE(table.add(device_at(begin, bytes)));
        ASSERT_TRUE(table.add(device_at(0x7000, 0x1000)));
        EXPECT_FALSE(has_device(table, 5));
        EXPECT_FALSE(has_device(table, 6));
        EXPECT_FALSE(has_device(table, 7));
        EXPECT_NE(table.find({begin}, 4), nullptr);
        EXPECT_NE(table.find({0x7000}, 4), nullptr);
    }
}

TEST(Devices, WhatIsNotThereHasNoRegister) {
    Vcpu vcpu;
    EXPECT_GE(Device{}.read(vcpu, 0, 4), kNoRegister);
    EXPECT_FALSE(Device{}.write(vcpu, 0, 4, 1));
}

TEST(Devices, AFullTableTakesNoMore) {
    DeviceTable table;
    for (std::uint64_t i = 0; i < DeviceTable::kMost + 2; ++i) {
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
