#pragma once
// What virtualization costs here: the few sentences that a report begins with, and their numbers.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/model/model.hpp"
#include "host/rows/grouped_rows.hpp"

namespace hm::host {

/// What one way to run as a guest costs.
struct Cost {
    std::string what;  ///< "a guest, injected"
    double value = 0;
    std::optional<double> ratio;  ///< to native; nothing if native has no such figure
};

/// One question, and its answer.
struct Finding {
    std::string question;  ///< "interrupt to application"
    std::string sentence;  ///< with all of its numbers; empty if this run has not measured it
    std::string unit;
    std::optional<double> native;
    std::vector<Cost> guests;  ///< the plain one first
    /// The ratio as the model of a core predicts it, where the machine does not model it.
    std::optional<Bounds> predicted;
};

struct RunAnswer {
    std::string machine;  ///< one sentence: machine, board, suite, clock
    std::vector<Finding> findings;
    bool ok = false;
    std::string outcome;  ///< one sentence: "ok: all verdicts passed."
};

[[nodiscard]] RunAnswer answer_of(const GroupedResults& run);

/// The answer as lines for a terminal, at most 12 if it has 80 columns or more.
[[nodiscard]] std::string answer_text(const RunAnswer& answer, std::size_t width);

}  // namespace hm::host
