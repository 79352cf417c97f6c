#pragma once
// What a run is asked for, and how the target reads it from its command line: "suite=quick
// only=timer,chase period=500 pick=3c".

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "measure/suites.hpp"

namespace hm::measure {

/// No plan has more.
inline constexpr std::size_t kMostScenarios = 900;

/// One run: which workloads, and a value for each key, given or by default of the suite.
struct Request {
    static constexpr std::size_t kMostWorkloads = 64;

    Suite suite = Suite::kQuick;
    std::bitset<kMostWorkloads> wanted{};  ///< by row of kWorkloads (measure/workload/table.hpp)
    std::array<std::uint32_t, kKeys.size()> values{};
    std::bitset<kMostScenarios> left_out{};  ///< of the plan, by its places

    [[nodiscard]] constexpr std::uint32_t get(Key key) const {
        return values[static_cast<std::size_t>(key)];
    }
    /// Whether a key of kind kWord leaves `word` in.
    [[nodiscard]] constexpr bool wants(Key key, const char* word) const {
        return get(key) == 0 || std::string_view(word_of(info(key).words, get(key))) == word;
    }
};

/// All workloads of `suite`, with its defaults: not those that only --only asks for.
[[nodiscard]] Request default_request(Suite suite);

enum class Refusal : std::uint8_t { kUnknownKey, kUnknownSuite, kUnknownWorkload, kBadValue };

/// The request of a command line; or why it is refused, and the word that is wrong.
struct ParsedRequest {
    Request request{};
    std::optional<Refusal> refusal{};
    std::string_view culprit{};
};

/// Reads the words "suite=NAME", "only=WORKLOAD,..", "pick=HEX" and "KEY=VALUE", in any order, with
/// spaces between them; only keys of User::kTarget. Later words win. `culprit` points into `text`.
/// A digit of "pick" stands for four scenarios of the plan, its lowest bit for the first of them:
/// those whose bits are not set are left out.
[[nodiscard]] ParsedRequest parse_request(std::string_view text);

}  // namespace hm::measure
