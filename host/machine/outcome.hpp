#pragma once
// What came of a run, whichever machine it ran on, and what is made of it: results, tables,
// verdicts, files, exit status.

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/base/process.hpp"
#include "host/cli/commands.hpp"
#include "host/log/log_parser.hpp"
#include "host/log/results.hpp"

namespace hm::host {

/// Files of a run that is under way; they take their places once it has started indeed.
struct Drafts {
    /// `own_log_name` is what the machine's own log is called.
    explicit Drafts(const std::filesystem::path& out, std::string own_log_name = "qemu.log");
    Drafts(const Drafts&) = delete;
    Drafts& operator=(const Drafts&) = delete;
    ~Drafts();

    /// Nothing of an earlier run on another machine stays beside them.
    [[nodiscard]] bool keep() const;

    std::filesystem::path folder;
    std::string log_name;
    std::filesystem::path uart, complaints;
};

struct Outcome {
    RunLog log;
    std::vector<Verdict> verdicts;  ///< about the machine; those about the log are made of it
    Json host = Json::object();     ///< what is known of the machine
    std::string ending;             ///< "QEMU: exit status 0"
    bool log_written = true;
    double seconds = 0;
};

/// What the target says while an emulator runs it: kept as it comes, read, and shown.
class Listener {
  public:
    Listener(const Drafts& drafts, const Console& console);

    void take(std::string_view bytes);
    [[nodiscard]] bool heard_anything() const { return heard_anything_; }

    /// The emulator has ended: what came of the log, for the outcome.
    [[nodiscard]] Outcome finish();

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::ofstream uart_;
    LogParser parser_;
    Progress progress_;
    bool heard_anything_ = false;
};

/// An emulator is to end by itself, with success.
[[nodiscard]] Verdict judge_end(const ProcessEnd& end, const RunLog& log,
                                const RunOptions& options);

/// Makes the folder of the results; the exit status where that fails, else kAllOk.
[[nodiscard]] int make_folder(const std::filesystem::path& out, const Console& console);

/// Writes one line of error and returns kFailed.
[[nodiscard]] int refuse(const Console& console, const std::string& line);

/// Prints the results, writes them, and returns the exit status.
[[nodiscard]] int conclude(const Outcome& outcome, const RunOptions& options, const Drafts& drafts,
                           std::time_t started, const Console& console);

}  // namespace hm::host
