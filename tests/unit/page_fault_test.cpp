#include "guest/bench/page_fault.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "tests/unit/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::Sample;
using test::FakeMachine;

TEST(PageFaultLoop, EverySampleIsTheFaultLessTheCostOfReadingTheClock) {
    FakeMachine machine;
    std::vector<Sample> room(5 * 3);
    SampleLog<Sample> log(room);
    page_fault_loop(machine, 0x10000, 5, 3, log);
    ASSERT_EQ(log.count(), 15U);
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.ticks, FakeMachine::kTouch + FakeMachine::kFault);
        EXPECT_EQ(sample.prepare_ticks, FakeMachine::kUnmap);
        EXPECT_EQ(sample.all_instructions, sample.guest_instructions);
    }
}

TEST(PageFaultLoop, EveryPageIsTouchedOnceARound) {
    for (const std::uint32_t pages : {1U, 2U, 36U, 37U, 64U, 256U}) {
        FakeMachine machine;
        std::vector<Sample> room(pages * 2);
        SampleLog<Sample> log(room);
        page_fault_loop(machine, 0x10000, pages, 2, log);
        std::map<std::uintptr_t, int> touches;
        for (const std::uintptr_t address : machine.touched) {
            ++touches[address];
        }
        EXPECT_EQ(touches.size(), pages);
        for (const auto& [address, times] : touches) {
            EXPECT_EQ(times, 2) << std::hex << address << " of " << pages;
        }
        EXPECT_TRUE(machine.unmapped.empty());
    }
}

TEST(PageFaultLoop, ACheckpointFollowsEachRound) {
    FakeMachine machine;
    std::vector<Sample> room(12);
    SampleLog<Sample> log(room);
    page_fault_loop(machine, 0x10000, 4, 3, log);
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
