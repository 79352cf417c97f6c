#pragma once
// What a run's log says of one verdict.

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/host/judge/judged.hpp"

namespace hm::host::testing {

/// The verdict of that name, or null.
inline const Verdict* find(const std::vector<Verdict>& verdicts, const std::string& name) {
    const auto found = std::find_if(verdicts.begin(), verdicts.end(),
                                    [&name](const Verdict& v) { return v.name == name; });
    return found == verdicts.end() ? nullptr : &*found;
}

/// "ok", "not ok" or "absent".
inline std::string state(const std::string& log, const std::string& name) {
    const std::vector<Verdict> verdicts = judged(parse_log(log));
    const Verdict* verdict = find(verdicts, name);
    return verdict == nullptr ? "absent" : verdict->ok ? "ok" : "not ok";
}

}  // namespace hm::host::testing
