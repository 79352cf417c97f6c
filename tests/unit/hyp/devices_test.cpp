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

TEST(Devices, PagesNextToEachOtherAreAllFoundByTheirPage) {
    DeviceTable table;
    for (const std::uint32_t page : {0x7FFEU, 0x8000U, 0x7FFFU}) {
        EXPECT_EQ(table.at_page(page), nullptr) << page;
        ASSERT_TRUE(table.add(device_at(0x1000U * page, 0x1000)));
    }
    for (const std::uint32_t page : {0x7FFEU, 0x7FFFU, 0x8000U}) {
        ASSERT_NE(table.at_page(page), nullptr) << page;
        EXPECT_EQ(table.at_page(page)->range.begin.value, 0x1000U * page);
        EXPECT_EQ(table.find({0x1000U * page + 8}, 4), table.at_page(page));
    }
    for (const std::uint32_t page :
         {0U, 6U, 7U, 0x7FFDU, 0x8001U, 0x8006U, 0xF'FFFFU, UINT32_MAX}) {
        EXPECT_EQ(table.at_page(page), nullptr) << page;
    }
    table.clear();
    EXPECT_EQ(table.at_page(0x8000), nullptr);
}

TEST(Devices, OfTwoPagesThatEndWithTheSameBitsTheFirstIsFoundByItsPageAndBothByAddress) {
    DeviceTable table;
    ASSERT_TRUE(table.add(device_at(0x0800'0000, 0x1000)));
    ASSERT_TRUE(table.add(device_at(0x0900'0000, 0x1000)));
    ASSERT_NE(table.at_page(0x8000), nullptr);
    EXPECT_EQ(table.at_page(0x8000)->range.begin.value, 0x0800'0000U);
    EXPECT_EQ(table.at_page(0x9000), nullptr);
    ASSERT_NE(table.find({0x0900'0FFC}, 4), nullptr);
    EXPECT_EQ(table.find({0x0900'0FFC}, 4)->range.begin.value, 0x0900'0000U);
    EXPECT_EQ(table.find({0x0800'0FFE}, 4), nullptr);
}

TEST(Devices, OneThatIsNotAWholePageIsNotFoundByItsPage) {
    for (const auto& [begin, bytes] :
         {std::pair{0x5000U, 0x800U}, std::pair{0x5800U, 0x1000U}, std::pair{0x5000U, 0x2000U}}) {
        DeviceTable table;
        ASSERT_TRUE(table.add(device_at(begin, bytes)));
        ASSERT_TRUE(table.add(device_at(0x7000, 0x1000)));
        EXPECT_EQ(table.at_page(5), nullptr);
        EXPECT_EQ(table.at_page(6), nullptr);
        EXPECT_NE(table.at_page(7), nullptr);
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
    for (std::uint64_t i = 0; i < DeviceTable::kPlaces + DeviceTable::kMost; ++i) {
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
