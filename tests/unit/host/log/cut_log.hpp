#pragma once
// Logs whose records are cut, as a guest writes them whose console breaks long lines.

#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host::testing {

/// The lines of `text` without their ends.
inline std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        lines.push_back(line);
    }
    return lines;
}

/// `text` with its records cut so that no line of them is longer than `width`.
inline std::string cut_log(const std::string& text, std::size_t width,
                           const std::string& end = "\n") {
    std::string cut;
    for (const std::string& line : lines_of(text)) {
        std::string_view rest = line;
        std::string_view mark;
        while (line.starts_with("@hypmeter ") && mark.size() + rest.size() > width) {
            const std::string_view part = rest.substr(0, width - mark.size() - 1);
            cut.append(mark).append(part).append("\\").append(end);
            rest.remove_prefix(part.size());
            mark = "@+";
        }
        cut.append(mark).append(rest).append(end);
    }
    return cut;
}

}  // namespace hm::host::testing
