// The model's walks against a second, plain walker, over random mappings.

#include "host/model/page_walk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/unit/host/model/plain_walker.hpp"

namespace hm::host::testing {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kChunk = 2 << 20;
/// What stage 1 maps to, in chunks of 2 MB; and where its own tables lie, in the chunks after them.
constexpr std::uint64_t kIpas = 0x4000'0000;
constexpr std::uint64_t kIpaChunks = 32;
constexpr std::uint64_t kFirstTables = kIpas + kIpaChunks * kChunk;
constexpr std::uint64_t kTableChunks = 4;
constexpr std::uint64_t kSecondTables = std::uint64_t{1} << 39;
/// Above what an IPA reaches here, so that the two cannot be mistaken.
constexpr std::uint64_t kPas = std::uint64_t{1} << 36;

constexpr unsigned kAddresses = 4000;

class Generator {
  public:
    explicit Generator(unsigned seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  private:
    std::mt19937 engine_;
};

/// Maps about half of `chunks` chunks from `inputs` on, each in one leaf of `block` or in pages,
/// some of them missing, to random places among `places` chunks from `outputs` on.
template <class Format>
void map_at_random(HostTables<Format>& tables, Generator& random, Extent inputs,
                   std::uint64_t outputs, std::uint64_t places, mmu::Size block, bool all) {
    const std::uint64_t chunk = bytes(block);
    for (std::uint64_t input = inputs.begin; input < inputs.end; input += chunk) {
        const std::uint64_t kind = random.below(4);
        if (kind == 0 && !all) {
            continue;
        }
        const std::uint64_t output = outputs + random.below(places * kChunk / chunk) * chunk;
        if (kind == 1) {
            ASSERT_TRUE(tables.map({input, input + chunk}, output, block));
            continue;
        }
        for (std::uint64_t at = 0; at < chunk; at += kPage) {
            if (all || random.below(8) != 0) {
                const std::uint64_t page = outputs + random.below(places * kChunk / kPage) * kPage;
                ASSERT_TRUE(tables.map({input + at, input + at + kPage}, page, mmu::Size::k4K));
            }
        }
    }
}

/// How the tables of a format begin, for the plain walker.
template <class Format>
PlainWalk plain(const HostTables<Format>& tables, std::uint64_t input, const ReadWord& read) {
    if constexpr (std::is_same_v<Format, mmu::ShortStage1>) {
        return plain_short_walk(tables.root().value, input, read);
    } else if constexpr (std::is_same_v<Format, mmu::Stage2Narrow>) {
        return plain_long_walk(tables.root().value, 2, 32, input, read);
    } else {
        constexpr unsigned kInputBits = std::is_same_v<Format, mmu::Stage1> ? 32 : 40;
        return plain_long_walk(tables.root().value, 1, kInputBits, input, read);
    }
}

template <class Format>
ReadWord words_of(const HostTables<Format>& tables) {
    return [&tables](std::uint64_t address, unsigned size) {
        EXPECT_EQ(size, sizeof(typename Format::Descriptor::Word));
        return std::uint64_t{tables.at(address)};
    };
}

/// All descriptors of a walk, in the order in which the architecture reads them (B3.6.3).
std::vector<std::uint64_t> in_order(const PageWalk& walk) {
    std::vector<std::uint64_t> reads;
    const auto add = [&reads](const StageWalk& stage) {
        reads.insert(reads.end(), stage.at.begin(), stage.at.begin() + stage.reads);
    };
    for (unsigned i = 0; i < walk.first.reads; ++i) {
        add(walk.second[i]);
        reads.push_back(walk.first.at[i]);
    }
    add(walk.second_of_page());
    return reads;
}

template <class First>
void compare_stage1(mmu::Size block, unsigned seed) {
    Generator random(seed);
    HostTables<First> first(kFirstTables);
    const Extent inputs{0x8000'0000, 0x8000'0000 + 24 * kChunk};
    map_at_random(first, random, inputs, kIpas, kIpaChunks, block, false);
    unsigned found = 0;
    for (unsigned i = 0; i < kAddresses; ++i) {
        const std::uint64_t va = inputs.begin + random.below(inputs.bytes_in() + kChunk);
        const PlainWalk expected = plain(first, va, words_of(first));
        const auto walk = walk_stage1(first, va);
        ASSERT_EQ(walk.has_value(), !expected.faults) << std::hex << va;
        if (walk) {
            ASSERT_EQ(walk->pa, expected.output) << std::hex << va;
            ASSERT_EQ(in_order(*walk), expected.reads) << std::hex << va;
            ++found;
        }
    }
    EXPECT_GT(found, kAddresses / 4);
    EXPECT_LT(found, kAddresses);
}

TEST(HostPageWalk, OfStage1IsThatOfThePlainWalker) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        compare_stage1<mmu::Stage1>(mmu::Size::k2M, seed);
        compare_stage1<mmu::ShortStage1>(mmu::Size::k1M, seed);
    }
}

template <class Second>
void compare_stage2(unsigned seed) {
    Generator random(seed);
    HostTables<Second> second(kSecondTables);
    const Extent inputs{kIpas, kIpas + kIpaChunks * kChunk};
    map_at_random(second, random, inputs, kPas, 64, mmu::Size::k2M, false);
    for (unsigned i = 0; i < kAddresses; ++i) {
        const std::uint64_t ipa = inputs.begin + random.below(inputs.bytes_in() + kChunk);
        const PlainWalk expected = plain(second, ipa, words_of(second));
        const auto walk = walk_stage2(second, ipa);
        ASSERT_EQ(walk.has_value(), !expected.faults) << std::hex << ipa;
        if (walk) {
            ASSERT_EQ(walk->pa, expected.output);
            ASSERT_EQ(in_order(*walk), expected.reads);
        }
    }
}

TEST(HostPageWalk, OfStage2IsThatOfThePlainWalker) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        compare_stage2<mmu::Stage2>(seed);
        compare_stage2<mmu::Stage2Narrow>(seed);
    }
}

/// The plain walk of both stages (B3.6.3): stage 2 translates the address of each descriptor of
/// stage 1 before it is read, and then the output.
template <class First, class Second>
PlainWalk plain_both(const HostTables<First>& first, const HostTables<Second>& second,
                     std::uint64_t va) {
    PlainWalk both;
    const auto through_second = [&](std::uint64_t ipa) {
        const PlainWalk walk = plain(second, ipa, words_of(second));
        both.reads.insert(both.reads.end(), walk.reads.begin(), walk.reads.end());
        both.faults = both.faults || walk.faults;
        return walk.output;
    };
    const PlainWalk walk = plain(first, va, [&](std::uint64_t ipa, unsigned) -> std::uint64_t {
        const std::uint64_t pa = through_second(ipa);
        if (both.faults) {
            return 0;  // ends the walk
        }
        both.reads.push_back(pa);
        return first.at(ipa);
    });
    both.faults = both.faults || walk.faults;
    if (!both.faults) {
        both.output = through_second(walk.output);
    }
    return both;
}

template <class First, class Second>
void compare_both(mmu::Size block, unsigned seed) {
    Generator random(seed);
    HostTables<First> first(kFirstTables);
    const Extent inputs{0x8000'0000, 0x8000'0000 + 24 * kChunk};
    map_at_random(first, random, inputs, kIpas, kIpaChunks, block, false);
    HostTables<Second> second(kSecondTables);
    ASSERT_LE(first.bytes(), kTableChunks * kChunk);
    map_at_random(second, random, {kIpas, kFirstTables}, kPas, 64, mmu::Size::k2M, false);
    // Most tables of stage 1 are mapped, and some not.
    map_at_random(second, random, {kFirstTables, kFirstTables + kChunk}, kPas + 64 * kChunk, 8,
                  mmu::Size::k2M, seed % 2 == 0);
    unsigned found = 0;
    for (unsigned i = 0; i < kAddresses; ++i) {
        const std::uint64_t va = inputs.begin + random.below(inputs.bytes_in());
        const PlainWalk expected = plain_both(first, second, va);
        const auto walk = walk_both(first, second, va);
        ASSERT_EQ(walk.has_value(), !expected.faults) << std::hex << va;
        if (walk) {
            ASSERT_EQ(walk->pa, expected.output) << std::hex << va;
            ASSERT_EQ(in_order(*walk), expected.reads) << std::hex << va;
            ++found;
        }
    }
    if (seed % 2 == 0) {
        EXPECT_GT(found, kAddresses / 8);
    }
}

TEST(HostPageWalk, OfBothStagesIsThatOfThePlainWalker) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        compare_both<mmu::Stage1, mmu::Stage2>(mmu::Size::k2M, seed);
        compare_both<mmu::Stage1, mmu::Stage2Narrow>(mmu::Size::k2M, seed);
        compare_both<mmu::ShortStage1, mmu::Stage2>(mmu::Size::k1M, seed);
        compare_both<mmu::ShortStage1, mmu::Stage2Narrow>(mmu::Size::k1M, seed);
    }
}

TEST(HostPageWalk, SaysWhatAnEntryOfEachLevelSpans) {
    HostTables<mmu::Stage1> first(kFirstTables);
    ASSERT_TRUE(first.map_to_itself({0x8000'0000, 0x8000'0000 + kPage}, mmu::Size::k4K));
    const auto walk = walk_stage1(first, 0x8000'0000);
    ASSERT_TRUE(walk);
    EXPECT_EQ(walk->first.shift, (std::array<std::uint8_t, kMostLevels>{30, 21, 12}));
    EXPECT_EQ(walk->first.leaf_shift(), 12U);
    HostTables<mmu::ShortStage1> sections(kFirstTables);
    ASSERT_TRUE(sections.map_to_itself({0x8000'0000, 0x8010'0000}, mmu::Size::k1M));
    EXPECT_EQ(walk_stage1(sections, 0x8000'0000)->first.leaf_shift(), 20U);
}

}  // namespace
}  // namespace hm::host::testing
