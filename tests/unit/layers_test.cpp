#include "measure/layers.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace hm::measure {
namespace {

/// A wake-up whose stamps lie 1, 2, 4, 8, ... ticks apart, near the end of both counters' range.
WakeUp wake_up() {
    constexpr std::uint32_t kStart = 0xFFFFFFFF - 20;
    constexpr std::uint32_t kCount = 0xFFFFFFFF - 5;
    return {.deadline_count = kCount,
            .hyp = {.sequence = 1,
                    .vector_count = kCount + 1,
                    .vector = kStart,
                    .acknowledged = kStart + 2,
                    .list_register = kStart + 2 + 4,
                    .guest_return = kStart + 2 + 4 + 8},
            .vector_count = kCount + 1 + 2 + 4 + 8 + 16,
            .vector = kStart + 2 + 4 + 8 + 16,
            .acknowledged = kStart + 2 + 4 + 8 + 16 + 32,
            .handler_done = kStart + 2 + 4 + 8 + 16 + 32 + 64,
            .application_count = kCount + 255,
            .application = kStart + 254,
            .all_instructions = 100,
            .guest_instructions = 64};
}

TEST(Layers, OfAnInjectedInterruptAreTheStretchesBetweenNeighbours) {
    const auto layers = stamped_layers(true);
    ASSERT_EQ(layers.size(), 9U);
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(layers[i].value(wake_up()), 1U << i) << layers[i].name;
    }
    EXPECT_EQ(layers[8].value(wake_up()), 255U);
}

TEST(Layers, EachBeginsWhereTheOneBeforeEnds) {
    for (const bool through_hyp : {false, true}) {
        const auto layers = stamped_layers(through_hyp);
        std::string end = "deadline";
        for (const auto& layer : layers.first(layers.size() - 1)) {
            const std::string name(layer.name);
            const std::size_t dots = name.find("..");
            EXPECT_EQ(name.substr(0, dots), end);
            end = name.substr(dots + 2);
        }
        EXPECT_EQ(end, "application");
        EXPECT_EQ(layers.back().name, "deadline..application");
    }
}

TEST(Layers, AddUpToTheApplicationsOwnDelay) {
    for (const bool through_hyp : {false, true}) {
        const auto layers = stamped_layers(through_hyp);
        const std::uint32_t sum =
            std::accumulate(layers.begin(), layers.end() - 1, 0U,
                            [](std::uint32_t so_far, const Layer<WakeUp>& layer) {
                                return so_far + layer.value(wake_up());
                            });
        EXPECT_EQ(sum, layers.back().value(wake_up()));
        EXPECT_EQ(unattributed(wake_up(), through_hyp), 0U);
    }
}

TEST(Layers, ATickLostBetweenTwoStampsIsUnattributed) {
    WakeUp lossy = wake_up();
    lossy.application += 1;
    EXPECT_NE(unattributed(lossy, true), 0U);
    EXPECT_NE(unattributed(lossy, false), 0U);
}

TEST(Layers, WithoutStampsInstructionsAreSplitByPrivilege) {
    const auto layers = unstamped_layers();
    ASSERT_EQ(layers.size(), 3U);
    EXPECT_EQ(layers[1].name, "hyp-instructions");
    EXPECT_EQ(layers[1].value(wake_up()), 36U);
    EXPECT_EQ(layers[2].value(wake_up()), 64U);
}

TEST(Layers, ADemandFaultThatNeedsATableIsARowOfItsOwn) {
    const Sample plain{
        .ticks = 10, .prepare_ticks = 0, .all_instructions = 0, .guest_instructions = 0, .kind = 0};
    Sample with_table = plain;
    with_table.kind = 1;
    for (const auto& layer : layers_of(Task::kDemandFault)) {
        if (layer.applies == nullptr) {
            continue;
        }
        const bool for_tables = layer.name.ends_with("-with-new-table");
        EXPECT_EQ(layer.applies(plain), !for_tables) << layer.name;
        EXPECT_EQ(layer.applies(with_table), for_tables) << layer.name;
    }
}

}  // namespace
}  // namespace hm::measure
