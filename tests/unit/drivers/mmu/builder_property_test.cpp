// Random sequences of map, unmap and protect, compared with a simple reference. The tables are read
// back through the software walker, in every state between two stores.
//
// The reference is a map from page numbers to mappings. Each sequence draws a few cuts in the
// address space, near the borders of blocks, and its operations begin and end at cuts. So all pages
// between two cuts are mapped alike, and the reference has one mapping per segment, whatever its
// size. The test reads back samples at both ends and inside each segment.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/walker.hpp"
#include "tests/unit/drivers/mmu/fake_memory.hpp"

namespace hm::mmu {
namespace {

using test::FakeMemory;

constexpr std::uint64_t k4K = bytes(Size::k4K);
constexpr std::uint64_t k1G = bytes(Size::k1G);

/// Over the five formats that makes 2,500 sequences per run, and 6,250 where HYPMETER_LONG is set.
unsigned sequences_per_format() { return std::getenv("HYPMETER_LONG") != nullptr ? 1250 : 500; }
constexpr unsigned kOperationsPerSequence = 8;
constexpr unsigned kFrames = 128;
constexpr Size kSizes[] = {Size::k4K, Size::k1M, Size::k2M, Size::k1G};

/// The smallest leaf above a page.
template <class Format>
constexpr Size kBlockSize = Format::size_at(Format::kLastLevel - 1);

std::uint64_t seed() {
    const char* given = std::getenv("HYPMETER_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 0) : 20140601;
}

class Dice {
  public:
    explicit Dice(std::uint64_t start) : engine_(start) {}
    std::uint64_t below(std::uint64_t count) { return engine_() % count; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }
    bool coin() { return one_in(2); }

  private:
    std::mt19937_64 engine_;
};

MemoryType draw_memory(Dice& dice) { return static_cast<MemoryType>(dice.below(3)); }

void draw(Dice& dice, Stage1Attributes& a) {
    a = {draw_memory(dice), dice.coin(), dice.coin(), static_cast<Execute>(dice.below(3)),
         dice.coin()};
}
void draw(Dice& dice, HypAttributes& a) { a = {draw_memory(dice), dice.coin(), dice.coin()}; }
void draw(Dice& dice, Stage2Attributes& a) {
    a = {draw_memory(dice), dice.coin(), dice.coin(), dice.coin()};
}

void draw(Dice& dice, ShortAttributes& a) {
    a = {draw_memory(dice), dice.coin(), dice.coin(), dice.coin(), dice.coin()};
}

template <class Format>
class Sequence {
  public:
    using Input = typename Format::Input;
    using Output = typename Format::Output;
    using Attributes = typename Format::Attributes;

    Sequence(FakeMemory<Format>& memory, std::uint64_t seed)
        : dice_(seed), memory_(memory), builder_(memory, memory.root()) {
        memory_.on_live_store = [this] { check_state_between_stores(); };
        memory_.withheld = 0;
        free_at_first_ = memory_.available();
        if (dice_.one_in(3)) {
            memory_.withheld = kFrames - static_cast<unsigned>(dice_.below(7));
        }
        draw_cuts();
    }
    ~Sequence() { memory_.on_live_store = nullptr; }
    Sequence(const Sequence&) = delete;
    Sequence& operator=(const Sequence&) = delete;

    void run() {
        for (unsigned i = 0; i < kOperationsPerSequence; ++i) {
            step();
            if (::testing::Test::HasFailure()) {
                return;
            }
        }
        unmap_all();
    }

  private:
    static constexpr std::uint64_t kLimit = std::uint64_t{1} << Format::kGeometry.input_bits;
    static constexpr std::uint64_t kOutputLimit = std::uint64_t{1} << Format::kOutputBits;
    static constexpr std::uint64_t kBlock = bytes(kBlockSize<Format>);

    struct Mapping {
        std::uint64_t output;
        Attributes attributes;
        friend bool operator==(const Mapping&, const Mapping&) = default;
    };
    struct Operation {
        enum class Kind { kMap, kUnmap, kProtect } kind;
        Range<Input> range;
        std::size_t first, last;  ///< Segments, `last` not included.
        Output output{};
        Attributes attributes{};
        std::optional<Size> forced{};
    };
    struct Sample {
        std::uint64_t input;
        std::size_t segment;
    };
    using Reference = std::map<std::uint64_t, Mapping>;  ///< Key: a segment's first page number.

    // --- drawing operations ---

    void draw_cuts() {
        const std::uint64_t anchors[] = {0, k1G, kLimit / 2, kLimit - k1G, kLimit};
        const std::uint64_t anchor = anchors[dice_.below(std::size(anchors))];
        std::set<std::uint64_t> cuts;
        while (cuts.size() < 8) {
            const std::uint64_t coarse[] = {0,          0,          kBlock,       kBlock,
                                            2 * kBlock, 3 * kBlock, k1G - kBlock, k1G};
            const std::uint64_t fine[] = {0, 0, k4K, 2 * k4K, 7 * k4K, kBlock - k4K};
            std::uint64_t distance =
                coarse[dice_.below(std::size(coarse))] + fine[dice_.below(std::size(fine))];
            const bool up = anchor == 0 || (anchor != kLimit && dice_.coin());
            cuts.insert(up ? anchor + std::min(distance, kLimit - anchor)
                           : anchor - std::min(distance, anchor));
        }
        cuts_.assign(cuts.begin(), cuts.end());
        for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) {
            const std::uint64_t pages = (cuts_[i + 1] - cuts_[i]) / k4K;
            samples_.push_back({cuts_[i], i});
            samples_.push_back({cuts_[i] + dice_.below(pages) * k4K, i});
            samples_.push_back({cuts_[i + 1] - k4K, i});
        }
    }

    Operation draw_operation() {
        using Kind = typename Operation::Kind;
        Operation op{};
        op.kind = dice_.coin() ? Kind::kMap : dice_.coin() ? Kind::kUnmap : Kind::kProtect;
        op.first = dice_.below(cuts_.size() - 1);
        op.last = op.first + 1 + dice_.below(std::min<std::size_t>(3, cuts_.size() - 1 - op.first));
        op.range = {Input{cuts_[op.first]}, cuts_[op.last] - cuts_[op.first]};
        draw(dice_, op.attributes);
        if (op.kind == Kind::kMap) {
            // Aligned like the input to 1 GB, to a block, or only to 4 KB. Huge ranges are never
            // mapped in pages, and large ones rarely: that would take minutes.
            const bool huge = op.range.bytes > 8 * kBlock;
            const bool large = op.range.bytes >= kBlock && !dice_.one_in(8);
            const Size alike = kSizes[dice_.below(std::size(kSizes))];
            const std::uint64_t modulus =
                bytes(huge || large ? std::max(alike, kBlockSize<Format>) : alike);
            const std::uint64_t free = (kOutputLimit - op.range.bytes) / modulus - 1;
            const std::uint64_t page = dice_.one_in(8) ? free : dice_.below(free);
            op.output = Output{page * modulus + op.range.begin.value % modulus};
            if (dice_.one_in(4)) {
                const Size forced = kSizes[dice_.below(std::size(kSizes))];
                op.forced = huge || large ? std::max(forced, kBlockSize<Format>) : forced;
            }
        }
        if (dice_.one_in(30)) {
            op.range.begin = op.range.begin + 0x800;
        } else if (dice_.one_in(30)) {
            op.range.bytes += kLimit - op.range.end().value + k4K;
        }
        return op;
    }

    // --- what the reference expects ---

    [[nodiscard]] std::uint64_t page_of(std::size_t segment) const { return cuts_[segment] / k4K; }

    [[nodiscard]] std::optional<Mapping> expected(const Reference& reference, Sample sample) const {
        const auto found = reference.find(page_of(sample.segment));
        if (found == reference.end()) {
            return std::nullopt;
        }
        return Mapping{found->second.output + (sample.input - cuts_[sample.segment]),
                       found->second.attributes};
    }

    /// What `op` should return if there are enough frames.
    [[nodiscard]] Status expected_status(const Operation& op) const {
        using Kind = typename Operation::Kind;
        const std::uint64_t grain = bytes(op.forced.value_or(Size::k4K));
        if (op.range.begin.value % grain != 0 || op.range.bytes % grain != 0 ||
            op.output.value % grain != 0) {
            return Status::kMisaligned;
        }
        if (op.range.end().value > kLimit) {
            return Status::kOutOfRange;
        }
        if (op.forced && !Format::kGeometry.has(*op.forced)) {
            return Status::kOutOfRange;
        }
        for (std::size_t segment = op.first; segment < op.last; ++segment) {
            const bool mapped = reference_.contains(page_of(segment));
            if (mapped && op.kind == Kind::kMap) {
                return Status::kOverlap;
            }
            if (!mapped && op.kind != Kind::kMap) {
                return Status::kNotMapped;
            }
        }
        return Status::kOk;
    }

    [[nodiscard]] Reference after(const Operation& op) const {
        using Kind = typename Operation::Kind;
        Reference result = reference_;
        for (std::size_t segment = op.first; segment < op.last; ++segment) {
            const std::uint64_t output = op.output.value + (cuts_[segment] - op.range.begin.value);
            if (op.kind == Kind::kMap) {
                result[page_of(segment)] = {output, op.attributes};
            } else if (op.kind == Kind::kUnmap) {
                result.erase(page_of(segment));
            } else {
                result[page_of(segment)].attributes = op.attributes;
            }
        }
        return result;
    }

    /// The largest aligned block around `input` that the range and the output's alignment allow.
    [[nodiscard]] Size expected_size(const Operation& op, std::uint64_t input) const {
        Size best = Size::k4K;
        for (const Size size : kSizes) {
            const std::uint64_t begin = input / bytes(size) * bytes(size);
            const bool exists = Format::kGeometry.has(size);
            if (exists && begin >= op.range.begin.value &&
                begin + bytes(size) <= op.range.end().value &&
                (op.output.value - op.range.begin.value + begin) % bytes(size) == 0) {
                best = size;
            }
        }
        return op.forced.value_or(best);
    }

    // --- what the tables hold ---

    [[nodiscard]] std::optional<Mapping> found(std::uint64_t input) {
        const auto walk = mmu::walk<Format>(memory_, memory_.root(), Input{input});
        if (!walk.output) {
            return std::nullopt;
        }
        return Mapping{walk.output->value, walk.attributes};
    }

    void check_all(const char* when) {
        for (const Sample sample : samples_) {
            ASSERT_EQ(found(sample.input) == expected(reference_, sample), true)
                << when << ", at " << std::hex << sample.input;
        }
        for (const std::uint64_t outside : {cuts_.front() - k4K, cuts_.back()}) {
            if (outside < kLimit) {
                ASSERT_FALSE(found(outside)) << when << ", outside, at " << std::hex << outside;
            }
        }
    }

    /// Between two stores, a page of the operation's range is as before or as after the operation,
    /// or it faults. Any other page is as before; it may fault only while the block that maps it is
    /// being split.
    void check_state_between_stores() {
        const bool all = ++live_stores_ % 64 == 1;
        for (const Sample sample : samples_) {
            if (!all && !memory_.changed->contains(Input{sample.input})) {
                continue;
            }
            const auto now = found(sample.input);
            const auto before = expected(reference_, sample);
            const bool in_range = current_->range.contains(Input{sample.input});
            const bool may_fault =
                in_range || (memory_.broken && memory_.broken->contains(Input{sample.input}));
            const bool fine = now == before || (!now && may_fault) ||
                              (in_range && now == expected(*next_, sample));
            if (!fine) {
                ADD_FAILURE() << "between two stores, at " << std::hex << sample.input;
            }
        }
    }

    // --- running ---

    Status call(const Operation& op) {
        using Kind = typename Operation::Kind;
        current_ = &op;
        const Reference next = after(op);
        next_ = &next;
        memory_.settle();
        live_stores_ = 0;
        const bool single = op.range.bytes == k4K && op.forced.value_or(Size::k4K) == Size::k4K;
        Status status{};
        if (op.kind == Kind::kMap && single && dice_.coin()) {
            status = builder_.map_page(op.range.begin, op.output, op.attributes);
        } else if (op.kind == Kind::kMap && op.forced == Size::k4K && dice_.coin()) {
            const auto pages = static_cast<unsigned>(op.range.bytes / k4K);
            status = builder_.map_pages(op.range.begin, op.output, pages, op.attributes);
        } else if (op.kind == Kind::kMap) {
            status = builder_.map(op.range, op.output, op.attributes, op.forced);
        } else if (op.kind == Kind::kUnmap) {
            status = builder_.unmap(op.range);
        } else {
            status = builder_.protect(op.range, op.attributes);
        }
        if (status == Status::kOk) {
            reference_ = next;
        }
        current_ = nullptr;
        next_ = nullptr;
        return status;
    }

    void step() {
        const Operation op = draw_operation();
        const bool compare = dice_.one_in(64);
        const auto before =
            compare ? memory_.snapshot() : std::vector<typename Format::Descriptor::Word>{};
        const auto stores = memory_.stores;
        const auto allocations = memory_.allocations;
        const auto releases = memory_.releases;
        const unsigned available = memory_.available();

        const Status expected = expected_status(op);
        Status status = call(op);
        if (status != Status::kOk) {
            EXPECT_EQ(memory_.stores, stores);
            EXPECT_EQ(memory_.allocations, allocations);
            EXPECT_EQ(memory_.releases, releases);
            EXPECT_TRUE(!compare || memory_.snapshot() == before);
            check_all("after a failed operation");
        }
        if (expected == Status::kOk && status == Status::kOutOfFrames) {
            // Right if the same operation, with enough frames, takes more than there were.
            const unsigned withheld = std::exchange(memory_.withheld, 0U);
            status = call(op);
            EXPECT_GT(memory_.allocations - allocations, available);
            memory_.withheld = withheld;
        }
        EXPECT_EQ(status, expected);
        check_all("after an operation");
        if (status == Status::kOk && op.kind == Operation::Kind::kMap) {
            for (const Sample sample : samples_) {
                if (op.range.contains(Input{sample.input})) {
                    const auto walk =
                        mmu::walk<Format>(memory_, memory_.root(), Input{sample.input});
                    EXPECT_EQ(walk.size, expected_size(op, sample.input));
                }
            }
        }
        memory_.settle();
        EXPECT_TRUE(memory_.violations.empty()) << memory_.violations.front();
    }

    void unmap_all() {
        memory_.withheld = 0;
        for (std::size_t segment = 0; segment + 1 < cuts_.size(); ++segment) {
            if (reference_.contains(page_of(segment))) {
                const Range<Input> range{Input{cuts_[segment]},
                                         cuts_[segment + 1] - cuts_[segment]};
                const Operation op{.kind = Operation::Kind::kUnmap,
                                   .range = range,
                                   .first = segment,
                                   .last = segment + 1};
                EXPECT_EQ(call(op), Status::kOk);
            }
        }
        memory_.settle();
        EXPECT_TRUE(memory_.violations.empty()) << memory_.violations.front();
        EXPECT_EQ(memory_.available(), free_at_first_) << "frames leaked";
        for (unsigned i = 0; i < Format::kGeometry.root_entries(); ++i) {
            ASSERT_EQ(memory_.read(memory_.root(), i), 0) << "an entry left in the root";
        }
    }

    Dice dice_;
    FakeMemory<Format>& memory_;
    Builder<Format, FakeMemory<Format>> builder_;
    unsigned free_at_first_ = 0;
    std::vector<std::uint64_t> cuts_;
    std::vector<Sample> samples_;
    Reference reference_;
    const Operation* current_ = nullptr;
    const Reference* next_ = nullptr;
    std::uint64_t live_stores_ = 0;
};

template <class Format>
class MmuBuilderProperties : public ::testing::Test {};

using Formats = ::testing::Types<Stage1, HypStage1, Stage2, Stage2Narrow, ShortStage1>;
TYPED_TEST_SUITE(MmuBuilderProperties, Formats);

TYPED_TEST(MmuBuilderProperties, RandomSequencesAgreeWithThePlainReferenceAtEveryStore) {
    std::printf("HYPMETER_SEED=%llu\n", static_cast<unsigned long long>(seed()));
    FakeMemory<TypeParam> memory(kFrames);
    memory.records_history = false;
    const unsigned sequences = sequences_per_format();
    for (unsigned i = 0; i < sequences; ++i) {
        Sequence<TypeParam>(memory, seed() + i).run();
        ASSERT_FALSE(this->HasFailure()) << "in sequence " << i << " of seed " << seed();
    }
}

// The same, page by page, in a window that is small enough to read back as a whole: two blocks,
// around the border between them.
TYPED_TEST(MmuBuilderProperties, EveryPageOfASmallWindowAgreesWithAMapOfPages) {
    constexpr std::uint64_t kBlock = bytes(kBlockSize<TypeParam>);
    constexpr std::uint64_t kPages = 2 * kBlock / k4K;
    constexpr std::uint64_t kWindow = k1G - kBlock;
    using Input = typename TypeParam::Input;
    using Output = typename TypeParam::Output;
    using Attributes = typename TypeParam::Attributes;

    std::printf("HYPMETER_SEED=%llu\n", static_cast<unsigned long long>(seed()));
    Dice dice(seed());
    FakeMemory<TypeParam> memory(kFrames);
    Builder<TypeParam, FakeMemory<TypeParam>> builder(memory, memory.root());
    std::map<std::uint64_t, std::pair<std::uint64_t, Attributes>> reference;
    for (unsigned i = 0; i < 400; ++i) {
        const std::uint64_t first =
            dice.one_in(3) ? dice.below(3) * kPages / 2 % kPages : dice.below(kPages);
        const std::uint64_t room = kPages - first;
        const std::uint64_t pages =
            std::min(room, dice.one_in(3) ? kPages / 2 : 1 + dice.below(64));
        const std::uint64_t output = (dice.coin() ? 0 : dice.below(1000)) + kPages + first;
        const Range<Input> range{Input{kWindow + first * k4K}, pages * k4K};
        Attributes attributes;
        draw(dice, attributes);
        unsigned mapped = 0;
        for (std::uint64_t page = first; page < first + pages; ++page) {
            mapped += reference.contains(page) ? 1 : 0;
        }
        const std::uint64_t what = dice.below(3);
        if (what == 0) {
            ASSERT_EQ(builder.map(range, Output{output * k4K}, attributes),
                      mapped == 0 ? Status::kOk : Status::kOverlap);
        } else {
            ASSERT_EQ(what == 1 ? builder.unmap(range) : builder.protect(range, attributes),
                      mapped == pages ? Status::kOk : Status::kNotMapped);
        }
        memory.settle();
        for (std::uint64_t page = first; page < first + pages; ++page) {
            if (what == 0 && mapped == 0) {
                reference[page] = {(output + page - first) * k4K, attributes};
            } else if (what == 1 && mapped == pages) {
                reference.erase(page);
            } else if (what == 2 && mapped == pages) {
                reference[page].second = attributes;
            }
        }
        for (std::uint64_t page = 0; page < kPages; ++page) {
            const auto walk =
                mmu::walk<TypeParam>(memory, memory.root(), Input{kWindow + page * k4K});
            const auto entry = reference.find(page);
            ASSERT_EQ(walk.output.has_value(), entry != reference.end());
            if (walk.output) {
                ASSERT_EQ(walk.output->value, entry->second.first);
                ASSERT_EQ(walk.attributes == entry->second.second, true);
            }
        }
    }
    EXPECT_TRUE(memory.violations.empty()) << memory.violations.front();
}

}  // namespace
}  // namespace hm::mmu
