// The order of the host tool's rooms: what each may include.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace hm::test {
namespace {

namespace fs = std::filesystem;

/// From the bottom up: a room includes itself and those before it.
const std::vector<std::string> kRooms{"base",    "log",   "model", "rows",  "judge", "report",
                                      "machine", "guest", "linux", "alone", "cli"};

std::ptrdiff_t place_of(const std::string& room) {
    return std::find(kRooms.begin(), kRooms.end(), room) - kRooms.begin();
}

/// The sources of host/, from the top of the tree, with their includes of this project.
std::map<fs::path, std::vector<std::string>> includes() {
    const fs::path top = HYPMETER_SOURCE_DIR;
    const std::regex include(R"re(#include "([^"]+)")re");
    std::map<fs::path, std::vector<std::string>> all;
    for (const auto& entry : fs::recursive_directory_iterator(top / "host")) {
        const std::string extension = entry.path().extension();
        if (extension != ".cpp" && extension != ".hpp") {
            continue;
        }
        auto& found = all[fs::relative(entry.path(), top)];
        std::ifstream stream(entry.path());
        std::smatch match;
        for (std::string line; std::getline(stream, line);) {
            if (std::regex_search(line, match, include)) {
                found.push_back(match[1]);
            }
        }
    }
    return all;
}

TEST(HostRooms, EachIncludesOnlyItselfAndThoseBelow) {
    std::size_t checked = 0;
    for (const auto& [path, names] : includes()) {
        const std::string room = std::next(path.begin())->string();
        ASSERT_LT(place_of(room), std::ssize(kRooms)) << path << ": a room without a place";
        for (const std::string& name : names) {
            const fs::path included(name);
            if (*included.begin() == "host") {
                EXPECT_LE(place_of(std::next(included.begin())->string()), place_of(room))
                    << path << " includes " << name;
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 100U);
}

TEST(HostRooms, EachSourceHasAHeaderOfItsNameAndIncludesItFirst) {
    const auto all = includes();
    for (const auto& [path, names] : all) {
        if (path.extension() != ".cpp" || path.filename() == "main.cpp") {
            continue;
        }
        const fs::path header = fs::path(path).replace_extension(".hpp");
        EXPECT_TRUE(all.contains(header)) << path;
        EXPECT_TRUE(!names.empty() && names.front() == header) << path;
    }
}

TEST(HostRooms, NothingOfTheTargetIsIncludedButWhatBothSidesShare) {
    for (const auto& [path, names] : includes()) {
        for (const std::string& name : names) {
            const std::string folder = *fs::path(name).begin();
            const bool shared = folder == "host" || folder == "measure" || folder == "drivers" ||
                                name == "board/host_facts.hpp" || name == "board_list.hpp" ||
                                name == "version.hpp" ||     // made by host/CMakeLists.txt
                                name == "page_parts.hpp" ||  // made from host/report/page
                                name == "alone/core/plan.hpp" ||
                                name == "guest/bench/chase.hpp";  // the model links its chains
            EXPECT_TRUE(shared) << path << " includes " << name;
        }
    }
}

}  // namespace
}  // namespace hm::test
