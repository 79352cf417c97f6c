#include "host/report/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

#include "host/base/text.hpp"
#include "host/report/findings.hpp"
#include "host/report/machine_name.hpp"

namespace hm::host {
namespace {

/// The questions, in the order of their answers.
struct Question {
    std::string_view name;
    Finding (*answer)(const GroupedResults& run);
};
constexpr std::array<Question, 6> kQuestions{{{"interrupt to application", interrupt_finding},
                                              {"page fault", fault_finding},
                                              {"random read", read_finding},
                                              {"boot", boot_finding},
                                              {"sharing a core", sharing_finding},
                                              {"leanest call", call_finding}}};

/// What the numbers count, in a few words.
std::string clock_words(const Results& results) {
    constexpr double kMillion = 1e6;
    if (results.clock == "emulator") {
        return "the emulator's own time";
    }
    if (results.clock == "counter") {
        return "ticks of the counter";
    }
    return results.clock == "cycles" && results.ticks_hz
               ? fmt::format("nanoseconds, from cycles at {:.0f} MHz",
                             static_cast<double>(*results.ticks_hz) / kMillion)
               : results.clock;
}

/// What they are not.
std::string clock_warning(const Results& results) {
    return results.clock == "instructions" ? " Instructions are counts, not times."
           : results.clock == "emulator"   ? " The emulator's time is no machine's."
           : is_gem5(results) ? " These times are a simulated core's, not an Arndale's."
                              : "";
}

std::string machine_sentence(const Results& results) {
    if (results.clock.empty()) {
        return "hypmeter: this run did not begin.";
    }
    const std::string suite = results.parameters.text("suite");
    if (results.alone()) {
        return fmt::format("hypmeter {} alone under {}, on {}: costs in {}.", results.version,
                           results.parameters.text("under"), machine_name(results),
                           clock_words(results));
    }
    return fmt::format("hypmeter {} on {}{}: costs in {}.", results.version,
                       machine_and_board(results), suite.empty() ? "" : ", suite " + suite,
                       clock_words(results));
}

std::string outcome_sentence(const Results& results) {
    const auto fails = [](const Verdict& verdict) { return !verdict.ok; };
    const auto first = std::find_if(results.verdicts.begin(), results.verdicts.end(), fails);
    if (results.verdicts.empty()) {
        return "FAILED: this run has no verdicts.";
    }
    return (first == results.verdicts.end()
                ? std::string("ok: all verdicts passed.")
                : fmt::format("FAILED: {} of {} verdicts, the first: {}. The end says why.",
                              std::count_if(first, results.verdicts.end(), fails),
                              results.verdicts.size(), first->name)) +
           clock_warning(results);
}

/// As lines; a ratio, as "(x 1.82)", is not broken.
std::string lines_of(std::string sentence, std::size_t width) {
    constexpr std::size_t kIndent = 2;
    constexpr char kTie = '\x1f';
    for (std::size_t at = sentence.find("x "); at != std::string::npos;
         at = sentence.find("x ", at + 1)) {
        if (at > 0 && (sentence[at - 1] == '(' || sentence[at - 1] == ' ')) {
            sentence[at + 1] = kTie;
        }
    }
    std::string lines = wrap(sentence, width, kIndent);
    std::replace(lines.begin(), lines.end(), kTie, ' ');
    return lines;
}

}  // namespace

RunAnswer answer_of(const GroupedResults& run) {
    RunAnswer answer{
        machine_sentence(run.results), {}, run.results.ok(), outcome_sentence(run.results)};
    // They are about what a run has natively and as a guest.
    for (const Question& question :
         run.results.alone() ? std::span<const Question>() : kQuestions) {
        answer.findings.push_back(question.answer(run));
        answer.findings.back().question = question.name;
    }
    return answer;
}

std::string answer_text(const RunAnswer& answer, std::size_t width) {
    std::string text = lines_of(answer.machine, width);
    std::vector<std::string> open;
    for (const Finding& finding : answer.findings) {
        if (finding.sentence.empty()) {
            open.push_back(finding.question);
        } else {
            text += lines_of("- " + finding.sentence, width);
        }
    }
    if (!open.empty()) {
        text += lines_of(fmt::format("Not measured here: {}.", fmt::join(open, ", ")), width);
    }
    return text + lines_of(answer.outcome, width);
}

}  // namespace hm::host
