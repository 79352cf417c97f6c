#include "foreign/core/foreign_machine.hpp"

#include <gtest/gtest.h>

#include "hyp/core/time.hpp"

namespace hm::foreign {
namespace {

using measure::Delivery;
using measure::Mapping;

measure::Bundle bundle(Delivery delivery = Delivery::kInjected,
                       Mapping mapping = Mapping::kPremapped2M) {
    measure::Bundle made;
    made.memory_base = 0x4000'0000;
    made.memory_bytes = 0x1000'0000;
    made.distributor = 0x0800'0000;
    made.cpu_interface = 0x0801'0000;
    made.uart = 0x0900'0000;
    made.uart_interrupt = 33;
    made.entry = 0x4800'0000;
    made.delivery = static_cast<std::uint32_t>(delivery);
    made.mapping = static_cast<std::uint32_t>(mapping);
    made.look_for_input = 5000;
    made.exits_are_counted = 1;
    return made;
}

constexpr session::Platform kPlatform{
    .distributor = 0x2c00'1000, .cpu_interface = 0x2c00'2000, .virtual_cpu_interface = 0x2c00'6000};
constexpr mmu::Pa kPlace{0x8000'0000};
constexpr board::Ram kRam{{0x8000'0000}, 0x8000'0000};
constexpr mmu::Pa kMonitor{0xC000'0000};

hyp::VmConfig made(const measure::Bundle& from, const ForeignMap& map) {
    return machine_of(from, kPlace, map, MachineFacts{});
}

TEST(ForeignMachine, ItsMemoryBeginsWhereTheMachinesDoes) {
    EXPECT_EQ(place_of_memory(bundle(), kRam, kMonitor), kPlace);
    const board::Ram odd{{0x8000'1000}, 0x7FFF'F000};
    EXPECT_EQ(place_of_memory(bundle(), odd, kMonitor), mmu::Pa{0x8020'0000});
}

TEST(ForeignMachine, ItMustNotReachTheMonitor) {
    measure::Bundle large = bundle();
    large.memory_bytes = 0x4000'0000;
    EXPECT_EQ(place_of_memory(large, kRam, kMonitor), kPlace);
    const board::Ram odd{{0x8000'1000}, 0x7FFF'F000};
    EXPECT_EQ(place_of_memory(large, odd, kMonitor), std::nullopt);
    large.memory_bytes += 0x20'0000;
    EXPECT_EQ(place_of_memory(large, kRam, kMonitor), std::nullopt);
}

TEST(ForeignMachine, ANativeOneFindsItsOwnAddresses) {
    measure::Bundle native = bundle(Delivery::kNative, Mapping::kNone);
    EXPECT_EQ(place_of_memory(native, kRam, kMonitor), std::nullopt)
        << "there is no memory at 0x40000000";
    native.memory_base = 0x9000'0000;
    EXPECT_EQ(place_of_memory(native, kRam, kMonitor), mmu::Pa{0x9000'0000});
    native.memory_base = 0xF000'0000;
    EXPECT_EQ(place_of_memory(native, kRam, kMonitor), std::nullopt) << "beyond the monitor";
}

TEST(ForeignMachine, ItSeesItsMemoryAndTheVirtualCpuInterfaceAndNothingElse) {
    const ForeignMap map = map_of(bundle(), kPlace, kPlatform);
    ASSERT_EQ(map.size(), 2U);
    EXPECT_EQ(map[0].range.begin.value, 0x4000'0000U);
    EXPECT_EQ(map[0].range.bytes, 0x1000'0000U);
    EXPECT_EQ(map[0].target, kPlace);
    EXPECT_EQ(map[0].forced, mmu::Size::k2M);
    EXPECT_EQ(map[1].range.begin.value, 0x0801'0000U);
    EXPECT_EQ(map[1].range.bytes, 0x2000U);
    EXPECT_EQ(map[1].target.value, 0x2c00'6000U);
    EXPECT_EQ(
        map_of(bundle(Delivery::kInjected, Mapping::kPremapped4K), kPlace, kPlatform)[0].forced,
        mmu::Size::k4K);
}

TEST(ForeignMachine, MemoryOnDemandIsMappedByNobodyBefore) {
    const measure::Bundle on_demand = bundle(Delivery::kInjected, Mapping::kAround16);
    const ForeignMap map = map_of(on_demand, kPlace, kPlatform);
    EXPECT_EQ(map[0].range.bytes, 0U);
    const hyp::VmConfig vm = made(on_demand, map);
    EXPECT_EQ(vm.demand.range.begin.value, 0x4000'0000U);
    EXPECT_EQ(vm.demand.range.bytes, 0x1000'0000U);
    EXPECT_EQ(vm.demand.target, kPlace);
    EXPECT_EQ(vm.demand.window, 16U);
    EXPECT_EQ(made(bundle(), map).demand.range.bytes, 0U);
}

TEST(ForeignMachine, ItIsWhatTheBundleSays) {
    const ForeignMap map = map_of(bundle(), kPlace, kPlatform);
    const hyp::VmConfig vm = made(bundle(), map);
    EXPECT_EQ(vm.stages, hyp::Stages::kBoth);
    EXPECT_EQ(vm.routing, hyp::InterruptRouting::kLinked);
    EXPECT_EQ(vm.cpus, 1U);
    EXPECT_EQ(vm.entry, 0x4800'0000U);
    EXPECT_EQ(vm.distributor.value, 0x0800'0000U);
    ASSERT_TRUE(vm.uart);
    EXPECT_EQ(vm.uart->base.value, 0x0900'0000U);
    EXPECT_EQ(vm.uart->interrupt, 33U);
    EXPECT_EQ(vm.uart->look_for_input, 5000U);
    EXPECT_FALSE(vm.has_test_device);
    EXPECT_FALSE(vm.null_ends_in_vector);
    EXPECT_TRUE(vm.exits_are_counted);
    EXPECT_FALSE(vm.is_left_alone);
    EXPECT_TRUE(vm.name.empty()) << "the console is its own";
    EXPECT_GE(vm.patience, hyp::kLongest);
    EXPECT_EQ(made(bundle(Delivery::kInjectedSoft), map).routing,
              hyp::InterruptRouting::kMaintained);
}

TEST(ForeignMachine, ANativeOneIsLeftAlone) {
    const measure::Bundle native = bundle(Delivery::kNative, Mapping::kNone);
    const hyp::VmConfig vm = made(native, map_of(native, kPlace, kPlatform));
    EXPECT_EQ(vm.stages, hyp::Stages::kStage1Only);
    EXPECT_EQ(vm.routing, hyp::InterruptRouting::kStraight);
    EXPECT_TRUE(vm.is_left_alone);
    EXPECT_FALSE(vm.exits_are_counted) << "it has none";
    EXPECT_EQ(vm.uart->look_for_input, 0U) << "its UART is the machine's";
}

TEST(ForeignMachine, WhatCannotBeHadTogetherIsSaid) {
    constexpr bool kHasSecondCore = true;
    EXPECT_EQ(what_is_in_the_way(bundle(), !kHasSecondCore), "");
    EXPECT_NE(what_is_in_the_way(bundle(Delivery::kShared), kHasSecondCore), "") << "input";
    measure::Bundle quiet = bundle(Delivery::kBoosted);
    quiet.look_for_input = 0;
    EXPECT_EQ(what_is_in_the_way(quiet, kHasSecondCore), "");
    EXPECT_NE(what_is_in_the_way(bundle(Delivery::kDirect), kHasSecondCore), "");

    const auto two = [](Delivery delivery, Mapping mapping) {
        measure::Bundle pair = bundle(delivery, mapping);
        pair.cpus = 2;
        pair.look_for_input = 0;
        return pair;
    };
    const measure::Bundle plain = two(Delivery::kInjected, Mapping::kPremapped4K);
    EXPECT_EQ(what_is_in_the_way(plain, kHasSecondCore), "");
    EXPECT_NE(what_is_in_the_way(plain, !kHasSecondCore), "");
    EXPECT_NE(what_is_in_the_way(two(Delivery::kInjected, Mapping::kDemand4K), kHasSecondCore), "");
    EXPECT_NE(what_is_in_the_way(two(Delivery::kShared, Mapping::kPremapped2M), kHasSecondCore),
              "");
    EXPECT_EQ(what_is_in_the_way(two(Delivery::kNative, Mapping::kNone), kHasSecondCore), "");
}

}  // namespace
}  // namespace hm::foreign
