#pragma once
// Keys: what a run can be asked for, with ranges and defaults. The host tool and the target
// (measure/request.hpp) check requests against this one table. What a suite changes of the defaults
// is in measure/suites.hpp.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::measure {

/// A name, and what people read about it.
struct Described {
    const char* name;
    const char* meaning;
};

enum class Key : std::uint8_t {
    kPeriod,
    kCount,
    kPages,
    kRounds,
    kBatch,
    kBytes,
    kLaps,
    kWorkingSet,
    kBusyPeriod,
    kSpins,
    kShares,
    kSlice,
    kDelivery,
    kWait,
    kLoad,
    kRegime,
    kStage1,
    kStage2,
    kOrder,
    kTlb,
    kPlacement,
    kExit,
    kFrom,
    kWatchdog,
    kHang,
    kFreeze,
    kStray,
    kLinger,
    kReset,
    kMemory,
    kSmp,
};

/// How a value is written: a decimal number; a number with K, M or G (powers of 1024); 0 or 1; a
/// word of a list, or "any".
enum class Kind : std::uint8_t { kNumber, kBytes, kFlag, kWord };

/// Who uses a key. The host's keys are not part of the target's command line.
enum class User : std::uint8_t { kTarget, kHost };

/// A key: what it is called, what it means, and which values it takes.
struct KeyInfo {
    Key key;
    const char* name;
    const char* meaning;
    Kind kind;
    User user;
    std::uint32_t low;  ///< the smallest and the largest value allowed
    std::uint32_t high;
    std::uint32_t usual;                      ///< the default, unless a suite has another
    std::span<const char* const> words = {};  ///< of kWord: value 1 is the first; 0 is "any"
};

inline constexpr const char* kAnyWord = "any";

inline constexpr std::uint32_t kKiB = 1024;
inline constexpr std::uint32_t kMiB = 1024 * kKiB;
inline constexpr std::uint32_t kGiB = 1024 * kMiB;

namespace detail {

struct Bounds {
    std::uint32_t low, high;
};
[[nodiscard]] constexpr KeyInfo number(Key key, const char* name, const char* meaning,
                                       Bounds bounds, std::uint32_t usual,
                                       User user = User::kTarget) {
    return {key, name, meaning, Kind::kNumber, user, bounds.low, bounds.high, usual};
}
[[nodiscard]] constexpr KeyInfo bytes(Key key, const char* name, const char* meaning, Bounds bounds,
                                      std::uint32_t usual, User user = User::kTarget) {
    KeyInfo info = number(key, name, meaning, bounds, usual, user);
    info.kind = Kind::kBytes;
    return info;
}
[[nodiscard]] constexpr KeyInfo flag(Key key, const char* name, const char* meaning) {
    KeyInfo info = number(key, name, meaning, {0, 1}, 0);
    info.kind = Kind::kFlag;
    return info;
}
/// A key whose value is one of `words`, or any, which is the default.
[[nodiscard]] constexpr KeyInfo word(Key key, const char* name, const char* meaning,
                                     std::span<const char* const> words) {
    KeyInfo info = number(key, name, meaning, {0, static_cast<std::uint32_t>(words.size())}, 0);
    info.kind = Kind::kWord;
    info.words = words;
    return info;
}

/// The orders of pointer chases and of page-fault loops.
inline constexpr std::array<const char*, 6> kOrderNames{"sequential",  "strided",    "random",
                                                        "page-random", "page-dense", "thrash"};

/// What workload exits measures, in the order of exits::Exit.
inline constexpr std::array<const char*, 14> kExitNames{"actlr-read",
                                                        "null",
                                                        "psci-version",
                                                        "gicd-ctlr-read",
                                                        "gicd-typer-read",
                                                        "sgi-self",
                                                        "ack-eoi",
                                                        "device-read",
                                                        "device-write",
                                                        "pl011-read",
                                                        "ipi-other-core",
                                                        "ipi-same-core",
                                                        "spi",
                                                        "wfi"};

}  // namespace detail

/// Indexed by Key.
inline constexpr std::array<KeyInfo, 31> kKeys{{
    detail::number(Key::kPeriod, "period", "microseconds between two timer deadlines",
                   {100, 1'000'000}, 1000),
    detail::number(Key::kCount, "count", "timer wake-ups of each timer scenario", {1, 1'000'000},
                   1000),
    detail::number(Key::kPages, "pages", "pages that the page-fault loop goes through", {1, 4096},
                   256),
    detail::number(Key::kRounds, "rounds",
                   "rounds of the page-fault loop; loops of single calls do 50 for each round",
                   {1, 100'000}, 20),
    detail::number(Key::kBatch, "batch", "pages that are unmapped together before they are touched",
                   {1, 4096}, 16),
    detail::bytes(Key::kBytes, "bytes",
                  "largest size of the pointer chase, cut to a multiple of 32K",
                  {64 * kKiB, 256 * kMiB}, 8 * kMiB),
    detail::number(Key::kLaps, "laps",
                   "times that a pointer chase goes round its chain; fewer if the chain is long",
                   {1, 100'000}, 20),
    detail::bytes(Key::kWorkingSet, "working_set", "largest working set of the boot scenarios",
                  {kMiB, 128 * kMiB}, 16 * kMiB),
    detail::number(Key::kBusyPeriod, "busy_period",
                   "microseconds between two deadlines where the guest spins", {20, 1'000'000},
                   100),
    detail::number(Key::kSpins, "spins", "timer wake-ups of each scenario in which the guest spins",
                   {1, 1'000'000}, 500),
    detail::number(Key::kShares, "shares",
                   "timer wake-ups of each scenario in which a second VM is busy", {1, 1'000'000},
                   32),
    detail::number(Key::kSlice, "slice", "microseconds of each turn of a VM that shares its core",
                   {100, 100'000}, 10'000),
    detail::word(Key::kDelivery, "delivery", "runs only timer scenarios of this delivery",
                 kDeliveryNames),
    detail::word(Key::kWait, "wait", "runs only timer scenarios whose guest waits like this",
                 kWaitNames),
    detail::word(Key::kLoad, "load", "runs only timer scenarios under this load", kLoadNames),
    detail::word(Key::kRegime, "regime", "runs only memory scenarios in this regime of translation",
                 kRegimeNames),
    detail::word(Key::kStage1, "stage1", "runs only memory scenarios with these stage-1 tables",
                 kStage1Names),
    detail::word(Key::kStage2, "stage2", "runs only memory scenarios with these stage-2 tables",
                 kStage2Names),
    detail::word(Key::kOrder, "order", "runs only chases and page-fault loops in this order",
                 detail::kOrderNames),
    detail::word(Key::kTlb, "tlb", "runs only chases that find the TLBs in this state", kTlbNames),
    detail::word(Key::kPlacement, "placement",
                 "runs only chases whose pages lie like this in physical memory", kPlacementNames),
    detail::word(Key::kExit, "exit", "runs only this row of workload exits", detail::kExitNames),
    detail::number(Key::kFrom, "from", "scenarios that are left out at the beginning of the plan",
                   {0, 899}, 0),
    detail::number(
        Key::kWatchdog, "watchdog",
        "counter ticks without progress after which a scenario is stopped, waits not counted",
        {1'000'000, 4'000'000'000}, 2'000'000'000),
    detail::flag(Key::kHang, "hang", "adds a test scenario whose guest loops forever"),
    detail::flag(Key::kFreeze, "freeze",
                 "adds a test scenario whose guest takes exceptions for ever"),
    detail::flag(Key::kStray, "stray",
                 "adds a test scenario whose guest touches memory that it does not own"),
    detail::number(Key::kLinger, "linger",
                   "seconds without a request after which the target stops repeating records",
                   {0, 86'400}, 0),
    detail::flag(Key::kReset, "reset", "resets the board at the end, if it has a reset"),
    detail::bytes(Key::kMemory, "memory", "memory of the machine under QEMU",
                  {256 * kMiB, 3 * kGiB}, kGiB, User::kHost),
    detail::number(Key::kSmp, "smp", "cores of the machine under QEMU", {1, 2}, 1, User::kHost),
}};

[[nodiscard]] constexpr const KeyInfo& info(Key key) {
    return kKeys[static_cast<std::size_t>(key)];
}

/// The position of `name` in a table whose rows have names.
template <class Table>
[[nodiscard]] constexpr std::optional<std::size_t> index_of(const Table& table,
                                                            std::string_view name) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (std::string_view(table[i].name) == name) {
            return i;
        }
    }
    return std::nullopt;
}

/// `text` as a value of a key of `words`.
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_word(std::span<const char* const> words,
                                                                std::string_view text) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (std::string_view(words[i]) == text) {
            return i + 1;
        }
    }
    return text == kAnyWord ? std::optional<std::uint32_t>{0} : std::nullopt;
}

/// `value` of a key of `words` as it is written.
[[nodiscard]] constexpr const char* word_of(std::span<const char* const> words,
                                            std::uint32_t value) {
    return value == 0 || value > words.size() ? kAnyWord
                                              : words[static_cast<std::size_t>(value - 1)];
}

/// `text` as a value of `key`; nothing if it is malformed or out of range.
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_value(const KeyInfo& key,
                                                                 std::string_view text) {
    if (key.kind == Kind::kWord) {
        return parse_word(key.words, text);
    }
    std::uint32_t unit = 1;
    if (key.kind == Kind::kBytes && !text.empty()) {
        const char last = text.back();
        unit = last == 'K' ? kKiB : last == 'M' ? kMiB : last == 'G' ? kGiB : 1;
        text.remove_suffix(unit == 1 ? 0 : 1);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    const std::uint32_t most = key.high / unit;
    std::uint32_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        const auto last = static_cast<std::uint32_t>(digit - '0');
        if (last > most || value > (most - last) / 10) {  // also before it would overflow
            return std::nullopt;
        }
        value = value * 10 + last;
    }
    value *= unit;
    return value >= key.low ? std::optional{value} : std::nullopt;
}

static_assert(
    [] {
        for (std::size_t i = 0; i < kKeys.size(); ++i) {
            if (static_cast<std::size_t>(kKeys[i].key) != i) {
                return false;
            }
        }
        return true;
    }(),
    "kKeys has its rows in the order of Key");
}  // namespace hm::measure
