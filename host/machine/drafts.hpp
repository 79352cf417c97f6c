#pragma once
// The files of a run that is under way.

#include <filesystem>
#include <string>
#include <string_view>

namespace hm::host {

/// They get their final names once the run has ended, and vanish if it never really began. Until
/// then the files of an earlier run are as they were.
struct Drafts {
    /// `own_log_name` is what the machine's own log is called; empty: it has none.
    Drafts(const std::filesystem::path& out, std::string_view own_log_name);
    Drafts(const Drafts&) = delete;
    Drafts& operator=(const Drafts&) = delete;
    ~Drafts();

    /// Gives them their names, and removes the logs of an earlier run on another machine. False on
    /// failure; errno says why.
    [[nodiscard]] bool keep();
    /// Leaves them as they are, beside what an earlier run left.
    void leave() { remain_ = true; }

    std::filesystem::path folder;
    std::string log_name;
    std::filesystem::path uart;     ///< what the target says
    std::filesystem::path own_log;  ///< what the machine says
    std::filesystem::path results;

  private:
    bool remain_ = false;
};

/// The names that the files of a run have in its folder.
inline constexpr const char* kResultsName = "results.json";
inline constexpr const char* kUartName = "uart.log";

}  // namespace hm::host
