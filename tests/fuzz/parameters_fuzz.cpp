// The target's command line: whatever it says, it is refused by a word of it, or every key has a
// value in its range, and what was read can be written and read again.

#include <string>

#include "measure/request.hpp"
#include "measure/workload/table.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using hm::fuzz::require;
using namespace hm::measure;

bool lies_within(std::string_view whole, std::string_view part) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

/// The words that ask for `request`.
std::string words_of(const Request& request) {
    std::string words =
        std::string("suite=") + kSuites[static_cast<std::size_t>(request.suite)].name;
    if (!request.wanted.all()) {
        std::string only;
        for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
            if (request.wanted[i] && kWorkloads[i]->only != nullptr) {
                only += (only.empty() ? " only=" : ",") + std::string(kWorkloads[i]->only);
            }
        }
        words += only;
    }
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        if (kKeys[i].user == User::kTarget) {
            words += std::string(" ") + kKeys[i].name + "=" +
                     (kKeys[i].kind == Kind::kWord ? word_of(kKeys[i].words, request.values[i])
                                                   : std::to_string(request.values[i]));
        }
    }
    return words;
}

bool are_equal(const Request& one, const Request& other) {
    return one.suite == other.suite && one.values == other.values && one.wanted == other.wanted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(hm::fuzz::text_of(data, size));
    const ParsedRequest parsed = parse_request(text);
    if (parsed.refusal) {
        require(lies_within(text, parsed.culprit), "what is refused lies in the command line");
        return 0;
    }
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        require(
            parsed.request.values[i] >= kKeys[i].low && parsed.request.values[i] <= kKeys[i].high,
            "a value lies in its range");
    }
    const ParsedRequest again = parse_request(words_of(parsed.request));
    require(!again.refusal && are_equal(again.request, parsed.request),
            "what was read is read again from its own words");
    Request changed = parsed.request;
    changed.values[static_cast<std::size_t>(Key::kCount)] = 77;
    const ParsedRequest later = parse_request(text + " count=77");
    require(!later.refusal && are_equal(later.request, changed), "a later word wins");
    return 0;
}
