#pragma once
// The target's log: records between lines for people, each with its CRC. Nothing in it is trusted
// until the whole is seen to be complete.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "host/log/record_joiner.hpp"
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

    friend bool operator==(const Begin&, const Begin&) = default;
};

/// Closes a scenario; its rows stand before it.
struct ScenarioRecord {
    std::string name;
    bool ok = false;
    std::string detail;
    bool skipped = false;  ///< it was not run; the detail says why
    /// Its machine was given up while it ran: nothing of it is known, and the detail says why.
    bool lost = false;
    std::uint32_t guest_crc32 = 0;
    std::uint32_t parameters_crc32 = 0;

    /// A native guest can write all memory, the monitor's too.
    [[nodiscard]] bool native() const { return name.ends_with(" native/native"); }
    /// Whether the CRCs are those of a guest.
    [[nodiscard]] bool ran() const { return !skipped && !lost; }
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
    std::vector<TlbWay> tlb;
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
    /// How many machines went on with the plan after the first.
    std::size_t new_machines = 0;
    /// A native guest has misbehaved: its machine says nothing more that is worth reading.
    bool spoilt = false;

    /// Whether the clock counts instructions, so that figures are exact.
    [[nodiscard]] bool counts_instructions() const {
        return begin && begin->clock == "instructions";
    }
    /// Whether the target has said all that it will.
    [[nodiscard]] bool ended() const { return end_ok.has_value() || gave_up; }
    /// The scenario that runs now: named by progress, or else the next of the plan.
    [[nodiscard]] std::string scenario_in_progress() const;
    /// Where in the plan the scenario is that runs now, or else the next; nothing if all are
    /// closed, or if they did not come in the plan's order.
    [[nodiscard]] std::optional<std::size_t> next_in_plan() const;
    /// "after record 17, in scenario \"..\"; 3 of 12 scenarios complete"
    [[nodiscard]] std::string position() const;
};

/// What is done with a log after a native guest that misbehaved, while the plan has more scenarios.
enum class AfterMisbehaviour { kReadOn, kReadNoMore };

/// Reads the log of one machine, or of several that each go on where the one before was given up.
class LogParser {
  public:
    explicit LogParser(AfterMisbehaviour after = AfterMisbehaviour::kReadOn) : after_(after) {}

    /// Takes the next bytes of the log, cut anywhere.
    void feed(std::string_view bytes);

    /// The machine is given up for this reason, "hung": closes the scenario in progress as lost.
    void lose_scenario(const std::string& why);
    /// What comes next is said by a new machine, which runs what is left of the plan.
    void expect_new_machine();

    /// The plan is run in parts, each by a machine of its own, and this is the whole of it. What
    /// comes first comes from the machine with the first part.
    void expect_parts(std::vector<std::string> plan) { whole_plan_ = std::move(plan); }
    /// What comes next comes from the machine with the next part.
    void expect_next_part();

    /// The machine that is expected has said what it is.
    [[nodiscard]] bool has_begun() const { return !expects_begin_; }

    /// The log is over: checks what is missing.
    void finish();

    [[nodiscard]] const RunLog& log() const { return log_; }

  private:
    void take_line(std::string_view line);
    void take_record_line(std::string_view line);
    /// The last line of a machine may have no end; more lines of its last record will not come.
    void take_last_line();
    void fault_if_cut_short(bool more);
    void keep_words(std::string_view line);
    void take_record(Fields& fields);
    void take_begin(Fields& fields);
    /// Each measurement is said once: a second value would hide the first.
    void check_new(std::string identity, std::uint64_t seq);
    void continue_with(Begin begin);
    void take_scenario(Fields& fields);
    void take_end(Fields& fields, std::uint64_t seq);
    /// Whether the last scenario of the plan was lost: then nothing is left that could end.
    [[nodiscard]] bool lost_the_last() const;
    void check_plan();
    void fault(std::string text);

    AfterMisbehaviour after_;
    RunLog log_;
    DocumentReader reader_;
    std::string pending_;
    RecordJoiner joiner_;
    std::size_t closed_rows_ = 0;  ///< rows that belong to a scenario which is closed
    std::size_t closed_worst_ = 0;
    std::size_t closed_tlb_ = 0;
    std::uint64_t next_seq_ = 0;
    std::unordered_set<std::string> measured_;  ///< what the rows, worst events and ways are of
    bool expects_begin_ = true;
    std::vector<std::string> whole_plan_;  ///< if it is run in parts; else empty
};

}  // namespace hm::host
