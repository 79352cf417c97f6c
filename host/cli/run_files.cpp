#include "host/cli/run_files.hpp"

#include <fmt/format.h>

#include <system_error>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/machine/drafts.hpp"

namespace hm::host {

namespace fs = std::filesystem;

fs::path repeat_folder(const fs::path& out, unsigned number) {
    return out / fmt::format("run-{}", number);
}

std::vector<fs::path> results_files(const fs::path& path) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) {
        return {path};
    }
    if (fs::is_regular_file(path / kResultsName, error)) {
        return {path / kResultsName};
    }
    std::vector<fs::path> files;
    for (unsigned number = 1;; ++number) {
        fs::path file = repeat_folder(path, number) / kResultsName;
        if (!fs::is_regular_file(file, error)) {
            return files;
        }
        files.push_back(std::move(file));
    }
}

ReadSide read_side(const fs::path& path) {
    Side side{printable(path.string()), {}};
    const std::vector<fs::path> files = results_files(path);
    if (files.empty()) {
        return {{}, fmt::format("no run in \"{}\": it has no {}", side.name, kResultsName)};
    }
    for (const fs::path& file : files) {
        const auto text = read_file(file);
        if (!text) {
            return {{}, fmt::format("cannot read \"{}\"", printable(file.string()))};
        }
        ReadResults read = read_results(*text);
        if (!read.results) {
            return {{}, fmt::format("cannot use \"{}\": {}", printable(file.string()), read.error)};
        }
        side.runs.push_back(*std::move(read.results));
    }
    return {std::move(side), ""};
}

}  // namespace hm::host
