#pragma once
// Suites: sets of defaults for all keys. Each names only what it changes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/keys.hpp"

namespace hm::measure {

enum class Suite : std::uint8_t { kQuick, kPaper, kModel, kTime, kTables };

/// A key whose default a suite changes.
struct Change {
    Key key;
    std::uint32_t value;
};

/// Name and meaning, for people; and what differs from suite quick, whose defaults are in kKeys.
struct SuiteInfo {
    const char* name;
    const char* meaning;
    std::span<const Change> changes = {};
    bool for_models = false;     ///< for machines that take long for each instruction
    const char* only = nullptr;  ///< what it has, by a name of --only; null: every workload
};

namespace detail {

/// The value that stands for `word`, one of those that `key` takes.
[[nodiscard]] consteval std::uint32_t value_of(Key key, std::string_view word) {
    return parse_word(info(key).words, word).value();
}

inline constexpr Change kOfPaper[]{
    {Key::kPeriod, 30'000},    {Key::kCount, 120'000},         {Key::kRounds, 100},
    {Key::kBytes, 256 * kMiB}, {Key::kWorkingSet, 128 * kMiB}, {Key::kSpins, 5'000},
    {Key::kShares, 200},
};

inline constexpr Change kOfModel[]{
    {Key::kPeriod, 200}, {Key::kCount, 20},        {Key::kPages, 32},
    {Key::kRounds, 1},   {Key::kBatch, 1},         {Key::kBytes, 2560 * kKiB},
    {Key::kLaps, 2},     {Key::kWorkingSet, kMiB}, {Key::kSpins, 20},
    {Key::kShares, 4},   {Key::kSlice, 100},       {Key::kExit, value_of(Key::kExit, "null")},
};

/// Deadlines far enough apart for a guest to sleep in between, which costs no instructions.
inline constexpr Change kOfTime[]{
    {Key::kPeriod, 200}, {Key::kCount, 50},         {Key::kPages, 64},  {Key::kRounds, 2},
    {Key::kBatch, 1},    {Key::kBytes, 256 * kMiB}, {Key::kLaps, 2},    {Key::kWorkingSet, kMiB},
    {Key::kSpins, 20},   {Key::kShares, 4},         {Key::kSlice, 100},
};

inline constexpr Change kOfTables[]{{Key::kBytes, 256 * kMiB}, {Key::kLaps, 1}};

}  // namespace detail

/// Indexed by Suite.
inline constexpr std::array kSuites{
    SuiteInfo{.name = "quick", .meaning = "every loop, small, within 20 s (the default)"},
    SuiteInfo{.name = "paper",
              .meaning = "the parameters of the 2014 paper, within 15 minutes",
              .changes = detail::kOfPaper},
    SuiteInfo{.name = "model",
              .meaning = "every loop, within 20 million instructions: for models that run slowly",
              .changes = detail::kOfModel,
              .for_models = true},
    SuiteInfo{.name = "time",
              .meaning = "chases to 256 MB, faults, timer, exits and boot, within 100 million "
                         "instructions: for models that have time",
              .changes = detail::kOfTime,
              .for_models = true},
    SuiteInfo{.name = "tables",
              .meaning = "chases of 256 MB through all tables of both stages, in order and at "
                         "random, within 250 million instructions: for models that have time",
              .changes = detail::kOfTables,
              .for_models = true,
              .only = "chase"},
};

[[nodiscard]] constexpr const SuiteInfo& info(Suite suite) {
    return kSuites[static_cast<std::size_t>(suite)];
}

/// The value that `key` has in `suite`, unless a run is asked for another.
[[nodiscard]] constexpr std::uint32_t default_of(Suite suite, Key key) {
    for (const Change& change : info(suite).changes) {
        if (change.key == key) {
            return change.value;
        }
    }
    return info(key).usual;
}

/// What a plan has in most suites, and in those that differ.
template <class Value, std::size_t kOthers>
struct BySuite {
    struct Other {
        Suite suite;
        Value value;
    };
    Value usual;
    std::array<Other, kOthers> others;

    [[nodiscard]] constexpr Value operator[](Suite suite) const {
        for (const Other& other : others) {
            if (other.suite == suite) {
                return other.value;
            }
        }
        return usual;
    }
};

static_assert(
    [] {
        for (const SuiteInfo& suite : kSuites) {
            for (const Change& change : suite.changes) {
                const KeyInfo& key = info(change.key);
                if (change.value == key.usual || change.value < key.low ||
                    change.value > key.high) {
                    return false;
                }
            }
        }
        return true;
    }(),
    "a suite names only what it changes, within the range of the key");

}  // namespace hm::measure
