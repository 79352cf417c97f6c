#pragma once
// The formats in which a recorded run can be printed again: a format is one file and one row.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "host/rows/grouped_rows.hpp"

namespace hm::host {

/// What a format is made from.
struct FormatInput {
    GroupedResults run;
    std::string_view json;         ///< results.json as it was read
    std::filesystem::path folder;  ///< of the run, for formats that write files
    std::size_t width;
};

struct Formatted {
    std::string text;   ///< what to print; empty if the run has no rows for the format
    std::string error;  ///< what went wrong, in one line; else empty
};

struct OutputFormat {
    std::string_view name;
    Formatted (*print)(const FormatInput& input);
};

[[nodiscard]] std::span<const OutputFormat> formats();

/// The format of that name, or null.
[[nodiscard]] const OutputFormat* find_format(std::string_view name);

}  // namespace hm::host
