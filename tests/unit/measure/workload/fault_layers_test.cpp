#include "measure/workload/fault_layers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hm::measure {
namespace {

constexpr Faults kAll[] = {Faults::kStage1, Faults::kStage2, Faults::kBoth};

/// One access that faults in both stages, by what each layer takes: 1, 2, 4 .. ticks.
Fault both() {
    Fault event{};
    event.access = 1000;
    event.guest = {.count = 1,
                   .vector = 1001,
                   .handler = 1003,
                   .written = 1007,
                   .maintained = 1015,
                   .returned = 1031};
    event.hyp = {.count = 1,
                 .vector = 1063,
                 .handler = 1127,
                 .written = 1255,
                 .maintained = 1511,
                 .returned = 2023};
    event.retired = 3047 + 5;
    event.reading = 5;
    return event;
}

std::vector<FaultLayer> layers(Faults faults) {
    std::vector<FaultLayer> found;
    for (std::size_t from = 0; from < kLastStamp; from = found.back().to) {
        found.push_back(layer_from(from, faults));
    }
    return found;
}

TEST(FaultLayers, GoFromTheAccessToItsEndThroughTheStagesThatFault) {
    EXPECT_EQ(layers(Faults::kStage1).size(), 6U);
    EXPECT_EQ(layers(Faults::kStage2).size(), 6U);
    EXPECT_EQ(layers(Faults::kBoth).size(), 11U);
    EXPECT_STREQ(kFaultStampNames[layers(Faults::kStage1).back().from], "guest-return");
    EXPECT_STREQ(kFaultStampNames[layers(Faults::kStage2).front().to], "hyp-vector");
    EXPECT_EQ(layers(Faults::kBoth).back().to, kLastStamp);
}

TEST(FaultLayers, AddUpToTheAccessWhicheverStageFaults) {
    for (const Faults faults : kAll) {
        std::uint32_t sum = 0;
        for (const FaultLayer& layer : layers(faults)) {
            sum += layer.value(both());
        }
        EXPECT_EQ(sum, ticks_of(both())) << kFaultsNames[static_cast<std::size_t>(faults)];
    }
    EXPECT_EQ(ticks_of(both()), 2047U);
}

TEST(FaultLayers, EachTakesWhatLiesBetweenItsStamps) {
    std::uint32_t expected = 1;
    for (const FaultLayer& layer : layers(Faults::kBoth)) {
        EXPECT_EQ(layer.value(both()), expected) << kFaultStampNames[layer.from];
        expected *= 2;
    }
}

TEST(FaultLayers, SayWhoseStageTheyBelongTo) {
    const auto steps = [](Faults faults, Regime regime) {
        std::string all;
        for (const FaultLayer& layer : layers(faults)) {
            all += step_of(layer, faults, regime)[1];
        }
        return all;
    };
    EXPECT_EQ(steps(Faults::kStage1, Regime::kNative), "AAAAAA");
    EXPECT_EQ(steps(Faults::kStage1, Regime::kNested), "BBBBBB");
    EXPECT_EQ(steps(Faults::kStage2, Regime::kStage2), "CCCCCC");
    EXPECT_EQ(steps(Faults::kBoth, Regime::kNested), "BBBBBCCCCCC");
}

std::vector<Fault> events(std::uint32_t count) {
    std::vector<Fault> all;
    for (std::uint32_t i = 0; i < count; ++i) {
        all.push_back(both());
        all.back().guest.count = 7 + i;
        all.back().hyp.count = 260 + i;
    }
    return all;
}

TEST(FaultLayers, EventsWithAFaultOfEachKindEachAreFine) {
    EXPECT_EQ(complaint_about(events(5), Faults::kBoth), "");
    EXPECT_EQ(complaint_about(std::span<const Fault>{}, Faults::kBoth), "");
}

TEST(FaultLayers, AFaultTooManyOrTooFewIsToldInEitherStage) {
    for (const std::uint32_t by : {1U, static_cast<std::uint32_t>(-1)}) {
        auto all = events(5);
        all[3].guest.count += by;
        EXPECT_NE(complaint_about(all, Faults::kBoth), "");
        EXPECT_EQ(complaint_about(all, Faults::kStage2), "") << "stage 1 does not count there";
        all = events(5);
        all[4].hyp.count += by;
        EXPECT_NE(complaint_about(all, Faults::kBoth), "");
        EXPECT_EQ(complaint_about(all, Faults::kStage1), "");
    }
}

TEST(FaultLayers, StampsThatWereNeverMadeAreTold) {
    auto all = events(1);
    all[0].hyp = {};
    EXPECT_NE(complaint_about(all, Faults::kStage2), "");
}

TEST(FaultLayers, AStampOlderThanTheOneBeforeIsTold) {
    auto all = events(3);
    all[1].hyp.written = all[1].hyp.handler - 1;
    EXPECT_NE(complaint_about(all, Faults::kStage2), "");
    EXPECT_EQ(complaint_about(all, Faults::kStage1), "");
}

}  // namespace
}  // namespace hm::measure
