#pragma once
// Golden values: what every row of a board's suite quick was when somebody last looked, exactly.
// They are a file in the board's folder. A change that moves a count has to change that file too.
//
// The file is text. A line that begins with '#' is a comment. The first lines name the conditions
// under which the values hold; each of the others is a row: its name, count, least value, mean,
// greatest value, and the CRC-32 of its histogram. Columns are separated by tabs.

#include <optional>
#include <string>
#include <string_view>

#include "host/log/results.hpp"

namespace hm::host {

/// The golden values that `results` would make, as a file.
[[nodiscard]] std::string golden_text(const Results& results);

struct GoldenCheck {
    std::optional<Verdict> verdict;  ///< nothing if the values do not hold for this run
    std::string note;                ///< then why not, in one sentence
};

/// Compares each row of `results` with the golden value of its name. `whole`: the run was asked for
/// all scenarios of its suite, so that it must have a row for each golden value, and no others.
[[nodiscard]] GoldenCheck judge_golden(const Results& results, std::string_view golden, bool whole);

}  // namespace hm::host
