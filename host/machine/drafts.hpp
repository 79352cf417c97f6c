#pragma once
// The files of a run that is under way.

#include <filesystem>
#include <string>
#include <string_view>

namespace hm::host {

/// They get their final names once the run has really started, and vanish otherwise.
struct Drafts {
    /// `own_log_name` is what the machine's own log is called; empty: it has none.
    Drafts(const std::filesystem::path& out, std::string_view own_log_name);
    Drafts(const Drafts&) = delete;
    Drafts& operator=(const Drafts&) = delete;
    ~Drafts();

    /// Removes the logs of an earlier run on another machine too. False on failure.
    [[nodiscard]] bool keep() const;

    std::filesystem::path folder;
    std::string log_name;
    std::filesystem::path uart;     ///< what the target says
    std::filesystem::path own_log;  ///< what the machine says
};

}  // namespace hm::host
