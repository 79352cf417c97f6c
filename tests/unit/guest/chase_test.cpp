#include "guest/bench/chase.hpp"

#include <gtest/gtest.h>
#include <sanitizer/asan_interface.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/guest/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::ChaseOrder;
using measure::Sample;
using measure::TlbState;
using test::FakeMachine;

constexpr std::uint32_t kKilobyte = 1024;

struct Memory {
    explicit Memory(const ChaseShape& shape)
        : bytes(static_cast<std::byte*>(
              ::operator new (std::size_t{shape.bytes}, std::align_val_t{kPageBytes}))),
          lines(bytes, shape) {}
    ~Memory() { ::operator delete (bytes, std::align_val_t{kPageBytes}); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    [[nodiscard]] std::size_t offset(const Link* link) const {
        return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(link) - bytes);
    }
    [[nodiscard]] std::size_t page(const Link* link) const { return offset(link) / kPageBytes; }

    std::byte* bytes;
    ChaseLines lines;
};

/// Powers of two and those by one and a half, 4 KB to 4 MB.
std::vector<std::uint32_t> sizes() {
    std::vector<std::uint32_t> all;
    for (std::uint32_t power = 4 * kKilobyte; power < 4096 * kKilobyte; power *= 2) {
        all.push_back(power);
        all.push_back(power / 2 * 3);
    }
    all.push_back(4096 * kKilobyte);
    return all;
}

/// All shapes that are whole turns of the loop, and whole pages where the order goes by pages.
std::vector<ChaseShape> shapes() {
    std::vector<ChaseShape> all;
    for (const std::uint32_t bytes : sizes()) {
        for (const ChaseOrder order : {ChaseOrder::kSequential, ChaseOrder::kRandom}) {
            for (const std::uint32_t stride : {64U, 128U, 256U, 4096U}) {
                all.push_back({order, bytes, stride});
            }
        }
        if (bytes % kPageBytes == 0) {
            all.push_back({ChaseOrder::kPageRandom, bytes, 0});
            all.push_back({ChaseOrder::kPageDense, bytes, 0});
            all.push_back({ChaseOrder::kThrash, bytes, 0});
        }
    }
    std::erase_if(all, [](const ChaseShape& shape) {
        return lines_of(shape) < kChaseUnroll || lines_of(shape) % kChaseUnroll != 0;
    });
    return all;
}

std::string name(const ChaseShape& shape) {
    return std::string(measure::kChaseOrderNames[static_cast<std::size_t>(shape.order)]) + " " +
           std::to_string(shape.bytes) + " by " + std::to_string(shape.stride);
}

TEST(Chase, TheChainIsOneCycleThroughAllLinesInEveryOrderAndSize) {
    std::map<ChaseOrder, int> tried;
    for (const ChaseShape& shape : shapes()) {
        const Memory memory(shape);
        build_chain(memory.lines);
        std::set<const Link*> places;
        for (std::uint32_t i = 0; i < lines_of(shape); ++i) {
            places.insert(memory.lines.link(i));
        }
        ASSERT_EQ(places.size(), lines_of(shape)) << name(shape);
        const Link* at = memory.lines.link(0);
        for (std::uint32_t i = 0; i < lines_of(shape); ++i) {
            ASSERT_EQ(places.erase(at), 1U) << name(shape) << ": twice or astray after " << i;
            at = at->next;
        }
        EXPECT_EQ(at, memory.lines.link(0)) << name(shape);
        ++tried[shape.order];
    }
    EXPECT_EQ(tried.size(), 5U);
    EXPECT_EQ(tried[ChaseOrder::kThrash], 20);
    EXPECT_GT(tried[ChaseOrder::kSequential], 60);
    EXPECT_GT(tried[ChaseOrder::kPageRandom], 10);
    EXPECT_EQ(tried[ChaseOrder::kPageDense], 20);
}

TEST(Chase, LinesLieWhereHostAndMonitorAreToldThatTheyLie) {
    for (const ChaseShape& shape : shapes()) {
        const Memory memory(shape);
        for (std::uint32_t i = 0; i < lines_of(shape); ++i) {
            ASSERT_EQ(memory.offset(memory.lines.link(i)), offset_of_line(shape, i)) << name(shape);
        }
    }
}

TEST(Chase, LmbenchsSmallSizesAreWholeTurnsOfTheLoop) {
    EXPECT_EQ(lines_of({ChaseOrder::kSequential, 6 * kKilobyte, 256}), 24U);
    EXPECT_EQ(lines_of({ChaseOrder::kPageRandom, 32 * kKilobyte, 0}), 8U);
    EXPECT_EQ(lines_of({ChaseOrder::kPageDense, 4 * kKilobyte, 0}), 64U);
}

TEST(Chase, ASequentialChainGoesUpByItsStride) {
    const Memory memory({ChaseOrder::kSequential, 16 * kKilobyte, 256});
    build_chain(memory.lines);
    for (std::uint32_t i = 0; i + 1 < memory.lines.count(); ++i) {
        const Link* const link = memory.lines.link(i);
        EXPECT_EQ(memory.offset(link), i * 256);
        EXPECT_EQ(memory.offset(link->next), (i + 1) * 256);
    }
}

TEST(Chase, ARandomChainSeldomGoesToTheNextPlace) {
    for (const ChaseShape& shape : {ChaseShape{ChaseOrder::kRandom, 64 * kKilobyte, 64},
                                    ChaseShape{ChaseOrder::kPageRandom, 4096 * kKilobyte, 0},
                                    ChaseShape{ChaseOrder::kPageDense, 64 * kKilobyte, 0}}) {
        const Memory memory(shape);
        build_chain(memory.lines);
        std::uint32_t neighbours = 0;
        for (std::uint32_t i = 0; i + 1 < memory.lines.count(); ++i) {
            neighbours += memory.lines.link(i)->next == memory.lines.link(i + 1) ? 1 : 0;
        }
        EXPECT_EQ(memory.lines.count(), 1024U);
        EXPECT_LT(neighbours, 32U) << name(shape);
    }
}

TEST(Chase, OneLineAPageUsesAllLineOffsetsEvenly) {
    constexpr std::uint32_t kPages = 256;
    const Memory memory({ChaseOrder::kPageRandom, kPages * kPageBytes, 0});
    std::map<std::size_t, std::uint32_t> uses;
    for (std::uint32_t i = 0; i < kPages; ++i) {
        const Link* const link = memory.lines.link(i);
        EXPECT_EQ(memory.page(link), i);
        EXPECT_EQ(memory.offset(link) % kLineBytes, 0U);
        ++uses[memory.offset(link) % kPageBytes];
    }
    EXPECT_EQ(uses.size(), kLinesOfPage);
    for (const auto& [offset, times] : uses) {
        EXPECT_EQ(times, kPages / kLinesOfPage) << offset;
    }
}

/// How much more often the most used set of a cache is used than the least used one.
std::uint32_t spread_of_uses(std::uint32_t sets, std::uint64_t base, std::uint32_t pages) {
    std::vector<std::uint32_t> uses(sets);
    // Only the addresses of the lines are of interest; nothing is there.
    auto* const nothing = reinterpret_cast<std::byte*>(static_cast<std::uintptr_t>(base));
    const ChaseLines lines(nothing, {ChaseOrder::kPageRandom, pages * kPageBytes, 0});
    for (std::uint32_t i = 0; i < lines.count(); ++i) {
        ++uses[reinterpret_cast<std::uintptr_t>(lines.link(i)) / kLineBytes % sets];
    }
    const auto [least, most] = std::minmax_element(uses.begin(), uses.end());
    return *most - *least;
}

TEST(Chase, OneLineAPageUsesTheSetsOfBothCachesEvenly) {
    // Lines of 64 bytes: 32 KB in two ways are 256 sets, 1 MB in sixteen ways 1,024 (Cortex-A15
    // TRM, 6.1 and 7.1).
    constexpr std::uint32_t kL1Sets = 32 * kKilobyte / 2 / kLineBytes;
    constexpr std::uint32_t kL2Sets = 1024 * kKilobyte / 16 / kLineBytes;
    int sizes = 0;
    for (std::uint32_t bytes = 64 * kKilobyte; bytes <= 256 * 1024 * kKilobyte;
         bytes = measure::chase::next_size(bytes)) {
        for (const std::uint64_t page_of_base : {0U, 1U, 7U, 13U}) {
            const std::uint64_t base = 0x8000'0000 + page_of_base * kPageBytes;
            EXPECT_LE(spread_of_uses(kL1Sets, base, bytes / kPageBytes), 1U) << bytes;
            EXPECT_LE(spread_of_uses(kL2Sets, base, bytes / kPageBytes), 1U) << bytes;
        }
        ++sizes;
    }
    EXPECT_EQ(sizes, 25);  // two an octave over twelve octaves, and the last
}

TEST(Chase, ADenseLapLeavesAPageOnlyWhenAllItsLinesAreDone) {
    for (const std::uint32_t pages : {1U, 2U, 3U, 16U, 192U}) {
        const Memory memory({ChaseOrder::kPageDense, pages * kPageBytes, 0});
        build_chain(memory.lines);
        std::uint32_t changes = 0;
        const Link* at = memory.lines.link(0);
        for (std::uint32_t i = 0; i < memory.lines.count(); ++i) {
            changes += memory.page(at) != memory.page(at->next) ? 1 : 0;
            at = at->next;
        }
        EXPECT_EQ(changes, pages == 1 ? 0 : pages);
    }
}

TEST(Chase, ADenseChainTakesPagesAndTheirLinesInRandomOrder) {
    constexpr std::uint32_t kPages = 64;
    const Memory memory({ChaseOrder::kPageDense, kPages * kPageBytes, 0});
    build_chain(memory.lines);
    std::uint32_t next_pages = 0;
    std::set<std::vector<std::size_t>> ways;
    std::vector<std::size_t> way;
    const Link* at = memory.lines.link(0);
    for (std::uint32_t i = 0; i < memory.lines.count(); ++i) {
        way.push_back(memory.offset(at) % kPageBytes);
        if (memory.page(at) != memory.page(at->next)) {
            next_pages += memory.page(at->next) == memory.page(at) + 1 ? 1 : 0;
            ways.insert(way);
            way.clear();
        }
        at = at->next;
    }
    EXPECT_LT(next_pages, 5U);
    EXPECT_EQ(ways.size(), kPages) << "two pages are gone through in the same way";
}

TEST(Chase, AThrashingLapTakesOneLineOfEveryPageInEachPassAndThePagesInOneOrder) {
    constexpr std::uint32_t kPages = 24;
    const Memory memory({ChaseOrder::kThrash, kPages * kPageBytes, 0});
    build_chain(memory.lines);
    std::vector<std::size_t> places;
    std::set<std::vector<std::size_t>> orders;
    const Link* at = memory.lines.link(0);
    for (std::uint32_t pass = 0; pass < kLinesOfPage; ++pass) {
        std::vector<std::size_t> pages;
        std::set<std::size_t> lines;
        for (std::uint32_t i = 0; i < kPages; ++i) {
            pages.push_back(memory.page(at));
            lines.insert(memory.offset(at) % kPageBytes / kLineBytes);
            at = at->next;
        }
        ASSERT_EQ(lines.size(), 1U) << "pass " << pass;
        places.push_back(*lines.begin());
        EXPECT_EQ(std::set(pages.begin(), pages.end()).size(), kPages) << "pass " << pass;
        orders.insert(pages);
    }
    EXPECT_EQ(at, memory.lines.link(0));
    EXPECT_EQ(orders.size(), 1U);
    std::vector<std::size_t> sorted(kPages);
    std::iota(sorted.begin(), sorted.end(), 0);
    EXPECT_NE(*orders.begin(), sorted) << "the pages are in no random order";
    // 000001 reversed is 100000, and so on.
    EXPECT_EQ((std::vector<std::size_t>(places.begin(), places.begin() + 9)),
              (std::vector<std::size_t>{0, 32, 16, 48, 8, 40, 24, 56, 4}));
    EXPECT_EQ(places.back(), 63U);
    EXPECT_EQ(std::set(places.begin(), places.end()).size(), kLinesOfPage);
}

TEST(Chase, WalkingAllLinksOnceComesBack) {
    const Memory memory({ChaseOrder::kRandom, 4 * kKilobyte, 64});
    build_chain(memory.lines);
    FakeMachine machine;
    Link* const first = memory.lines.link(0);
    EXPECT_EQ(walk<Loads::kAll>(machine, first, memory.lines.count() / kChaseUnroll), first);
    EXPECT_NE(walk<Loads::kAll>(machine, first, 1), first);
}

TEST(Chase, TheLoopWithoutItsLoadsIsSubtracted) {
    const Memory memory({ChaseOrder::kSequential, 256 * kKilobyte, 4096});
    build_chain(memory.lines);
    FakeMachine machine;
    std::vector<Sample> room(5);
    SampleLog<Sample> log(room);
    // The machine's clock moves in the loop, not with loads: nothing is left.
    const ChaseTally tally = chase_loop(machine, memory.lines, 5, TlbState::kWarm, log);
    EXPECT_EQ(tally.overhead, 2 * 64 / kChaseUnroll + FakeMachine::kReading);
    ASSERT_EQ(log.count(), 5U);
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.ticks, 0U);
    }
    EXPECT_EQ(machine.checkpoints, (std::vector<std::uint32_t>{1, 2, 3, 4, 5}));
}

TEST(Chase, ALapIsTimedBetweenItsEventsAndAfterItsFlush) {
    const Memory memory({ChaseOrder::kRandom, 4 * kKilobyte, 256});
    build_chain(memory.lines);
    FakeMachine warm;
    FakeMachine flushed;
    std::vector<Sample> room(4);
    SampleLog<Sample> log(room);
    (void)chase_loop(warm, memory.lines, 2, TlbState::kWarm, log);
    (void)chase_loop(flushed, memory.lines, 2, TlbState::kFlushed, log);
    const std::string before = "ootoottoottoot";  // a lap that warms, three loops without loads
    const std::string lap = "eitootie";
    EXPECT_EQ(warm.history, before + lap + "c" + lap + "c");
    EXPECT_EQ(flushed.history, before + "f" + lap + "c" + "f" + lap + "c");
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.ticks, 0U);
    }
}

TEST(Chase, EventsAreThoseOfTheTimedLapsAlone) {
    const Memory memory({ChaseOrder::kRandom, 4 * kKilobyte, 64});
    build_chain(memory.lines);
    for (const TlbState tlb : {TlbState::kWarm, TlbState::kFlushed}) {
        FakeMachine machine;
        machine.counted = {{7, UINT32_MAX - 3, 9, 11}};
        std::vector<Sample> room(3);
        SampleLog<Sample> log(room);
        const ChaseTally tally = chase_loop(machine, memory.lines, 3, tlb, log);
        for (std::uint32_t event = 0; event < measure::kEvents; ++event) {
            EXPECT_EQ(tally.events[event], 3 * (64 / kChaseUnroll) * (event + 1));
        }
    }
}

TEST(Chase, TheLoopTouchesNothingOfTheMemoryButTheChain) {
    for (const ChaseShape& shape : {ChaseShape{ChaseOrder::kRandom, 16 * kKilobyte, 128},
                                    ChaseShape{ChaseOrder::kPageRandom, 128 * kKilobyte, 0}}) {
        const Memory memory(shape);
        build_chain(memory.lines);
        std::vector<Link> before;
        // The address sanitizer ends the test at any access to what is poisoned.
        ASAN_POISON_MEMORY_REGION(memory.bytes, shape.bytes);
        for (std::uint32_t i = 0; i < memory.lines.count(); ++i) {
            ASAN_UNPOISON_MEMORY_REGION(memory.lines.link(i), sizeof(Link));
            before.push_back(*memory.lines.link(i));
        }
        FakeMachine machine;
        std::vector<Sample> room(2);
        SampleLog<Sample> log(room);
        (void)chase_loop(machine, memory.lines, 2, TlbState::kFlushed, log);
        EXPECT_EQ(log.count(), 2U);
        for (std::uint32_t i = 0; i < memory.lines.count(); ++i) {
            EXPECT_EQ(memory.lines.link(i)->next, before[i].next) << name(shape);
        }
        ASAN_UNPOISON_MEMORY_REGION(memory.bytes, shape.bytes);
    }
}

}  // namespace
}  // namespace hm::guest
