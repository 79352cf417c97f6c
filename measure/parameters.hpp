#pragma once
// What a run can be asked to do: suites, workloads and keys, with their ranges and defaults. The
// host tool refuses bad requests by this table before anything starts; the target reads its command
// line ("suite=quick only=timer,chase period=500") by the same one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/setting.hpp"

namespace hm::measure {

enum class Suite : std::uint8_t { kQuick, kPaper };

struct SuiteInfo {
    std::string_view name;
    std::string_view meaning;
};

/// Indexed by Suite.
inline constexpr std::array<SuiteInfo, 2> kSuites{{
    {"quick", "every loop, small, within 20 s (the default)"},
    {"paper", "the parameters of the 2014 paper, within 15 minutes"},
}};

enum class Workload : std::uint8_t { kPagefault, kChase, kTimer, kHypercall };

struct WorkloadInfo {
    std::string_view name;
    std::string_view meaning;
};

/// Indexed by Workload.
inline constexpr std::array<WorkloadInfo, 4> kWorkloads{{
    {"pagefault", "unmap a page, touch it from PL0, take the fault, map it"},
    {"chase", "dependent loads, one line per page, sequential and random"},
    {"timer", "absolute periodic deadlines that wake an application, layer by layer"},
    {"hypercall", "calls into the monitor: fast path, dispatcher, bare vector (guest only)"},
}};

enum class Key : std::uint8_t {
    kPeriod,
    kCount,
    kPages,
    kRounds,
    kBytes,
    kLaps,
    kBusyPeriod,
    kSpins,
    kShares,
    kSlice,
    kDelivery,
    kWait,
    kLoad,
    kWatchdog,
    kHang,
    kStray,
    kMemory,
    kSmp,
};

/// How a value is written: a decimal number; a number with K, M or G (powers of 1024); 0 or 1; one
/// of a list of words, or "any".
enum class Kind : std::uint8_t { kNumber, kBytes, kFlag, kWord };

/// Who acts on a key. The host's keys never reach the target's command line.
enum class User : std::uint8_t { kTarget, kHost };

struct ParameterInfo {
    std::string_view name;
    std::string_view meaning;
    Kind kind;
    User user;
    std::uint64_t low;  ///< least and greatest value allowed
    std::uint64_t high;
    std::uint64_t quick;  ///< default in each suite
    std::uint64_t paper;
    std::span<const std::string_view> words = {};  ///< of kWord: values 1, 2, ..; 0 is "any"

    [[nodiscard]] constexpr std::uint64_t by_default(Suite suite) const {
        return suite == Suite::kPaper ? paper : quick;
    }
};

inline constexpr std::string_view kAnyWord = "any";

/// A key whose value is one of `words`, or any.
[[nodiscard]] constexpr ParameterInfo word_key(std::string_view name, std::string_view meaning,
                                               std::span<const std::string_view> words) {
    return {name, meaning, Kind::kWord, User::kTarget, 0, words.size(), 0, 0, words};
}

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

/// Indexed by Key.
inline constexpr std::array<ParameterInfo, 18> kParameters{{
    {"period", "microseconds between two timer deadlines", Kind::kNumber, User::kTarget, 100,
     1'000'000, 1000, 30'000},
    {"count", "timer wake-ups of each timer scenario", Kind::kNumber, User::kTarget, 1, 1'000'000,
     1000, 120'000},
    {"pages", "pages that the page-fault loop goes through", Kind::kNumber, User::kTarget, 1, 4096,
     256, 256},
    {"rounds", "rounds of the page-fault loop, and of the hypercall loops", Kind::kNumber,
     User::kTarget, 1, 100'000, 20, 100},
    {"bytes", "largest size of the pointer chase", Kind::kBytes, User::kTarget, 64 * kKiB,
     256 * kMiB, 8 * kMiB, 256 * kMiB},
    {"laps", "times that a pointer chase goes round its chain", Kind::kNumber, User::kTarget, 1,
     100'000, 20, 20},
    {"busy_period", "microseconds between two deadlines where the guest spins", Kind::kNumber,
     User::kTarget, 20, 1'000'000, 100, 100},
    {"spins", "timer wake-ups of each scenario in which the guest spins", Kind::kNumber,
     User::kTarget, 1, 1'000'000, 500, 20'000},
    {"shares", "timer wake-ups of each scenario in which a second VM is busy", Kind::kNumber,
     User::kTarget, 1, 1'000'000, 20, 400},
    {"slice", "microseconds for which a VM has a core that two VMs share", Kind::kNumber,
     User::kTarget, 100, 100'000, 10'000, 10'000},
    word_key("delivery", "runs timer scenarios of this delivery alone", kDeliveryNames),
    word_key("wait", "runs timer scenarios whose guest waits so alone", kWaitNames),
    word_key("load", "runs timer scenarios under this load alone", kLoadNames),
    {"watchdog", "counter ticks that a scenario may go on without progress, waits left out",
     Kind::kNumber, User::kTarget, 1'000'000, 10'000'000'000'000, 2'000'000'000, 2'000'000'000},
    {"hang", "adds a test scenario whose guest loops forever", Kind::kFlag, User::kTarget, 0, 1, 0,
     0},
    {"stray", "adds a test scenario whose guest touches what is not its own", Kind::kFlag,
     User::kTarget, 0, 1, 0, 0},
    {"memory", "memory of the machine under QEMU", Kind::kBytes, User::kHost, 256 * kMiB, 3 * kGiB,
     kGiB, kGiB},
    {"smp", "cores of the machine under QEMU", Kind::kNumber, User::kHost, 1, 2, 1, 1},
}};

[[nodiscard]] constexpr const ParameterInfo& info(Key key) {
    return kParameters[static_cast<std::size_t>(key)];
}

/// The position of `name` in a table of things with names.
template <class Table>
[[nodiscard]] constexpr std::optional<std::size_t> index_of(const Table& table,
                                                            std::string_view name) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].name == name) {
            return i;
        }
    }
    return std::nullopt;
}

/// `text` as a value of a key of words.
[[nodiscard]] constexpr std::optional<std::uint64_t> parse_word(const ParameterInfo& parameter,
                                                                std::string_view text) {
    for (std::size_t i = 0; i < parameter.words.size(); ++i) {
        if (parameter.words[i] == text) {
            return i + 1;
        }
    }
    return text == kAnyWord ? std::optional<std::uint64_t>{0} : std::nullopt;
}

/// `value` of a key of words as it is written.
[[nodiscard]] constexpr std::string_view word_of(const ParameterInfo& parameter,
                                                 std::uint64_t value) {
    return value == 0 || value > parameter.words.size()
               ? kAnyWord
               : parameter.words[static_cast<std::size_t>(value - 1)];
}

/// `text` as a value of `parameter`; nothing where it is malformed or out of the range.
[[nodiscard]] constexpr std::optional<std::uint64_t> parse_value(const ParameterInfo& parameter,
                                                                 std::string_view text) {
    if (parameter.kind == Kind::kWord) {
        return parse_word(parameter, text);
    }
    std::uint64_t unit = 1;
    if (parameter.kind == Kind::kBytes && !text.empty()) {
        const char last = text.back();
        unit = last == 'K' ? kKiB : last == 'M' ? kMiB : last == 'G' ? kGiB : 1;
        text.remove_suffix(unit == 1 ? 0 : 1);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
        // Every step stays below ten times the greatest value, so that nothing overflows.
        if (value > parameter.high / unit) {
            return std::nullopt;
        }
    }
    value *= unit;
    return value >= parameter.low ? std::optional{value} : std::nullopt;
}

/// One run, as asked for: each key has a value, given or by default of the suite.
struct Request {
    Suite suite = Suite::kQuick;
    std::array<bool, kWorkloads.size()> wanted{};
    std::array<std::uint64_t, kParameters.size()> values{};

    [[nodiscard]] constexpr std::uint64_t get(Key key) const {
        return values[static_cast<std::size_t>(key)];
    }
    [[nodiscard]] constexpr bool wants(Workload workload) const {
        return wanted[static_cast<std::size_t>(workload)];
    }
    /// Whether a key of words leaves `word` in.
    [[nodiscard]] constexpr bool wants(Key key, std::string_view word) const {
        return get(key) == 0 || word_of(info(key), get(key)) == word;
    }
};

/// Everything that `suite` holds, with its defaults.
[[nodiscard]] constexpr Request default_request(Suite suite) {
    Request request;
    request.suite = suite;
    request.wanted.fill(true);
    for (std::size_t i = 0; i < kParameters.size(); ++i) {
        request.values[i] = kParameters[i].by_default(suite);
    }
    return request;
}

enum class Refusal : std::uint8_t { kUnknownKey, kUnknownSuite, kUnknownWorkload, kBadValue };

/// The request that a command line makes, or why it is refused and the word to blame.
struct ParsedRequest {
    Request request{};
    std::optional<Refusal> refusal{};
    std::string_view culprit{};
};

namespace detail {

/// Cuts `text` at the first `separator` and returns the part before it.
constexpr std::string_view take(std::string_view& text, char separator) {
    const std::size_t cut = text.find(separator);
    const std::string_view head = text.substr(0, cut);
    text = cut == std::string_view::npos ? std::string_view{} : text.substr(cut + 1);
    return head;
}

/// The first workload of the list "a,b" that does not exist, or nothing.
constexpr std::optional<std::string_view> select_workloads(Request& request,
                                                           std::string_view list) {
    request.wanted.fill(false);
    do {
        const std::string_view name = take(list, ',');
        const auto index = index_of(kWorkloads, name);
        if (!index) {
            return name;
        }
        request.wanted[*index] = true;
    } while (!list.empty());
    return std::nullopt;
}

constexpr ParsedRequest refuse(Refusal refusal, std::string_view culprit) {
    return {.request = {}, .refusal = refusal, .culprit = culprit};
}

}  // namespace detail

/// Reads words "suite=NAME", "only=WORKLOAD,..", "KEY=VALUE" in any order, with spaces between;
/// the keys of User::kTarget alone. Later words win. `culprit` points into `text`.
[[nodiscard]] constexpr ParsedRequest parse_request(std::string_view text) {
    // The suite gives the defaults, so it is looked for before anything else.
    Suite suite = Suite::kQuick;
    for (std::string_view rest = text; !rest.empty();) {
        std::string_view value = detail::take(rest, ' ');
        if (detail::take(value, '=') == "suite") {
            const auto index = index_of(kSuites, value);
            if (!index) {
                return detail::refuse(Refusal::kUnknownSuite, value);
            }
            suite = static_cast<Suite>(*index);
        }
    }
    ParsedRequest parsed{.request = default_request(suite), .refusal = {}, .culprit = {}};
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = detail::take(rest, ' ');
        std::string_view value = word;
        const std::string_view name = detail::take(value, '=');
        if (word.empty() || name == "suite") {
            continue;
        }
        if (name == "only") {
            if (const auto unknown = detail::select_workloads(parsed.request, value)) {
                return detail::refuse(Refusal::kUnknownWorkload, *unknown);
            }
            continue;
        }
        const auto index = index_of(kParameters, name);
        if (!index || kParameters[*index].user != User::kTarget) {
            return detail::refuse(Refusal::kUnknownKey, word);
        }
        const auto number = parse_value(kParameters[*index], value);
        if (!number) {
            return detail::refuse(Refusal::kBadValue, word);
        }
        parsed.request.values[*index] = *number;
    }
    return parsed;
}

static_assert(info(Key::kSmp).name == "smp", "Key and kParameters go together");
static_assert(info(Key::kWatchdog).name == "watchdog");
static_assert(kWorkloads[static_cast<std::size_t>(Workload::kHypercall)].name == "hypercall");
static_assert(!parse_request("suite=paper count=10").refusal);

}  // namespace hm::measure
