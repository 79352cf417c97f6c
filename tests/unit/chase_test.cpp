#include "guest/bench/chase.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "tests/unit/fake_machine.hpp"

namespace hm::guest {
namespace {

using measure::Sample;

struct Memory {
    explicit Memory(std::uint32_t pages)
        : bytes(static_cast<std::byte*>(
              ::operator new (std::size_t{pages} * kPageBytes, std::align_val_t{kPageBytes}))),
          chase(bytes, pages) {}
    ~Memory() { ::operator delete (bytes, std::align_val_t{kPageBytes}); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    std::byte* bytes;
    ChasePages chase;
};

class EveryOrder : public testing::TestWithParam<ChaseOrder> {};

TEST_P(EveryOrder, TheChainIsOneCycleThroughAllPages) {
    for (const std::uint32_t pages : {16U, 32U, 256U, 4096U}) {
        const Memory memory(pages);
        build_chain(memory.chase, GetParam());
        std::set<const Link*> visited;
        const Link* at = memory.chase.link(0);
        for (std::uint32_t i = 0; i < pages; ++i) {
            EXPECT_TRUE(visited.insert(at).second) << "visited twice after " << i;
            at = at->next;
        }
        EXPECT_EQ(at, memory.chase.link(0));
    }
}

INSTANTIATE_TEST_SUITE_P(Chase, EveryOrder,
                         testing::Values(ChaseOrder::kSequential, ChaseOrder::kRandom));

TEST(Chase, ASequentialChainGoesUpPageByPage) {
    const Memory memory(32);
    build_chain(memory.chase, ChaseOrder::kSequential);
    for (std::uint32_t i = 0; i + 1 < 32; ++i) {
        EXPECT_EQ(memory.chase.link(i)->next, memory.chase.link(i + 1));
    }
}

TEST(Chase, ARandomChainSeldomGoesToTheNextPage) {
    constexpr std::uint32_t kPages = 1024;
    const Memory memory(kPages);
    build_chain(memory.chase, ChaseOrder::kRandom);
    std::uint32_t neighbours = 0;
    for (std::uint32_t i = 0; i + 1 < kPages; ++i) {
        neighbours += memory.chase.link(i)->next == memory.chase.link(i + 1) ? 1 : 0;
    }
    EXPECT_LT(neighbours, 10U);
}

TEST(Chase, LinesAreUsedEvenlyWhateverTheNumberOfPages) {
    constexpr std::uint32_t kPages = 256;
    constexpr std::uint32_t kLines = kPageBytes / kLineBytes;
    const Memory memory(kPages);
    std::map<std::ptrdiff_t, std::uint32_t> uses;
    for (std::uint32_t i = 0; i < kPages; ++i) {
        const auto* const place = reinterpret_cast<const std::byte*>(memory.chase.link(i));
        const std::ptrdiff_t offset = place - memory.bytes;
        EXPECT_EQ(static_cast<std::uint32_t>(offset / kPageBytes), i);
        ++uses[offset % kPageBytes / kLineBytes];
    }
    EXPECT_EQ(uses.size(), kLines);
    for (const auto& [line, times] : uses) {
        EXPECT_EQ(times, kPages / kLines) << line;
    }
}

TEST(Chase, WalkingAllLinksOnceComesBack) {
    constexpr std::uint32_t kPages = 64;
    const Memory memory(kPages);
    build_chain(memory.chase, ChaseOrder::kRandom);
    test::FakeMachine machine;
    EXPECT_EQ(walk<Loads::kAll>(machine, memory.chase.link(0), kPages / kChaseUnroll),
              memory.chase.link(0));
    EXPECT_NE(walk<Loads::kAll>(machine, memory.chase.link(0), 1), memory.chase.link(0));
}

TEST(Chase, TheLoopWithoutItsLoadsIsSubtracted) {
    constexpr std::uint32_t kPages = 64;
    const Memory memory(kPages);
    build_chain(memory.chase, ChaseOrder::kSequential);
    test::FakeMachine machine;
    std::vector<Sample> room(5);
    SampleLog<Sample> log(room);
    // The machine's clock moves in the loop, not with loads: nothing is left.
    const std::uint32_t overhead = chase_loop(machine, memory.chase, 5, log);
    EXPECT_EQ(overhead, 2 * kPages / kChaseUnroll + test::FakeMachine::kReading);
    ASSERT_EQ(log.count(), 5U);
    for (const Sample& sample : room) {
        EXPECT_EQ(sample.ticks, 0U);
    }
}

}  // namespace
}  // namespace hm::guest
