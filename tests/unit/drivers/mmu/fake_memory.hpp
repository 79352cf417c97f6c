#pragma once
// A memory for translation tables on the host that checks every store. It knows which tables are
// linked, what they translate, which stores walks may not see yet, and which TLB maintenance is
// still due.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/frame_pool.hpp"

namespace hm::mmu::test {

template <class Format>
class FakeMemory {
  public:
    using Input = typename Format::Input;
    using Table = typename Format::Output;
    using Descriptor = typename Format::Descriptor;
    using Word = typename Descriptor::Word;
    using Pool = FramePool<Table, Format::kTableBytes>;

    /// One thing that the builder did, in order.
    struct Event {
        enum class Kind { kStore, kComplete, kInvalidate, kAllocate, kRelease };
        Kind kind;
        Table table{};  ///< kStore: its table; kAllocate and kRelease: the frame.
        unsigned index = 0;
        Descriptor before{};
        Descriptor after{};
        std::optional<Maintenance<Input>> maintenance{};
        bool live = false;  ///< kStore: a walk from the root can read this entry.
    };

    /// The root at `base`, which is aligned to 16 KB, and a pool of `frames` tables after it.
    explicit FakeMemory(unsigned frames, Table base = Table{0x80000000})
        : base_(base),
          frames_(frames + kRootTables),
          words_(std::size_t{frames_} * kEntries),
          taken_(frames_),
          bitmap_(Pool::words_for(frames_)),
          pool_(base, frames_, bitmap_),
          root_(*pool_.allocate_run(kRootTables)) {
        for (unsigned i = 0; i < kRootTables; ++i) {
            taken_[frame_number(root_) + i] = true;
            links_[root_.value + i * Format::kTableBytes] = {
                Format::kGeometry.start_level,
                i * kEntries * bytes(Format::size_at(Format::kGeometry.start_level))};
        }
    }
    FakeMemory(const FakeMemory&) = delete;
    FakeMemory& operator=(const FakeMemory&) = delete;

    [[nodiscard]] Table root() const { return root_; }

    // --- what the builder uses ---

    Word read(Table table, unsigned index) { return word(table, index); }

    void write(Table table, unsigned index, Word value) {
        store(table, index, value);
        complete();
    }

    void complete() {
        incomplete_.clear();
        record({.kind = Event::Kind::kComplete});
    }

    void store(Table table, unsigned index, Word value) {
        const Table frame = table + (index / kEntries) * Format::kTableBytes;
        index %= kEntries;
        Word& stored = word(frame, index);
        const Descriptor before = Descriptor::from(stored);
        const Descriptor after = Descriptor::from(value);
        const auto link = links_.find(frame.value);
        const bool live = link != links_.end();
        rule(!owed_, "a store before the maintenance that the last one needs");
        rule(!(before.is_valid() && after.is_valid()),
             "a valid entry replaced without being invalid first");
        rule(before.is_valid() || after.is_valid(), "a store that changes nothing");
        rule(!linked_now_.contains(frame.value), "a new table filled after it was linked");
        stored = value;
        ++stores;
        broken.reset();
        if (live) {
            const unsigned level = link->second.level;
            const Range<Input> entry{{link->second.base + index * bytes(Format::size_at(level))},
                                     bytes(Format::size_at(level))};
            changed = entry;
            if (before.is_valid()) {
                owed_ = Owed{entry, smallest_leaf(before, level)};
                broken = entry;
                if (before.is_table(level)) {
                    unlink(before.template next_table<Table>(), level + 1);
                }
            }
            if (after.is_table(level)) {
                rule(!is_empty(after.template next_table<Table>()), "an empty table linked");
                link_table(after.template next_table<Table>(), level + 1, entry.begin.value);
                linked_now_.insert(after.template next_table<Table>().value);
            }
        }
        incomplete_.insert(frame.value);
        record({Event::Kind::kStore, frame, index, before, after, {}, live});
        if (live && on_live_store) {
            on_live_store();
        }
    }

    std::optional<Table> allocate() {
        const std::optional<Table> frame = available() > 0 ? pool_.allocate() : std::nullopt;
        if (frame) {
            taken_[frame_number(*frame)] = true;
            for (unsigned i = 0; i < kEntries; ++i) {
                word(*frame, i) = 0;
            }
            incomplete_.insert(frame->value);
            ++allocations;
            record({.kind = Event::Kind::kAllocate, .table = *frame});
        }
        return frame;
    }

    void release(Table frame) {
        rule(!owed_, "a table released before the TLBs dropped it");
        rule(!links_.contains(frame.value), "a table released while an entry leads to it");
        for (unsigned i = 0; i < kEntries; ++i) {
            word(frame, i) = kPoison;
        }
        taken_[frame_number(frame)] = false;
        rule(pool_.release(frame), "a frame released that was not taken");
        ++releases;
        record({.kind = Event::Kind::kRelease, .table = frame});
    }

    [[nodiscard]] unsigned available() const {
        return pool_.available() > withheld ? pool_.available() - withheld : 0;
    }

    void invalidate(const Maintenance<Input>& what) {
        rule(owed_.has_value(), "maintenance that nothing needs");
        if (owed_ && what.kind == Maintenance<Input>::Kind::kPages) {
            rule(what.range == owed_->range,
                 "maintenance of a range other than the one made invalid");
            rule(what.granule <= owed_->granule, "maintenance that skips smaller leaves");
        }
        owed_.reset();
        incomplete_.clear();
        record({.kind = Event::Kind::kInvalidate, .maintenance = what});
    }

    // --- what the tests use ---

    /// To be called between operations: tables that were new may now be filled further.
    void settle() {
        rule(!owed_, "an operation that ended with maintenance still due");
        rule(incomplete_.empty(), "an operation that ended before its stores were complete");
        linked_now_.clear();
        history.clear();
        changed.reset();
        broken.reset();
    }

    [[nodiscard]] std::vector<Word> snapshot() const { return words_; }

    /// Only the stores.
    [[nodiscard]] std::vector<Event> stores_made() const {
        std::vector<Event> found;
        for (const Event& event : history) {
            if (event.kind == Event::Kind::kStore) {
                found.push_back(event);
            }
        }
        return found;
    }

    std::vector<Event> history;
    bool records_history = true;
    unsigned withheld = 0;  ///< Free frames that are reported as taken.
    std::uint64_t stores = 0;
    std::uint64_t allocations = 0;
    std::uint64_t releases = 0;
    std::optional<Range<Input>> changed;  ///< What the last live store's entry spans.
    std::optional<Range<Input>> broken;   ///< The same, if it made the entry invalid.
    std::function<void()> on_live_store;
    /// The rules that were broken, in words; tests expect none.
    std::vector<std::string> violations;

  private:
    static constexpr unsigned kEntries = Format::kEntriesPerTable;
    static constexpr unsigned kRootTables = Format::kGeometry.root_tables();
    /// A valid entry that leads nowhere: code that reads a released frame fails visibly.
    static constexpr Word kPoison = Descriptor::table(Table{0xDEADB000}).raw;

    struct Link {
        unsigned level;
        std::uint64_t base;
    };
    struct Owed {
        Range<Input> range;
        Size granule;
    };

    void record(const Event& event) {
        if (records_history) {
            history.push_back(event);
        }
    }

    void rule(bool kept, const char* what) {
        if (!kept) {
            violations.emplace_back(what);
        }
    }

    [[nodiscard]] std::size_t frame_number(Table frame) const {
        return static_cast<std::size_t>((frame - base_) / Format::kTableBytes);
    }

    Word& word(Table table, unsigned index) {
        const std::size_t at = frame_number(table) * kEntries + index;
        if (at >= words_.size() || !taken_[at / kEntries]) {
            rule(false, "an access outside the tables");
            static Word nowhere = 0;
            return nowhere = 0;
        }
        return words_[at];
    }

    bool is_empty(Table table) {
        for (unsigned i = 0; i < kEntries; ++i) {
            if (Descriptor::from(word(table, i)).is_valid()) {
                return false;
            }
        }
        return true;
    }

    void link_table(Table table, unsigned level, std::uint64_t base) {
        rule(!incomplete_.contains(table.value),
             "a table linked before the stores into it are complete");
        links_[table.value] = {level, base};
        for (unsigned i = 0; level < Format::kLastLevel && i < kEntries; ++i) {
            const Descriptor entry = Descriptor::from(word(table, i));
            if (entry.is_table(level)) {
                link_table(entry.template next_table<Table>(), level + 1,
                           base + i * bytes(Format::size_at(level)));
            }
        }
    }

    void unlink(Table table, unsigned level) {
        links_.erase(table.value);
        for (unsigned i = 0; level < Format::kLastLevel && i < kEntries; ++i) {
            const Descriptor entry = Descriptor::from(word(table, i));
            if (entry.is_table(level)) {
                unlink(entry.template next_table<Table>(), level + 1);
            }
        }
    }

    /// The smallest leaf that `entry` of `level` leads to; the entry's own size if there is none.
    Size smallest_leaf(Descriptor entry, unsigned level) {
        Size smallest = Format::size_at(level);
        if (entry.is_table(level)) {
            for (unsigned i = 0; i < kEntries; ++i) {
                const Descriptor below =
                    Descriptor::from(word(entry.template next_table<Table>(), i));
                if (below.is_valid()) {
                    smallest = std::min(smallest, smallest_leaf(below, level + 1));
                }
            }
        }
        return smallest;
    }

    Table base_;
    unsigned frames_;
    std::vector<Word> words_;
    std::vector<bool> taken_;
    std::vector<std::uint32_t> bitmap_;
    Pool pool_;
    Table root_;
    std::map<std::uint64_t, Link> links_;
    std::set<std::uint64_t> linked_now_;
    std::set<std::uint64_t> incomplete_;  ///< Tables with stores that walks may not see yet.
    std::optional<Owed> owed_;
};

}  // namespace hm::mmu::test
