#include "guest/bench/page_fault.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::Fault;
using measure::Faults;
using measure::FaultStamps;
using measure::Sample;
using measure::Visits;
using test::FakeMachine;

constexpr std::uintptr_t kBase = 0x10000;
constexpr Visits kAllVisits[] = {Visits::kSequential, Visits::kStrided, Visits::kRandom};
constexpr Faults kAllFaults[] = {Faults::kStage1, Faults::kStage2, Faults::kBoth};

std::vector<Fault> faults_of(FakeMachine& machine, const FaultPlan& plan) {
    std::vector<Fault> room(plan.pages * plan.rounds);
    SampleLog<Fault> log(room);
    page_fault_loop(machine, plan, kBase, log, &machine.guest_stamps, &machine.hyp_stamps);
    EXPECT_EQ(log.count(), room.size());
    return room;
}

std::vector<std::uint32_t> round_of(Visits visits, std::uint32_t pages) {
    VisitOrder order(visits, pages);
    std::vector<std::uint32_t> visited;
    for (std::uint32_t i = 0; i < pages; ++i) {
        visited.push_back(order.next());
    }
    return visited;
}

TEST(VisitOrder, EveryPageIsVisitedOnceARound) {
    for (const Visits visits : kAllVisits) {
        for (std::uint32_t pages = 1; pages <= 300; ++pages) {
            std::vector<std::uint32_t> visited = round_of(visits, pages);
            std::sort(visited.begin(), visited.end());
            for (std::uint32_t page = 0; page < pages; ++page) {
                ASSERT_EQ(visited[page], page) << "of " << pages;
            }
        }
        for (const std::uint32_t pages : {4096U, 5000U, 65536U}) {
            const std::vector<std::uint32_t> visited = round_of(visits, pages);
            EXPECT_EQ(std::set(visited.begin(), visited.end()).size(), pages);
        }
    }
}

TEST(VisitOrder, SequentialGoesUpAndStridedGoesBy37) {
    EXPECT_EQ(round_of(Visits::kSequential, 5), (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
    const std::vector<std::uint32_t> strided = round_of(Visits::kStrided, 256);
    for (std::size_t i = 1; i < strided.size(); ++i) {
        EXPECT_EQ(strided[i], (strided[i - 1] + 37) % 256);
    }
}

TEST(VisitOrder, ARandomOrderKeepsToNoDistance) {
    for (const std::uint32_t pages : {64U, 256U, 300U, 4096U}) {
        const std::vector<std::uint32_t> visited = round_of(Visits::kRandom, pages);
        std::vector<std::uint32_t> times(pages);
        for (std::size_t i = 1; i < visited.size(); ++i) {
            ++times[(visited[i] - visited[i - 1] + pages) % pages];
        }
        EXPECT_LT(*std::max_element(times.begin(), times.end()), pages / 8) << "of " << pages;
        EXPECT_LT(times[1], 5U) << "neighbours of " << pages;
    }
}

TEST(PageFaultLoop, AnAccessIsStampedJustBeforeAndJustAfterItsFault) {
    const std::uint32_t costs[] = {FakeMachine::kFault, FakeMachine::kStage2Fault,
                                   FakeMachine::kFault + FakeMachine::kStage2Fault};
    for (const Faults faults : kAllFaults) {
        FakeMachine machine;
        for (const Fault& fault : faults_of(machine, {.pages = 5,
                                                     .rounds = 3,
                                                     .batch = 1,
                                                     .visits = Visits::kStrided,
                                                     .faults = faults})) {
            EXPECT_EQ(fault.reading, FakeMachine::kReading);
            EXPECT_EQ(fault.retired - fault.access - fault.reading,
                      FakeMachine::kTouch + costs[static_cast<std::size_t>(faults)]);
        }
    }
}

TEST(PageFaultLoop, InstructionsAreThoseOfTheTouchAlone) {
    FakeMachine machine;
    for (const Fault& fault : faults_of(machine, {.pages = 8,
                                                 .rounds = 2,
                                                 .batch = 4,
                                                 .visits = Visits::kSequential,
                                                 .faults = Faults::kBoth})) {
        EXPECT_EQ(fault.guest_instructions, 2 * FakeMachine::kReading + FakeMachine::kTouch +
                                                FakeMachine::kFault + FakeMachine::kStage2Fault);
        EXPECT_EQ(fault.all_instructions, fault.guest_instructions + FakeMachine::kHypFault);
    }
}

TEST(PageFaultLoop, StampsAreThoseOfTheFaultsThatThePlanNames) {
    for (const Faults faults : kAllFaults) {
        FakeMachine machine;
        machine.guest_stamps.count = 40;  // what was left by faults before
        machine.hyp_stamps.count = 70;
        std::uint32_t number = 0;
        for (const Fault& fault : faults_of(machine, {.pages = 4,
                                                     .rounds = 2,
                                                     .batch = 2,
                                                     .visits = Visits::kRandom,
                                                     .faults = faults})) {
            ++number;
            const bool stage1 = in_stage1(faults);
            const bool stage2 = in_stage2(faults);
            EXPECT_EQ(fault.guest.count, stage1 ? 40 + number : 0);
            EXPECT_EQ(fault.hyp.count, stage2 ? 70 + number : 0);
            const std::uint32_t taken = fault.access + FakeMachine::kTouch;
            EXPECT_EQ(fault.guest.vector, stage1 ? taken : 0);
            EXPECT_EQ(fault.hyp.vector, stage2 ? taken + (stage1 ? FakeMachine::kFault : 0) : 0);
            EXPECT_EQ(fault.hyp.written, stage2 ? fault.hyp.vector + 2 : 0);
        }
    }
}

TEST(PageFaultLoop, WithoutStampsThereAreZeros) {
    FakeMachine machine;
    std::vector<Fault> room(4);
    SampleLog<Fault> log(room);
    page_fault_loop(machine,
                    {.pages = 4,
                     .rounds = 1,
                     .batch = 4,
                     .visits = Visits::kSequential,
                     .faults = Faults::kBoth},
                    kBase, log, nullptr, nullptr);
    EXPECT_EQ(machine.guest_stamps.count, 4U);
    for (const Fault& fault : room) {
        EXPECT_EQ(fault.guest.count, 0U);
        EXPECT_EQ(fault.guest.returned, 0U);
        EXPECT_EQ(fault.hyp.count, 0U);
        EXPECT_EQ(fault.hyp.vector, 0U);
    }
}

TEST(PageFaultLoop, EveryPageIsTouchedOnceBeforeTheRoundsAndOnceInEach) {
    for (const Faults faults : kAllFaults) {
        FakeMachine machine;
        (void)faults_of(
            machine,
            {.pages = 36, .rounds = 3, .batch = 5, .visits = Visits::kRandom, .faults = faults});
        ASSERT_EQ(machine.touched.size(), 36U * 4);
        for (std::ptrdiff_t round = 0; round < 4; ++round) {
            const auto from = machine.touched.begin() + round * 36;
            const std::set<std::uintptr_t> pages(from, from + 36);
            EXPECT_EQ(pages.size(), 36U);
            EXPECT_EQ(*pages.begin(), kBase);
            EXPECT_EQ(*pages.rbegin(), kBase + 35 * kPageBytes);
        }
        EXPECT_TRUE(machine.unmapped.empty());
        EXPECT_TRUE(machine.released.empty());
        EXPECT_EQ(machine.bad_releases, 0U);
    }
}

TEST(PageFaultLoop, ABatchIsPreparedAsAWholeAndTheLastOneMayBeSmaller) {
    // u unmaps, r releases, s touches, t and i read counters, c is the checkpoint.
    FakeMachine machine;
    const FaultPlan plan{
        .pages = 5, .rounds = 2, .batch = 3, .visits = Visits::kStrided, .faults = Faults::kBoth};
    (void)faults_of(machine, plan);
    const std::string touch = "itsti";
    const std::string round = "turururt" + touch + touch + touch + "tururt" + touch + touch + "c";
    const std::string readings(32, 't');
    EXPECT_EQ(machine.history, readings + "sssss" + round + round);
}

TEST(PageFaultLoop, PreparingABatchIsSharedByItsPages) {
    const std::uint32_t costs[] = {FakeMachine::kUnmap, FakeMachine::kRelease,
                                   FakeMachine::kUnmap + FakeMachine::kRelease};
    for (const Faults faults : kAllFaults) {
        for (const std::uint32_t batch : {1U, 3U, 10U}) {
            FakeMachine machine;
            for (const Fault& fault : faults_of(machine, {.pages = 10,
                                                         .rounds = 2,
                                                         .batch = batch,
                                                         .visits = Visits::kRandom,
                                                         .faults = faults})) {
                EXPECT_EQ(fault.prepare_ticks, costs[static_cast<std::size_t>(faults)]);
            }
        }
    }
}

TEST(PageFaultLoop, PagesAreTouchedInTheOrderInWhichTheyWereUnmapped) {
    FakeMachine machine;
    (void)faults_of(machine, {.pages = 32,
                              .rounds = 1,
                              .batch = 7,
                              .visits = Visits::kRandom,
                              .faults = Faults::kStage1});
    const std::vector<std::uintptr_t> touched(machine.touched.begin() + 32, machine.touched.end());
    EXPECT_EQ(touched, machine.unmapped_in_order);
    for (std::size_t i = 0; i < touched.size(); ++i) {
        EXPECT_EQ(touched[i], kBase + round_of(Visits::kRandom, 32)[i] * kPageBytes);
    }
}

TEST(PageFaultLoop, ACheckpointFollowsEachRound) {
    FakeMachine machine;
    (void)faults_of(machine, {.pages = 4,
                              .rounds = 3,
                              .batch = 2,
                              .visits = Visits::kSequential,
                              .faults = Faults::kStage1});
    EXPECT_EQ(machine.checkpoints, (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(DemandFaultLoop, TheFirstPageOfEachTwoMegabytesIsTold) {
    FakeMachine machine;
    std::vector<Sample> room(1024);
    SampleLog<Sample> log(room);
    demand_fault_loop(machine, 0x200000 - 0x1000, 1024, log);
    ASSERT_EQ(log.count(), 1024U);
    for (std::uint32_t page = 0; page < 1024; ++page) {
        EXPECT_EQ(room[page].kind, page == 0 || page == 1 || page == 513 ? 1U : 0U) << page;
    }
}

TEST(SampleLog, WhatDoesNotFitIsNotCounted) {
    std::vector<Sample> room(2);
    SampleLog<Sample> log(room);
    for (int i = 0; i < 5; ++i) {
        log.add({});
    }
    EXPECT_EQ(log.count(), 2U);
}

}  // namespace
}  // namespace hm::guest
