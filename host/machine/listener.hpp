#pragma once
// What the target says while a machine runs it: kept as it comes, read, and shown.

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/console.hpp"
#include "host/base/file_writer.hpp"
#include "host/log/log_parser.hpp"
#include "host/machine/drafts.hpp"
#include "host/report/live_tables.hpp"
#include "host/report/progress.hpp"

namespace hm::host {

/// What a listener heard, for another one that is to hear the same.
struct Told {
    enum class Kind { kKept, kRead, kLost, kNewMachine };
    Kind kind;
    std::string text;  ///< the bytes, or why a scenario was lost
};

class Listener {
  public:
    /// A log is given up beyond this. That of suite paper has 3 MB.
    static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

    /// `estimate` says how long the run will take. `console` outlives this.
    Listener(const Drafts& drafts, const Console& console, AfterMisbehaviour after,
             Estimate estimate = Estimate());

    /// Each time that it hears something, it tells `to`. The run began at the same time as that of
    /// `whole`, which shows it.
    void tell(std::function<void(Told)> to, const Listener& whole) {
        tell_ = std::move(to);
        start_ = whole.start_;
    }
    /// Hears what another one heard.
    void hear(const Told& heard);

    /// Shows the progress so far, and the tables that are complete.
    void show();

    /// Bytes of the target's log, as they come.
    void take(std::string_view bytes) {
        if (!bytes.empty()) {
            keep(bytes);
            read(bytes);
        }
    }
    /// Bytes that belong into uart.log, but are not read as the log as they are.
    void keep(std::string_view bytes);
    /// Bytes of the log that are kept already.
    void read(std::string_view bytes);

    /// The tables that were shown.
    [[nodiscard]] const std::set<std::size_t>& shown() const { return tables_.shown(); }

    /// The machine that runs now has written its `begin` record.
    [[nodiscard]] bool has_begun() const { return parser_.has_begun(); }
    /// Of the machine that runs now.
    [[nodiscard]] bool heard_anything() const { return heard_anything_; }
    /// The machine is given up, and the scenario that it runs is lost: "hung".
    void lose_scenario(const std::string& why);
    /// What comes next comes from a new machine.
    void expect_new_machine();
    /// The plan is run in parts: this is the whole of it.
    void expect_parts(std::vector<std::string> plan) { parser_.expect_parts(std::move(plan)); }
    /// What comes next comes from the machine with the next part.
    void expect_next_part();
    /// The names of scenarios that are done, of parts that it has not heard yet.
    void set_ahead(std::vector<std::string> ahead) { ahead_ = std::move(ahead); }

    [[nodiscard]] const RunLog& so_far() const { return parser_.log(); }

    /// No more will come: the whole log, completely checked.
    const RunLog& finish();
    /// The same, if what came live was only a part of it.
    void finish_with(RunLog log);

    /// errno of what kept uart.log from being written, or 0.
    [[nodiscard]] int write_error() const { return uart_.error(); }
    [[nodiscard]] double seconds() const;
    /// What each scenario took on this computer, from the record before it to its own.
    [[nodiscard]] const std::vector<std::pair<std::string, double>>& scenario_seconds() const {
        return scenario_seconds_;
    }
    /// What those took whose words it heard only later.
    void set_scenario_seconds(std::vector<std::pair<std::string, double>> seconds) {
        scenario_seconds_ = std::move(seconds);
    }
    /// Since a record came, or since the machine was started: what babbles makes no progress.
    [[nodiscard]] double seconds_without_progress() const;
    /// It said more than anybody can want to read. The rest is not kept.
    [[nodiscard]] bool babbled() const { return kept_ > kMostBytes; }

  private:
    using Clock = std::chrono::steady_clock;

    void note_closed_scenarios();
    void end_the_line();
    void tell(Told::Kind kind, std::string_view text) {
        if (tell_) {
            tell_({kind, std::string(text)});
        }
    }

    std::function<void(Told)> tell_;

    Clock::time_point start_ = Clock::now();
    Clock::time_point progressed_ = start_;
    Clock::time_point closed_ = start_;  ///< when the last scenario was
    std::vector<std::pair<std::string, double>> scenario_seconds_;
    std::vector<std::string> ahead_;
    std::size_t kept_ = 0;  ///< bytes
    FileWriter uart_;
    LogParser parser_;
    Progress progress_;
    LiveTables tables_;
    RunLog whole_;
    bool heard_anything_ = false;
    bool amid_a_line_ = false;
    bool finished_ = false;
};

}  // namespace hm::host
