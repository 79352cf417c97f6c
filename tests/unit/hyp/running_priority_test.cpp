#include "hyp/core/running_priority.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hm::hyp {
namespace {

using gic::IntId;

constexpr IntId kHypTimer = 26;
constexpr IntId kVirtualTimer = 27;
constexpr IntId kAnother = 30;

std::optional<IntId> left_by(std::uint32_t active, std::uint32_t running,
                             std::map<IntId, std::uint32_t> priorities) {
    return unended(active, running, [&](IntId id) { return priorities.at(id); });
}

TEST(RunningPriority, AnIdleInterfaceHasNothingToEndWhateverIsActive) {
    EXPECT_EQ(left_by(1U << kVirtualTimer, 0xFF, {{kVirtualTimer, 0xA0}}), std::nullopt);
    EXPECT_EQ(left_by(1U << kVirtualTimer, 0xF8, {{kVirtualTimer, 0xA0}}), std::nullopt);
    EXPECT_EQ(left_by(0, 0xA0, {}), std::nullopt);
    EXPECT_EQ(left_by(1U << kVirtualTimer, 0xF8, {{kVirtualTimer, 0xF8}}), std::nullopt)
        << "the lowest priority is never signalled";
}

TEST(RunningPriority, TheInterruptOfAHandlerThatWasStoppedIsEnded) {
    EXPECT_EQ(left_by(1U << kVirtualTimer, 0xA0, {{kVirtualTimer, 0xA0}}), kVirtualTimer);
}

TEST(RunningPriority, AnInterruptWhosePriorityWasDroppedIsNotEndedAgain) {
    // The watchdog's, at the highest priority, was dropped by HYP and still waits for its level.
    const std::map<IntId, std::uint32_t> priorities{{kHypTimer, 0x00}, {kVirtualTimer, 0xA0}};
    const std::uint32_t both = 1U << kHypTimer | 1U << kVirtualTimer;
    EXPECT_EQ(left_by(both, 0xA0, priorities), kVirtualTimer);
    EXPECT_EQ(left_by(both, 0xFF, priorities), std::nullopt);
    EXPECT_EQ(left_by(1U << kHypTimer, 0xA0, priorities), std::nullopt);
}

TEST(RunningPriority, OfNestedOnesTheLastIsEndedFirst) {
    const std::map<IntId, std::uint32_t> priorities{{kVirtualTimer, 0xA0}, {kAnother, 0x80}};
    const std::uint32_t both = 1U << kVirtualTimer | 1U << kAnother;
    EXPECT_EQ(left_by(both, 0x80, priorities), kAnother);
    EXPECT_EQ(left_by(1U << kVirtualTimer, 0xA0, priorities), kVirtualTimer);
}

TEST(RunningPriority, AGroupOfPrioritiesStandsForEachOfThem) {
    EXPECT_EQ(left_by(1U << kVirtualTimer, 0xA0, {{kVirtualTimer, 0xA8}}), kVirtualTimer);
}

}  // namespace
}  // namespace hm::hyp
