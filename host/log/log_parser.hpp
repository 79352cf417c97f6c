#pragma once
// The target's log: records between lines for people, each with its CRC. Nothing in it is trusted
// until the whole is seen to be complete.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/results.hpp"

namespace hm::host {

/// A longer line is no record; its rest is dropped.
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20;

/// The part of `line` between `marker` and its CRC, if form and CRC are right.
[[nodiscard]] std::optional<std::string_view> checked_body(std::string_view line,
                                                           std::string_view marker);

/// The JSON of a record line, if its form and CRC are right.
[[nodiscard]] std::optional<std::string_view> record_body(std::string_view line);

/// The first record: what runs, on what, and what will follow.
struct Begin {
    std::string version;
    std::string compiler;  ///< that made the image; empty if the target does not say so
    std::string board;
    std::string machine;
    std::string clock;
    std::uint64_t counter_hz = 0;
    bool models_caches = false;
    bool models_tlb = false;
    std::vector<std::string> pmu_events;    ///< that the machine counts
    std::optional<std::uint64_t> ticks_hz;  ///< of the clock "cycles", as measured
    std::uint64_t memory_bytes = 0;
    Params registers;  ///< of the core, if the target reports them
    Params parameters;
    std::vector<std::string> plan;  ///< the names of the scenarios
};

/// Closes a scenario; its rows stand before it.
struct ScenarioRecord {
    std::string name;
    bool ok = false;
    std::string detail;
    bool skipped = false;  ///< it was not run; the detail says why
    std::uint32_t guest_crc32 = 0;
    std::uint32_t parameters_crc32 = 0;
};

struct ProgressMark {
    std::string scenario;
    double done = 0;
    double of = 0;
};

inline constexpr std::size_t kLastWords = 12;

/// What a log says so far.
struct RunLog {
    std::optional<Begin> begin;
    std::vector<Row> rows;
    std::vector<Worst> worst;
    std::vector<ScenarioRecord> scenarios;
    std::vector<Verdict> verdicts;
    std::optional<bool> end_ok;  ///< what the `end` record says, once it came
    bool gave_up = false;        ///< the target ended before its `end` record, and said so
    /// Instructions of the whole run without waits, if the target could count them.
    std::optional<std::uint64_t> instructions;
    std::optional<std::uint64_t> last_seq;
    std::optional<ProgressMark> progress;  ///< of the scenario that runs now
    /// The last lines for people, as many as kLastWords.
    std::deque<std::string> last_words;
    /// What is wrong with the log, the first fault first.
    std::vector<std::string> faults;

    /// Whether the clock counts instructions, so that figures are exact.
    [[nodiscard]] bool counts_instructions() const {
        return begin && begin->clock == "instructions";
    }
    /// Whether the target has said all that it will.
    [[nodiscard]] bool ended() const { return end_ok.has_value() || gave_up; }
    /// The scenario that runs now: named by progress, or else the next of the plan.
    [[nodiscard]] std::string scenario_in_progress() const;
    /// "after record 17, in scenario \"..\"; 3 of 12 scenarios complete"
    [[nodiscard]] std::string position() const;
};

class LogParser {
  public:
    /// Takes the next bytes of the log, cut anywhere.
    void feed(std::string_view bytes);

    /// The log is over: checks what is missing.
    void finish();

    [[nodiscard]] const RunLog& log() const { return log_; }

  private:
    void take_line(std::string_view line);
    void keep_words(std::string_view line);
    void take_record(const Json& record);
    void take_begin(Fields& fields);
    /// Each measurement is said once: a second value would hide the first.
    void check_new(std::string identity, std::uint64_t seq);
    void take_scenario(Fields& fields);
    void take_end(Fields& fields, std::uint64_t seq);
    void check_plan();
    void fault(std::string text);

    RunLog log_;
    std::string pending_;
    std::size_t closed_rows_ = 0;  ///< rows that belong to a scenario which is closed
    std::uint64_t next_seq_ = 0;
    std::set<std::string> measured_;  ///< what the rows and worst events are of
};

}  // namespace hm::host
