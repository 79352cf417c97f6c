#pragma once
// All calls of the builder in any order, page by page and range by range, beside a plain map of
// pages: what one call leaves is never refused by a later one that the map allows. A test draws the
// calls by dice, and a fuzzer by its input.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/walker.hpp"
#include "tests/unit/drivers/mmu/fake_memory.hpp"

namespace hm::mmu::test {

/// Two neighbouring entries of the last level but one, and the pages below them. `Dice` has a
/// function below(n), which gives a number less than n.
template <class Format, class Dice>
class Mix {
  public:
    using Input = typename Format::Input;
    using Output = typename Format::Output;

    explicit Mix(Dice& dice) : dice_(dice) {}

    /// One call, drawn by the dice.
    void step() {
        const std::uint64_t first = below(kPages);
        const std::uint64_t most = std::min(kPages - first, 3 * kPagesOfBlock / 4);
        const std::uint64_t count = std::min(most, 1 + (below(2) == 0 ? below(4) : below(most)));
        const std::uint64_t block = first / kPagesOfBlock * kPagesOfBlock;
        switch (below(8)) {
            case 0:
                return map(first, count, std::nullopt);
            case 1:
                return map(block, kPagesOfBlock,
                           below(2) == 0 ? std::optional(kBlock) : std::nullopt);
            case 2:
                return map_pages(first, below(4) == 0 ? 1 : count);
            case 3:
                return unmap(first, count);
            case 4:
                return unmap(block, kPagesOfBlock);
            case 5:
                return unmap_page(first);
            case 6:
                return unmap_leaves(first, count);
            default:
                return protect(first, count);
        }
    }

    /// Everything goes, leaf by leaf. Then both blocks find room, whatever tables are left.
    void end() {
        unmap_leaves(0, kPages);
        map(0, kPagesOfBlock, kBlock);
        map(kPagesOfBlock, kPagesOfBlock, std::nullopt);
        unmap(0, kPages);
        expect(memory_.available() == free_, "no frame is lost");
    }

    /// Compares every page with the map.
    void check() {
        for (std::uint64_t page = 0; page < kPages; ++page) {
            const auto walk = mmu::walk<Format>(memory_, memory_.root(), input(page));
            const auto known = pages_.find(page);
            expect(walk.output.has_value() == (known != pages_.end()),
                   "a walk finds what is mapped");
            expect(!walk.output || known == pages_.end() || walk.output->value == known->second,
                   "a page maps where it should");
        }
    }

    /// The first claim that did not hold; empty if all did.
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

  private:
    static constexpr std::uint64_t kPage = bytes(Size::k4K);
    static constexpr Size kBlock = Format::size_at(Format::kLastLevel - 1);
    static constexpr std::uint64_t kPagesOfBlock = bytes(kBlock) / kPage;
    static constexpr std::uint64_t kPages = 2 * kPagesOfBlock;
    static constexpr std::uint64_t kBase = bytes(Size::k1G);

    std::uint64_t below(std::uint64_t count) { return dice_.below(count); }
    static Input input(std::uint64_t page) { return {kBase + page * kPage}; }
    /// Where blocks fit, or a page beside.
    Output output(std::uint64_t page, std::optional<Size> forced = std::nullopt) {
        const std::uint64_t beside = !forced && below(4) == 0 ? 1 : 0;
        return {2 * bytes(Size::k1G) + (page + beside) * kPage};
    }
    [[nodiscard]] auto from(std::uint64_t page) { return pages_.lower_bound(page); }
    [[nodiscard]] std::uint64_t mapped(std::uint64_t first, std::uint64_t count) {
        return static_cast<std::uint64_t>(std::distance(from(first), from(first + count)));
    }
    Size size_at(std::uint64_t page) {
        return mmu::walk<Format>(memory_, memory_.root(), input(page)).size;
    }

    void expect(bool holds, const char* claim) {
        if (!holds && wrong_.empty()) {
            wrong_ = claim;
        }
    }
    /// After each call: its status, and what walks could have seen meanwhile.
    void expect(Status status, Status expected, const char* claim) {
        expect(status == expected, claim);
        memory_.settle();
        if (!memory_.violations.empty()) {
            expect(false, memory_.violations.front().c_str());
        }
    }

    void take(std::uint64_t first, std::uint64_t count, Output output) {
        for (std::uint64_t i = 0; i < count; ++i) {
            pages_[first + i] = output.value + i * kPage;
        }
    }

    void map(std::uint64_t first, std::uint64_t count, std::optional<Size> forced) {
        const Output to = output(first, forced);
        const bool free = mapped(first, count) == 0;
        expect(builder_.map({input(first), count * kPage}, to, {}, forced),
               free ? Status::kOk : Status::kOverlap, "map takes what is free, and no more");
        if (free) {
            take(first, count, to);
        }
    }

    void map_pages(std::uint64_t first, std::uint64_t count) {
        const Output to = output(first);
        const bool free = mapped(first, count) == 0;
        expect(count == 1 ? (builder_.map_page_in_place(input(first), to, {})
                                 ? Status::kOk
                                 : builder_.map_page(input(first), to, {}))
                          : builder_.map_pages(input(first), to, static_cast<unsigned>(count), {}),
               free ? Status::kOk : Status::kOverlap, "map_pages takes what is free, and no more");
        if (free) {
            take(first, count, to);
        }
    }

    void unmap(std::uint64_t first, std::uint64_t count) {
        const bool all = mapped(first, count) == count;
        expect(builder_.unmap({input(first), count * kPage}),
               all ? Status::kOk : Status::kNotMapped, "unmap takes what is mapped, and no more");
        if (all) {
            pages_.erase(from(first), from(first + count));
        }
    }

    void unmap_page(std::uint64_t page) {
        const bool is_page = pages_.contains(page) && size_at(page) == Size::k4K;
        expect(builder_.unmap_page(input(page)), is_page ? Status::kOk : Status::kNotMapped,
               "unmap_page takes a page");
        if (is_page) {
            pages_.erase(page);
        }
    }

    void unmap_leaves(std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t page = first; page < first + count; ++page) {
            const bool is_mapped = pages_.contains(page);
            const std::uint64_t size = is_mapped ? bytes(size_at(page)) / kPage : 1;
            expect(builder_.unmap_leaf(input(page)), is_mapped ? Status::kOk : Status::kNotMapped,
                   "unmap_leaf takes what is there");
            const std::uint64_t begin = page / size * size;
            pages_.erase(from(begin), from(begin + size));
        }
    }

    void protect(std::uint64_t first, std::uint64_t count) {
        typename Format::Attributes attributes{};
        attributes.memory = MemoryType::kDevice;
        expect(builder_.protect({input(first), count * kPage}, attributes),
               mapped(first, count) == count ? Status::kOk : Status::kNotMapped,
               "protect takes what is mapped, and no more");
    }

    Dice& dice_;
    FakeMemory<Format> memory_{16};
    unsigned free_ = memory_.available();
    Builder<Format, FakeMemory<Format>> builder_{memory_, memory_.root()};
    std::map<std::uint64_t, std::uint64_t> pages_;  ///< page to output
    std::string wrong_;
};

}  // namespace hm::mmu::test
