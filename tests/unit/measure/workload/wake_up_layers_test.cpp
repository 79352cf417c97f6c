#include "measure/workload/wake_up_layers.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "measure/workload/demand_fault.hpp"

namespace hm::measure {
namespace {

constexpr std::array kDeliveries{Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft,
                                 Delivery::kDirect, Delivery::kShared,   Delivery::kBoosted};

/// A wake-up whose stamps lie 1, 2, 4, 8, ... ticks apart, near the end of both counters' range, so
/// that both overflow on the way.
WakeUp wake_up() {
    constexpr std::uint32_t kStart = 0xFFFFFFFF - 20;
    constexpr std::uint32_t kCount = 0xFFFFFFFF - 5;
    WakeUp e{};
    e.deadline_count = kCount;
    e.hyp.sequence = 1;
    e.hyp.vector_count = kCount + 1;
    e.hyp.vector = kStart;
    e.hyp.acknowledged = kStart + 2;
    e.hyp.list_register = e.hyp.acknowledged + 4;
    e.hyp.guest_return = e.hyp.list_register + 8;
    e.vector = e.hyp.guest_return + 16;
    e.vector_count = kCount + 1 + (e.vector - kStart);
    e.acknowledged = e.vector + 32;
    e.handler_done = e.acknowledged + 64;
    e.application = e.handler_done + 128;
    e.application_count = kCount + 1 + (e.application - kStart);
    e.all_instructions = 100;
    e.guest_instructions = 64;
    return e;
}

/// The same with a switch before it: 256, 512, 1024 and 2048 ticks for its layers.
WakeUp deferred() {
    WakeUp e = wake_up();
    constexpr std::uint32_t kSwitch = 256 + 512 + 1024 + 2048 - 2;
    e.hyp.deferred = e.hyp.sequence;
    e.hyp.scheduled_count = e.hyp.vector_count + 256;
    e.hyp.scheduled = e.hyp.vector + 256;
    e.hyp.switched_out = e.hyp.scheduled + 512;
    e.hyp.switched_in = e.hyp.switched_out + 1024;
    for (std::uint32_t* const later :
         {&e.hyp.acknowledged, &e.hyp.list_register, &e.hyp.guest_return, &e.vector,
          &e.vector_count, &e.acknowledged, &e.handler_done, &e.application,
          &e.application_count}) {
        *later += kSwitch;
    }
    return e;
}

WakeUp with_maintenance() {
    WakeUp e = wake_up();
    e.hyp.maintenance_vector = e.acknowledged + 10;
    e.hyp.maintenance_return = e.acknowledged + 30;
    return e;
}

TEST(Layers, OfAnInjectedInterruptAreTheStretchesBetweenNeighbours) {
    const auto layers = stamped_layers(Delivery::kInjected);
    ASSERT_EQ(layers.size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(layers[i].value(wake_up()), 1U << i) << layers[i].name;
    }
    EXPECT_EQ(end_to_end().value(wake_up()), 255U);
}

TEST(Layers, OfADeferredInterruptHaveTheSwitchAmongThem) {
    std::vector<std::uint32_t> values;
    for (const auto& layer : stamped_layers(Delivery::kBoosted)) {
        if (layer.has(deferred())) {
            values.push_back(layer.value(deferred()));
        }
    }
    EXPECT_EQ(values, (std::vector<std::uint32_t>{1, 256, 512, 1024, 2048, 4, 8, 16, 32, 64, 128}));
}

TEST(Layers, OfAnInterruptInItsOwnSliceAreThoseOfAnInjectedOne) {
    std::vector<std::string_view> names;
    for (const auto& layer : stamped_layers(Delivery::kShared)) {
        if (layer.has(wake_up())) {
            names.push_back(layer.name);
        }
    }
    std::vector<std::string_view> injected;
    for (const auto& layer : stamped_layers(Delivery::kInjected)) {
        injected.push_back(layer.name);
    }
    EXPECT_EQ(names, injected);
}

/// Layers that apply to `event`, one beginning where the one before ends.
void expect_a_chain(const WakeUp& event, Delivery delivery) {
    std::string end = "deadline";
    for (const auto& layer : stamped_layers(delivery)) {
        if (!layer.has(event)) {
            continue;
        }
        const std::string name(layer.name);
        const std::size_t dots = name.find("..");
        EXPECT_EQ(name.substr(0, dots), end) << name_of(delivery);
        end = name.substr(dots + 2);
    }
    EXPECT_EQ(end, "application");
}

TEST(Layers, EachBeginsWhereTheOneBeforeEnds) {
    for (const Delivery delivery : kDeliveries) {
        for (const WakeUp& event : {wake_up(), with_maintenance()}) {
            expect_a_chain(event, delivery);
        }
    }
    expect_a_chain(deferred(), Delivery::kShared);
    EXPECT_STREQ(end_to_end().name, "deadline..application");
}

TEST(Layers, AddUpToTheApplicationsOwnDelay) {
    for (const Delivery delivery : kDeliveries) {
        for (const WakeUp& event : {wake_up(), with_maintenance()}) {
            const LayerSum sum = sum_of_layers(event, delivery);
            EXPECT_EQ(sum.counter_ticks + sum.ticks, delay_of(event));
            EXPECT_EQ(unattributed(event, delivery, {}), 0U);
        }
    }
    EXPECT_EQ(unattributed(deferred(), Delivery::kShared, {}), 0U);
}

TEST(Layers, ATickLostBetweenTwoStampsIsUnattributed) {
    WakeUp lossy = wake_up();
    lossy.application += 1;
    for (const Delivery delivery : kDeliveries) {
        EXPECT_EQ(unattributed(lossy, delivery, {}), 1U) << name_of(delivery);
    }
    lossy.application -= 2;
    EXPECT_EQ(unattributed(lossy, Delivery::kNative, {}), 1U);
}

TEST(Layers, MaintenanceThatComesAfterTheHandlerIsInNoLayer) {
    WakeUp late = with_maintenance();
    late.hyp.maintenance_vector = late.handler_done + 5;
    late.hyp.maintenance_return = late.handler_done + 25;
    expect_a_chain(late, Delivery::kInjectedSoft);
    EXPECT_EQ(unattributed(late, Delivery::kInjectedSoft, {}), 0U);
}

TEST(Layers, EveryOneButTheWholeNamesAStepOfThePaper) {
    for (const Delivery delivery : kDeliveries) {
        for (const auto& layer : stamped_layers(delivery)) {
            EXPECT_TRUE(std::string_view(layer.steps).starts_with('(')) << layer.name;
        }
    }
    EXPECT_STREQ(stamped_layers(Delivery::kDirect).front().steps, "(1)-(2)");
    EXPECT_STREQ(stamped_layers(Delivery::kInjected).front().steps, "(4)-(5)");
    EXPECT_STREQ(end_to_end().steps, "");
}

TEST(Layers, WithoutStampsInstructionsAreSplitByPrivilege) {
    EXPECT_STREQ(kHypInstructions<WakeUp>.name, "hyp-instructions");
    EXPECT_EQ(kHypInstructions<WakeUp>.value(wake_up()), 36U);
    EXPECT_EQ(kGuestInstructions<WakeUp>.value(wake_up()), 64U);
}

TEST(Layers, ADemandFaultThatNeedsATableIsARowOfItsOwn) {
    const Sample plain{.ticks = 10, .all_instructions = 0, .guest_instructions = 0, .kind = 0};
    Sample with_table = plain;
    with_table.kind = 1;
    for (const auto& layer : demand_fault::kLayers) {
        if (layer.applies == nullptr) {
            continue;
        }
        const bool for_tables = std::string_view(layer.name).ends_with("-with-new-table");
        EXPECT_EQ(layer.applies(plain), !for_tables) << layer.name;
        EXPECT_EQ(layer.applies(with_table), for_tables) << layer.name;
    }
}

}  // namespace
}  // namespace hm::measure
