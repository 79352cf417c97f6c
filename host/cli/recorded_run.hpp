#pragma once
// A run that was recorded before: whole, or what there is of it.

#include <filesystem>
#include <optional>
#include <string>

#include "host/log/results.hpp"

namespace hm::host {

struct RecordedRun {
    std::optional<Results> results;  ///< nothing: `error` says why
    std::string json;                ///< the results as a file
    std::filesystem::path folder;    ///< that the run is in
    std::string error;               ///< in one line
    std::string note;                ///< what the reader should know of the folder; may be empty
};

/// `place` is the folder of a run, a results.json, or a log as the target wrote it. Of a folder
/// whose run did not get to its end, what it left is read.
[[nodiscard]] RecordedRun read_run(const std::filesystem::path& place);

}  // namespace hm::host
