#pragma once
// What a run can be asked to do: suites, workloads and keys, with their ranges and defaults. The
// host tool refuses bad requests by this table before anything starts; the target reads its command
// line by the same one (measure/request.hpp).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::measure {

enum class Suite : std::uint8_t { kQuick, kPaper, kModel };
enum class Workload : std::uint8_t { kPagefault, kChase, kBoot, kParity, kTimer, kHypercall };

/// A name, and what people are told about it. The target leaves the telling to the host, since its
/// image is to stay small: it uses the tables of names below.
struct Described {
    const char* name;
    std::string_view meaning;
};

/// Indexed by Suite.
inline constexpr std::array<Described, 3> kSuites{{
    {"quick", "every loop, small, within 20 s (the default)"},
    {"paper", "the parameters of the 2014 paper, within 15 minutes"},
    {"model",
     "every loop, within 20 million instructions: for models that take an hour for a second"},
}};

/// Indexed by Workload.
inline constexpr std::array<Described, 6> kWorkloads{{
    {"pagefault", "unmap pages, touch them from PL0, take the fault of stage 1, stage 2 or both"},
    {"chase", "dependent loads in every regime, and through every kind of tables"},
    {"boot", "from a guest's entry until it has touched its working set, on demand or pre-mapped"},
    {"parity", "an integer and a floating-point loop, which should cost a guest nothing"},
    {"timer", "absolute periodic deadlines that wake an application, layer by layer"},
    {"hypercall", "calls into the monitor: fast path, dispatcher, bare vector (guest only)"},
}};

template <std::size_t kCount>
[[nodiscard]] constexpr std::array<const char*, kCount> without_meanings(
    const std::array<Described, kCount>& table) {
    std::array<const char*, kCount> names;
    for (std::size_t i = 0; i < kCount; ++i) {
        names[i] = table[i].name;
    }
    return names;
}
inline constexpr auto kSuiteNames = without_meanings(kSuites);
inline constexpr auto kWorkloadNames = without_meanings(kWorkloads);

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
    kWatchdog,
    kHang,
    kStray,
    kLinger,
    kReset,
    kMemory,
    kSmp,
};

/// How a value is written: a decimal number; a number with K, M or G (powers of 1024); 0 or 1; one
/// of a list of words, or "any".
enum class Kind : std::uint8_t { kNumber, kBytes, kFlag, kWord };

/// Who acts on a key. The host's keys never reach the target's command line.
enum class User : std::uint8_t { kTarget, kHost };

/// A key as people are told of it.
struct ParameterInfo {
    const char* name;
    const char* meaning;
    Kind kind;
    User user;
    std::uint32_t low;  ///< least and greatest value allowed
    std::uint32_t high;
    std::array<std::uint32_t, kSuites.size()> defaults;  ///< indexed by Suite
    std::span<const char* const> words = {};             ///< of kWord: values 1, 2, ..; 0 is "any"

    [[nodiscard]] constexpr std::uint32_t by_default(Suite suite) const {
        return defaults[static_cast<std::size_t>(suite)];
    }
};

inline constexpr const char* kAnyWord = "any";

inline constexpr std::uint32_t kKiB = 1024;
inline constexpr std::uint32_t kMiB = 1024 * kKiB;
inline constexpr std::uint32_t kGiB = 1024 * kMiB;

namespace detail {

struct Bounds {
    std::uint32_t low, high;
};
struct Defaults {
    std::uint32_t quick, paper, model;
};
[[nodiscard]] constexpr ParameterInfo key_of(Kind kind, const char* name, const char* meaning,
                                             Bounds bounds, Defaults defaults,
                                             User user = User::kTarget) {
    return {name,
            meaning,
            kind,
            user,
            bounds.low,
            bounds.high,
            {defaults.quick, defaults.paper, defaults.model}};
}
[[nodiscard]] constexpr ParameterInfo number(const char* name, const char* meaning, Bounds bounds,
                                             Defaults defaults, User user = User::kTarget) {
    return key_of(Kind::kNumber, name, meaning, bounds, defaults, user);
}
[[nodiscard]] constexpr ParameterInfo bytes(const char* name, const char* meaning, Bounds bounds,
                                            Defaults defaults, User user = User::kTarget) {
    return key_of(Kind::kBytes, name, meaning, bounds, defaults, user);
}
[[nodiscard]] constexpr ParameterInfo flag(const char* name, const char* meaning) {
    return key_of(Kind::kFlag, name, meaning, {0, 1}, {0, 0, 0});
}
/// A key whose value is one of `words`, or any.
[[nodiscard]] constexpr ParameterInfo word(const char* name, const char* meaning,
                                           std::span<const char* const> words) {
    ParameterInfo key = key_of(Kind::kWord, name, meaning,
                               {0, static_cast<std::uint32_t>(words.size())}, {0, 0, 0});
    key.words = words;
    return key;
}

/// What pointer chases and page-fault loops call their orders.
inline constexpr std::array<const char*, 5> kOrderNames{"sequential", "strided", "random",
                                                        "page-random", "page-dense"};

}  // namespace detail

/// Indexed by Key.
inline constexpr std::array<ParameterInfo, 27> kParameters{{
    detail::number("period", "microseconds between two timer deadlines", {100, 1'000'000},
                   {1000, 30'000, 200}),
    detail::number("count", "timer wake-ups of each timer scenario", {1, 1'000'000},
                   {1000, 120'000, 20}),
    detail::number("pages", "pages that the page-fault loop goes through", {1, 4096},
                   {256, 256, 32}),
    detail::number("rounds",
                   "rounds of the page-fault, hypercall and parity loops; of the last two 50 calls "
                   "each",
                   {1, 100'000}, {20, 100, 1}),
    detail::number("batch", "pages that are unmapped together before they are touched", {1, 4096},
                   {16, 16, 1}),
    detail::bytes("bytes", "largest size of the pointer chase, cut to a multiple of 32K",
                  {64 * kKiB, 256 * kMiB}, {8 * kMiB, 256 * kMiB, 4 * kMiB}),
    detail::number("laps",
                   "times that a pointer chase goes round its chain; fewer where it is long",
                   {1, 100'000}, {20, 20, 2}),
    detail::bytes("working_set", "largest working set of the boot scenarios", {kMiB, 128 * kMiB},
                  {16 * kMiB, 128 * kMiB, kMiB}),
    detail::number("busy_period", "microseconds between two deadlines where the guest spins",
                   {20, 1'000'000}, {100, 100, 100}),
    detail::number("spins", "timer wake-ups of each scenario in which the guest spins",
                   {1, 1'000'000}, {500, 20'000, 20}),
    detail::number("shares", "timer wake-ups of each scenario in which a second VM is busy",
                   {1, 1'000'000}, {20, 400, 4}),
    detail::number("slice", "microseconds for which a VM has a core that two VMs share",
                   {100, 100'000}, {10'000, 10'000, 100}),
    detail::word("delivery", "runs timer scenarios of this delivery alone", kDeliveryNames),
    detail::word("wait", "runs timer scenarios whose guest waits so alone", kWaitNames),
    detail::word("load", "runs timer scenarios under this load alone", kLoadNames),
    detail::word("regime", "runs scenarios of memory in this regime of translation alone",
                 kRegimeNames),
    detail::word("stage1", "runs scenarios of memory with these stage-1 tables alone",
                 kStage1Names),
    detail::word("stage2", "runs scenarios of memory with these stage-2 tables alone",
                 kStage2Names),
    detail::word("order", "runs chases and page-fault loops in this order alone",
                 detail::kOrderNames),
    detail::word("tlb", "runs chases that find the TLBs so alone", kTlbNames),
    detail::number("watchdog",
                   "counter ticks that a scenario may go on without progress, waits left out",
                   {1'000'000, 4'000'000'000}, {2'000'000'000, 2'000'000'000, 2'000'000'000}),
    detail::flag("hang", "adds a test scenario whose guest loops forever"),
    detail::flag("stray", "adds a test scenario whose guest touches what is not its own"),
    detail::number("linger",
                   "seconds without a request after which the target no longer repeats records",
                   {0, 86'400}, {0, 0, 0}),
    detail::flag("reset", "resets the board at the end, where it can be"),
    detail::bytes("memory", "memory of the machine under QEMU", {256 * kMiB, 3 * kGiB},
                  {kGiB, kGiB, kGiB}, User::kHost),
    detail::number("smp", "cores of the machine under QEMU", {1, 2}, {1, 1, 1}, User::kHost),
}};

namespace detail {

/// Numbers of all keys, each once. The image has few of them and many keys, so that a byte which
/// says where a number stands here is most of what a key takes.
struct Numbers {
    std::array<std::uint32_t, kParameters.size() * (kSuites.size() + 2)> values{};
    std::size_t count = 0;

    constexpr std::uint8_t place(std::uint32_t value) {
        std::size_t i = 0;
        while (i < count && values[i] != value) {
            ++i;
        }
        values[i] = value;
        count = std::max(count, i + 1);
        return static_cast<std::uint8_t>(i);
    }
};
inline constexpr Numbers kAllNumbers = [] {
    Numbers numbers;
    for (const ParameterInfo& key : kParameters) {
        (void)numbers.place(key.low);
        (void)numbers.place(key.high);
        for (const std::uint32_t value : key.defaults) {
            (void)numbers.place(value);
        }
    }
    return numbers;
}();
inline constexpr auto kNumbers = [] {
    std::array<std::uint32_t, kAllNumbers.count> numbers{};
    std::copy_n(kAllNumbers.values.begin(), numbers.size(), numbers.begin());
    return numbers;
}();

}  // namespace detail

/// What a run needs to know of a key: the same without its meaning, small.
class KeyInfo {
  public:
    constexpr KeyInfo() = default;
    explicit constexpr KeyInfo(const ParameterInfo& key)
        : name(key.name), kind(key.kind), user(key.user), words_(key.words.data()) {
        detail::Numbers numbers = detail::kAllNumbers;
        low_ = numbers.place(key.low);
        high_ = numbers.place(key.high);
        for (std::size_t suite = 0; suite < defaults_.size(); ++suite) {
            defaults_[suite] = numbers.place(key.defaults[suite]);
        }
    }

    [[nodiscard]] constexpr std::uint32_t low() const { return detail::kNumbers[low_]; }
    [[nodiscard]] constexpr std::uint32_t high() const { return detail::kNumbers[high_]; }
    [[nodiscard]] constexpr std::uint32_t by_default(Suite suite) const {
        return detail::kNumbers[defaults_[static_cast<std::size_t>(suite)]];
    }
    /// Of kWord alone, whose greatest value is how many words there are.
    [[nodiscard]] constexpr std::span<const char* const> words() const {
        return {words_, words_ == nullptr ? 0 : high()};
    }

    const char* name = "";
    Kind kind{};
    User user{};

  private:
    std::uint8_t low_ = 0;
    std::uint8_t high_ = 0;
    std::array<std::uint8_t, kSuites.size()> defaults_{};
    const char* const* words_ = nullptr;
};

/// Indexed by Key.
inline constexpr auto kKeys = [] {
    std::array<KeyInfo, kParameters.size()> keys{};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        keys[i] = KeyInfo(kParameters[i]);
    }
    return keys;
}();

[[nodiscard]] constexpr const KeyInfo& info(Key key) {
    return kKeys[static_cast<std::size_t>(key)];
}

/// The position of `name` in a table of names.
template <std::size_t kCount>
[[nodiscard]] constexpr std::optional<std::size_t> index_of(
    const std::array<const char*, kCount>& names, std::string_view name) {
    for (std::size_t i = 0; i < kCount; ++i) {
        if (std::string_view(names[i]) == name) {
            return i;
        }
    }
    return std::nullopt;
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

/// `text` as a value of `parameter`; nothing where it is malformed or out of the range.
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_value(const KeyInfo& parameter,
                                                                 std::string_view text) {
    if (parameter.kind == Kind::kWord) {
        return parse_word(parameter.words(), text);
    }
    std::uint32_t unit = 1;
    if (parameter.kind == Kind::kBytes && !text.empty()) {
        const char last = text.back();
        unit = last == 'K' ? kKiB : last == 'M' ? kMiB : last == 'G' ? kGiB : 1;
        text.remove_suffix(unit == 1 ? 0 : 1);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    const std::uint32_t most = parameter.high() / unit;
    std::uint32_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        const auto last = static_cast<std::uint32_t>(digit - '0');
        if (value > most / 10 || value * 10 > most - last) {  // also before it would overflow
            return std::nullopt;
        }
        value = value * 10 + last;
    }
    value *= unit;
    return value >= parameter.low() ? std::optional{value} : std::nullopt;
}

static_assert(std::string_view(info(Key::kSmp).name) == "smp", "Key and kParameters go together");
static_assert(std::string_view(info(Key::kWatchdog).name) == "watchdog");
static_assert(std::string_view(kWorkloadNames[static_cast<std::size_t>(Workload::kHypercall)]) ==
              "hypercall");

}  // namespace hm::measure
