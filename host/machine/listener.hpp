#pragma once
// What the target says while a machine runs it: kept as it comes, read, and shown.

#include <chrono>
#include <fstream>
#include <string_view>

#include "host/base/console.hpp"
#include "host/log/log_parser.hpp"
#include "host/machine/drafts.hpp"
#include "host/report/progress.hpp"

namespace hm::host {

class Listener {
  public:
    Listener(const Drafts& drafts, const Console& console, AfterMisbehaviour after);

    /// Shows the progress so far: the target has started.
    void show() { progress_.update(parser_.log()); }

    /// Bytes of the target's log, as they come.
    void take(std::string_view bytes) {
        keep(bytes);
        read(bytes);
    }
    /// Bytes that belong into uart.log, but are not read as the log as they are.
    void keep(std::string_view bytes);
    /// Bytes of the log that are kept already.
    void read(std::string_view bytes);

    /// The machine that runs now has written its `begin` record.
    [[nodiscard]] bool has_begun() const { return parser_.has_begun(); }
    /// Of the machine that runs now.
    [[nodiscard]] bool heard_anything() const { return heard_anything_; }
    /// The machine is given up, and the scenario that it runs is lost: "hung".
    void lose_scenario(const std::string& why) { parser_.lose_scenario(why); }
    /// What comes next comes from a new machine.
    void expect_new_machine();

    [[nodiscard]] const RunLog& so_far() const { return parser_.log(); }

    /// No more will come: the whole log, completely checked.
    const RunLog& finish();
    /// The same, if what came live was only a part of it.
    void finish_with(RunLog log);

    [[nodiscard]] bool written() const { return static_cast<bool>(uart_); }
    [[nodiscard]] double seconds() const;
    /// Since something came, or since the machine was started.
    [[nodiscard]] double seconds_of_silence() const;

  private:
    using Clock = std::chrono::steady_clock;

    Clock::time_point start_ = Clock::now();
    Clock::time_point heard_ = start_;
    std::ofstream uart_;
    LogParser parser_;
    Progress progress_;
    RunLog whole_;
    bool heard_anything_ = false;
    bool amid_a_line_ = false;
    bool finished_ = false;
};

}  // namespace hm::host
